internal import CSpecGANKernels
internal import SpecGANErrors
package import SpecGANTensors

/// A layer that enlarges pictures by whole factors, with interpolation between positions, channel
/// by channel.
///
/// With a convolution of stride 1 after it, it replaces a transposed convolution, whose zeros
/// between positions leave a pattern in the output: Odena, Dumoulin and Olah, "Deconvolution and
/// Checkerboard Artifacts", Distill, 2016.
package struct Upsampling: PiecewiseLinear, ParameterlessLayer {
  /// The interpolation between two positions.
  package enum Interpolation: String, CaseIterable, Sendable {
    /// The value of the position before: steps.
    case nearest
    /// A straight line.
    case linear
    /// A cubic through four positions: Keys' with `a = −0.75`.
    case cubic
  }

  /// The name in reports.
  package let name: String
  /// `[height, width, channels]` of one example's input.
  package let inputShape: [Int]
  /// The interpolation between two positions.
  package let interpolation: Interpolation
  private let height: ResizedAxis
  private let width: ResizedAxis
  private let channels: Int

  /// Creates a layer that enlarges pictures of `inputShape`, `[height, width, channels]`, by the
  /// factors.
  ///
  /// - Precondition: The shape has three axes, and the factors are positive.
  package init(
    _ interpolation: Interpolation, _ inputShape: [Int], heightFactor: Int, widthFactor: Int,
    name: String
  ) {
    require(inputShape.count == 3, "\(inputShape) is not [height, width, channels]")
    self.interpolation = interpolation
    self.inputShape = inputShape
    self.name = name
    height = ResizedAxis(length: inputShape[0], factor: heightFactor, interpolation)
    width = ResizedAxis(length: inputShape[1], factor: widthFactor, interpolation)
    channels = inputShape[2]
  }

  /// `[height, width, channels]` of one example's output.
  package var outputShape: [Int] { [height.outputLength, width.outputLength, channels] }
  /// The height of the output divided by that of the input.
  package var heightFactor: Int { height.factor }
  /// The width of the output divided by that of the input.
  package var widthFactor: Int { width.factor }
  /// The number of multiply-adds for one example, first down, then across; copies are not counted.
  package var multiplyAdds: Int {
    let down = height.taps > 1 ? height.taps * height.outputLength * lineCount : 0
    return down + (width.taps > 1 ? width.taps * outputCount : 0)
  }

  private var lineCount: Int { width.length * channels }
  private var outputLineCount: Int { width.outputLength * channels }
  private var inputCount: Int { height.length * lineCount }
  private var outputCount: Int { height.outputLength * outputLineCount }

  /// Reserves scratch memory for one line of the picture.
  package func reserveScratch(on engine: Engine) { engine.reserveScratch(each: lineCount) }

  /// Computes `y = R x`, with `R` the interpolation.
  package func forward(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    pass.engine.run(over: pass.examples, by: 1) { example, scratch in
      let source = unsafe x.examples(example).start
      let target = unsafe y.examples(example).start
      for line in 0..<height.outputLength {
        unsafe withTaps(height, at: line) { places, weights in
          unsafe specgan_gather(
            source, places, weights, height.taps, 1, lineCount, scratch.start)
        }
        unsafe withTaps(width, at: 0) { places, weights in
          unsafe specgan_gather(
            scratch.start, places, weights, width.taps, width.outputLength, channels,
            target + line * outputLineCount)
        }
      }
    }
  }

  /// Computes `x̄ = Rᵀ ȳ`.
  package func backward(
    _ yCotangent: TensorView, x: TensorView, y: TensorView, into xCotangent: TensorView?,
    _ pass: Pass
  ) {
    guard let xCotangent else { return }
    pass.engine.run(over: pass.examples, by: 1) { example, scratch in
      let source = unsafe yCotangent.examples(example).start
      let target = unsafe xCotangent.examples(example).start
      unsafe target.update(repeating: 0, count: inputCount)
      for line in 0..<height.outputLength {
        unsafe scratch.start.update(repeating: 0, count: lineCount)
        unsafe withTaps(width, at: 0) { places, weights in
          unsafe specgan_scatter(
            source + line * outputLineCount, places, weights, width.taps, width.outputLength,
            channels, scratch.start)
        }
        unsafe withTaps(height, at: line) { places, weights in
          unsafe specgan_scatter(
            scratch.start, places, weights, height.taps, 1, lineCount, target)
        }
      }
    }
  }

  /// Computes `ẏ = R ẋ`.
  package func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass
  ) {
    forward(xTangent, into: yTangent, pass)
  }

  /// Calls `body` with the source positions and the weights of the sums of `axis`, from target
  /// position `first` on.
  private func withTaps(
    _ axis: ResizedAxis, at first: Int,
    _ body: (_ places: UnsafePointer<Int>, _ weights: UnsafePointer<Float>) -> Void
  ) {
    unsafe axis.places.withUnsafeBufferPointer { places in
      unsafe axis.weights.withUnsafeBufferPointer { weights in
        guard let places = places.baseAddress, let weights = weights.baseAddress else { return }
        unsafe body(places + first * axis.taps, weights + first * axis.taps)
      }
    }
  }
}
