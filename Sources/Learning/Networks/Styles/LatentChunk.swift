internal import SpecGANErrors
package import SpecGANTensors

/// A layer that selects consecutive elements of its input.
package struct LatentChunk: PiecewiseLinear, ParameterlessLayer {
  /// The name in reports.
  package let name: String
  /// The number of elements of one example's input.
  package let inputShape: [Int]
  /// The selected elements.
  package let elements: Range<Int>

  /// Creates a selection of `elements` of `count`.
  ///
  /// - Precondition: the input has these elements.
  package init(_ elements: Range<Int>, of count: Int, name: String) {
    require(
      elements.lowerBound >= 0 && elements.upperBound <= count,
      "elements \(elements) are not among \(count)")
    (self.elements, self.name) = (elements, name)
    inputShape = [count]
  }

  /// The number of selected elements.
  package var outputShape: [Int] { [elements.count] }

  /// Computes `y`, the selected elements of `x`.
  package func forward(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    for example in pass.examples {
      let example = example..<example + 1
      unsafe y.examples(example).start.update(
        from: x.examples(example).start + elements.lowerBound, count: elements.count)
    }
  }

  /// Computes `x̄`, which is `ȳ` at the selected elements and zero at all others.
  package func backward(
    _ yCotangent: TensorView, x: TensorView, y: TensorView, into xCotangent: TensorView?,
    _ pass: Pass
  ) {
    guard let xCotangent else { return }
    for example in pass.examples {
      let example = example..<example + 1
      let target = xCotangent.examples(example)
      target.fill(0)
      unsafe (target.start + elements.lowerBound).update(
        from: yCotangent.examples(example).start, count: elements.count)
    }
  }

  /// Computes `ẏ`, the selected elements of `ẋ`.
  package func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass
  ) {
    forward(xTangent, into: yTangent, pass)
  }
}
