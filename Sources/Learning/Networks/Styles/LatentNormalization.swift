internal import SpecGANErrors
package import SpecGANTensors

/// A layer that divides each part of its input, a latent and the embedding of labels, by the root
/// of the mean of its squares: `y = r x` with `r = 1/√(Σ x² / n + ε)` for a part of `n` elements.
///
/// Source: the code of Karras et al., "Training Generative Adversarial Networks with Limited Data",
/// NeurIPS 2020, whose mapping network normalizes the latent and the embedding separately.
package struct LatentNormalization: ParameterlessLayer {
  /// The name in reports.
  package let name: String
  /// The elements of each part; together they are all elements.
  package let parts: [Range<Int>]
  /// The value that is added to the mean of squares.
  package static let epsilon: Float = 1e-8

  /// Creates a layer for parts with these numbers of elements, in order.
  package init(_ counts: [Int], name: String) {
    require(counts.allSatisfy { $0 > 0 }, "parts of \(counts) elements must not be empty")
    var parts: [Range<Int>] = []
    for count in counts {
      let first = parts.last?.upperBound ?? 0
      parts.append(first..<first + count)
    }
    (self.parts, self.name) = (parts, name)
  }

  /// The number of elements of all parts.
  package var inputShape: [Int] { [parts.last?.upperBound ?? 0] }
  /// The number of elements of all parts.
  package var outputShape: [Int] { inputShape }

  /// Computes `y`.
  package func forward(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    for example in pass.examples {
      let example = example..<example + 1
      let (x, y) = unsafe (x.examples(example).start, y.examples(example).start)
      for part in parts {
        let inverse = unsafe inverseRoot(x, part)
        for index in part { unsafe y[index] = inverse * x[index] }
      }
    }
  }

  /// Computes `x̄ = Jᵀ·ȳ`.
  package func backward(
    _ yCotangent: TensorView, x: TensorView, y: TensorView, into xCotangent: TensorView?,
    _ pass: Pass
  ) {
    guard let xCotangent else { return }
    multiply(yCotangent, byJacobianAt: x, into: xCotangent, pass)
  }

  /// Computes `ẏ = J·ẋ`.
  package func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass
  ) {
    multiply(xTangent, byJacobianAt: x, into: yTangent, pass)
  }

  /// Computes `J·d = r (d − r² x Σ(x d)/n)` for each part; `J` is symmetric.
  private func multiply(
    _ directions: TensorView, byJacobianAt x: TensorView, into results: TensorView, _ pass: Pass
  ) {
    for example in pass.examples {
      let example = example..<example + 1
      let (x, d) = unsafe (x.examples(example).start, directions.examples(example).start)
      let result = unsafe results.examples(example).start
      for part in parts {
        let inverse = unsafe inverseRoot(x, part)
        var product = 0.0
        for index in part { unsafe product += Double(x[index]) * Double(d[index]) }
        let factor = Float(product / Double(part.count)) * inverse * inverse
        for index in part { unsafe result[index] = inverse * (d[index] - factor * x[index]) }
      }
    }
  }

  private func inverseRoot(_ x: UnsafeMutablePointer<Float>, _ part: Range<Int>) -> Float {
    var sum = 0.0
    for index in part { unsafe sum += Double(x[index]) * Double(x[index]) }
    return Float(1 / (sum / Double(part.count) + Double(Self.epsilon)).squareRoot())
  }
}
