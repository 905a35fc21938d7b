internal import CSpecGANKernels
internal import SpecGANErrors
package import SpecGANTensors

/// Makes pictures larger by whole factors, interpolating between positions, channel by channel.
///
/// With a convolution of stride 1 after it, this stands in place of a transposed convolution, whose
/// zeros between positions leave a pattern in what is generated: Odena, Dumoulin and Olah,
/// "Deconvolution and Checkerboard Artifacts", Distill, 2016.
package struct Upsampling: PiecewiseLinear {
  /// What lies between two positions.
  package enum Interpolation: String, CaseIterable, Sendable {
    /// The position before: steps.
    case nearest
    /// A straight line.
    case linear
    /// A cubic through four positions, Keys' with `a = −0.75`.
    case cubic
  }

  /// What it is called in reports.
  package let name: String
  /// `[height, width, channels]` of one example's input.
  package let inputShape: [Int]
  /// What lies between two positions.
  package let interpolation: Interpolation
  private let height: ResizedAxis
  private let width: ResizedAxis
  private let channels: Int

  /// A layer that makes pictures of `inputShape`, `[height, width, channels]`, so many times as
  /// high and wide.
  ///
  /// - Precondition: the shape has three axes, and the factors are positive.
  package init(
    _ interpolation: Interpolation, _ inputShape: [Int], heightFactor: Int, widthFactor: Int,
    name: String
  ) {
    require(inputShape.count == 3, "\(inputShape) is no picture")
    self.interpolation = interpolation
    self.inputShape = inputShape
    self.name = name
    height = ResizedAxis(length: inputShape[0], factor: heightFactor, interpolation)
    width = ResizedAxis(length: inputShape[1], factor: widthFactor, interpolation)
    channels = inputShape[2]
  }

  /// `[height, width, channels]` of one example's output.
  package var outputShape: [Int] { [height.outputLength, width.outputLength, channels] }
  /// How many times as high the output is.
  package var heightFactor: Int { height.factor }
  /// How many times as wide the output is.
  package var widthFactor: Int { width.factor }
  /// Down first, then across; a copy multiplies nothing.
  package var multiplyAdds: Int {
    let down = height.taps > 1 ? height.taps * height.outputLength * lineCount : 0
    return down + (width.taps > 1 ? width.taps * outputCount : 0)
  }

  private var lineCount: Int { width.length * channels }
  private var outputLineCount: Int { width.outputLength * channels }
  private var inputCount: Int { height.length * lineCount }
  private var outputCount: Int { height.outputLength * outputLineCount }

  /// Announces a line of the picture.
  package func reserveScratch(on engine: Engine) { engine.reserveScratch(each: lineCount) }

  /// `y = R x`.
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

  /// `x̄ = Rᵀ ȳ`.
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

  /// `ẏ = R ẋ`.
  package func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass
  ) {
    forward(xTangent, into: yTangent, pass)
  }

  /// Adds nothing: there are no parameters.
  package func accumulateGradient(
    x: TensorView, yCotangent: TensorView, includingBias: Bool, into gradient: Parameters,
    _ pass: Pass
  ) {}

  /// Calls `body` with where the sums of `axis` are read from and with what weights, from target
  /// `first` on.
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
