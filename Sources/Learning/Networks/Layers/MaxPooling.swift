internal import CSpecGANKernels
internal import SpecGANErrors
package import SpecGANTensors
internal import SpecGANWorkers

/// A layer that takes the maximum of each channel in windows that do not overlap.
///
/// If several values are the maximum, the derivative of the first in row-major order is 1, and that
/// of the others 0.
package struct MaxPooling: PiecewiseLinear, ParameterlessLayer {
  /// The name in reports.
  package let name: String
  /// `[height, width, channels]` of one example's input.
  package let inputShape: [Int]
  /// `[height / down, width / across, channels]` of one example's output.
  package let outputShape: [Int]
  private let sizes: specgan_pooling

  /// Creates a layer with windows of `down` by `across` positions of pictures
  /// `[height, width, channels]`.
  ///
  /// - Precondition: The windows fill the picture, so that TensorFlow's VALID and SAME are equal.
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

  /// Computes `y = f(x)`.
  package func forward(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    forEachExample(pass) { example in
      unsafe specgan_max_pool(x.examples(example).start, sizes, y.examples(example).start)
    }
  }

  /// Computes `x̄ = Jᵀ·ȳ`.
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

  /// Computes `ẏ = J·ẋ`.
  package func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass
  ) {
    forEachExample(pass) { example in
      unsafe specgan_max_pool_pick(
        x.examples(example).start, y.examples(example).start, sizes,
        xTangent.examples(example).start, yTangent.examples(example).start)
    }
  }

  private func forEachExample(_ pass: Pass, _ body: @escaping @Sendable (Range<Int>) -> Void) {
    pass.engine.run(over: pass.examples, by: 1) { example, _ in body(example) }
  }
}
