internal import CSpecGANKernels
internal import SpecGANErrors
package import SpecGANTensors
internal import SpecGANWorkers

/// The largest number of each channel under windows that lie side by side.
///
/// Where several are the largest, the first in row-major order counts: its derivative is one and
/// theirs zero.
package struct MaxPooling: PiecewiseLinear {
  /// What it is called in reports.
  package let name: String
  /// `[height, width, channels]` of one example's input.
  package let inputShape: [Int]
  /// `[height / down, width / across, channels]`.
  package let outputShape: [Int]
  private let sizes: specgan_pooling

  /// Windows of `down` by `across` places of a picture `[height, width, channels]`.
  ///
  /// - Precondition: they fill it, as TensorFlow's VALID and SAME have it then.
  package init(_ inputShape: [Int], down: Int = 2, across: Int = 2, name: String) {
    require(inputShape.count == 3, "\(inputShape) is not [height, width, channels]")
    require(
      down > 0 && across > 0 && inputShape[0].isMultiple(of: down)
        && inputShape[1].isMultiple(of: across),
      "windows of \(down) × \(across) do not fill \(inputShape)")
    self.inputShape = inputShape
    self.name = name
    outputShape = [inputShape[0] / down, inputShape[1] / across, inputShape[2]]
    sizes = specgan_pooling(
      height: inputShape[0], width: inputShape[1], channels: inputShape[2], down: down,
      across: across)
  }

  /// It multiplies nothing.
  package var multiplyAdds: Int { 0 }

  /// It needs none.
  package func reserveScratch(on engine: Engine) {}

  /// `y = f(x)`.
  package func forward(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    forEachExample(pass) { example in
      unsafe specgan_max_pool(x.examples(example).start, sizes, y.examples(example).start)
    }
  }

  /// `x̄ = Jᵀ·ȳ`.
  package func backward(
    _ yCotangent: TensorView, x: TensorView, y: TensorView, into xCotangent: TensorView?,
    _ pass: Pass
  ) {
    guard let xCotangent else { return }
    forEachExample(pass) { example in
      unsafe specgan_max_pool_spread(
        x.examples(example).start, y.examples(example).start, sizes,
        yCotangent.examples(example).start, xCotangent.examples(example).start)
    }
  }

  /// `ẏ = J·ẋ`.
  package func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass
  ) {
    forEachExample(pass) { example in
      unsafe specgan_max_pool_pick(
        x.examples(example).start, y.examples(example).start, sizes,
        xTangent.examples(example).start, yTangent.examples(example).start)
    }
  }

  /// It has no parameters.
  package func accumulateGradient(
    x: TensorView, yCotangent: TensorView, includingBias: Bool, into gradient: Parameters,
    _ pass: Pass
  ) {}

  private func forEachExample(_ pass: Pass, _ body: @escaping @Sendable (Range<Int>) -> Void) {
    pass.engine.run(over: pass.examples, by: 1) { example, _ in body(example) }
  }
}
