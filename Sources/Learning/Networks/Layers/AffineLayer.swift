internal import CSpecGANKernels
package import SpecGANConvolutions
internal import SpecGANErrors
package import SpecGANTensors

/// The direction in which a convolution's kernel is used.
package enum ConvolutionDirection: Sendable {
  /// From the geometry's input to its output.
  case convolution
  /// From the geometry's output to its input.
  case transposed
}

/// A layer `y = φ(W S x + b)`, with `W` a convolution, its transpose or a dense matrix, and `S` an
/// optional phase shift.
///
/// A convolution maps the geometry's input to its output, and a transposed convolution its output
/// to its input. The activation is applied while the example is in the cache.
package struct AffineLayer<Function: Activation>: Layer {
  /// The convolution.
  package let convolution: Convolution
  /// The direction in which its kernel is used.
  package let direction: ConvolutionDirection
  /// The layout entry of the kernel, `[…, inputChannels, outputChannels]` of the geometry.
  package let kernel: ParameterLayout.Entry
  /// The layout entry of the bias, one value per channel of the layer's output; nil if there is no
  /// bias.
  package let bias: ParameterLayout.Entry?
  /// The shift of the layer's input; nil for none.
  package let shuffle: PhaseShuffle?
  /// The zeros that are added if there is no bias.
  private let zeros: Tensor

  /// Creates a layer with its parameters at `kernel` and `bias`.
  ///
  /// - Precondition: `kernel` and `bias` have the sizes of the geometry, and only a convolution has
  ///   a `shuffle`.
  package init(
    _ geometry: ConvolutionGeometry, _ direction: ConvolutionDirection = .convolution,
    shuffle: PhaseShuffle? = nil, kernel: ParameterLayout.Entry, bias: ParameterLayout.Entry?
  ) {
    require(
      shuffle == nil || direction == .convolution, "a transposed convolution has no phase shuffle")
    convolution = Convolution(geometry)
    self.shuffle = shuffle
    self.direction = direction
    self.kernel = kernel
    self.bias = bias
    let channels = direction == .convolution ? geometry.outputChannels : geometry.inputChannels
    zeros = Tensor(shape: [bias == nil ? channels : 0])
    require(
      kernel.count == geometry.kernelCount,
      "\(kernel.name) \(kernel.shape) does not have \(geometry.kernelCount) elements")
    if let bias {
      require(
        bias.count == channels, "\(bias.name) \(bias.shape) does not have \(channels) elements")
    }
  }

  /// The layer's part of the kernel's name: `D/downconv_0` for `D/downconv_0/conv2d/kernel`.
  package var name: String { kernel.name.split(separator: "/").prefix(2).joined(separator: "/") }
  /// `[height, width, channels]` of one example's input.
  package var inputShape: [Int] {
    direction == .convolution ? geometry.inputShape : geometry.outputShape
  }
  /// `[height, width, channels]` of one example's output.
  package var outputShape: [Int] {
    direction == .convolution ? geometry.outputShape : geometry.inputShape
  }
  /// The number of multiply-adds for one example, the same in both directions.
  package var multiplyAdds: Int { geometry.multiplyAdds }

  private var geometry: ConvolutionGeometry { convolution.geometry }
  private var channels: Int {
    direction == .convolution ? geometry.outputChannels : geometry.inputChannels
  }

  /// Reserves the scratch memory that the passes need.
  package func reserveScratch(on engine: Engine) {
    convolution.reserveScratch(on: engine)
    if bias != nil { engine.reserveSharedDoubles(biasPartials * channels) }
  }

  /// Computes `y = f(x; θ)`.
  package func forward(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    let bias = bias.map { pass.parameters[$0] } ?? zeros.view
    map(x, into: y, pass) { examples in
      y.examples(examples).withMutableSpan { values in
        bias.withSpan { Function.apply(to: &values, bias: $0) }
      }
    }
  }

  /// Computes `x̄ = Jᵀ·ȳ`.
  package func backward(
    _ yCotangent: TensorView, x: TensorView, y: TensorView, into xCotangent: TensorView?,
    _ pass: Pass
  ) {
    let byExamples: Convolution.Work = { Function.multiply(yCotangent, bySlopesAt: y, $0) }
    guard let xCotangent else {
      return pass.engine.run(over: pass.examples, by: 1) { examples, _ in byExamples(examples) }
    }
    let kernel = pass.parameters[kernel]
    switch direction {
    case .convolution:
      convolution.applyTransposed(
        kernel, to: yCotangent, into: xCotangent, examples: pass.examples, on: pass.engine,
        shifts: shuffle?.shifts(pass), before: byExamples)
    case .transposed:
      convolution.apply(
        kernel, to: yCotangent, into: xCotangent, examples: pass.examples, on: pass.engine,
        before: byExamples)
    }
  }

  /// Computes `ẏ = J·ẋ`.
  package func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass
  ) {
    map(xTangent, into: yTangent, pass) { Function.multiply(yTangent, bySlopesAt: y, $0) }
  }

  /// Adds `(∂y/∂θ)ᵀ·ȳ` to `θ̄`.
  package func accumulateGradient(
    x: TensorView, yCotangent: TensorView, includingBias: Bool, into gradient: Parameters,
    _ pass: Pass
  ) {
    let (input, output) = direction == .convolution ? (x, yCotangent) : (yCotangent, x)
    convolution.accumulate(
      x: input, y: output, into: gradient[kernel], examples: pass.summed, on: pass.engine,
      shifts: shuffle?.shifts(pass))
    if let bias, includingBias { accumulateBias(yCotangent, into: gradient[bias], pass) }
  }

  /// Computes `y = W S x`, and calls `after` for every example of it.
  private func map(
    _ x: TensorView, into y: TensorView, _ pass: Pass, after: @escaping Convolution.Work
  ) {
    let kernel = pass.parameters[kernel]
    switch direction {
    case .convolution:
      convolution.apply(
        kernel, to: x, into: y, examples: pass.examples, on: pass.engine,
        shifts: shuffle?.shifts(pass), after: after)
    case .transposed:
      convolution.applyTransposed(
        kernel, to: x, into: y, examples: pass.examples, on: pass.engine, after: after)
    }
  }
}

extension AffineLayer: TwiceDifferentiable, PiecewiseLinear
where Function: PiecewiseLinearActivation {}

// MARK: - The bias

extension AffineLayer {
  /// The number of pieces of a batch for the bias, whose sums are added in order.
  private var biasPartials: Int { 16 }
  /// The least channels of a task for the bias: those of a cache line.
  private var leastBiasChannels: Int { 16 }

  /// Adds `Σ ȳ` over examples and positions to `b̄`.
  ///
  /// The sums are in double precision because of the critic's last bias. Its gradient is a sum of
  /// `±1/B` that is zero, and Adam would scale a rounding error up to full updates.
  private func accumulateBias(_ yCotangent: TensorView, into gradient: TensorView, _ pass: Pass) {
    let channels = channels
    let sums = pass.engine.sharedDoubles(biasPartials * channels)
    // More threads than pieces each take some channels, whose sums are the same then.
    let groups = min(
      max(pass.engine.taskGoal / biasPartials, 1),
      (channels + leastBiasChannels - 1) / leastBiasChannels)
    pass.engine.run(tasks: biasPartials * groups) { task, _ in
      let (piece, group) = task.quotientAndRemainder(dividingBy: groups)
      let values = yCotangent.examples(pass.summed.piece(piece, of: biasPartials))
      let own = (0..<channels).piece(group, of: groups)
      let target = unsafe sums.start + piece * channels + own.lowerBound
      unsafe target.update(repeating: 0, count: own.count)
      unsafe specgan_add_columns(
        values.start + own.lowerBound, values.count / channels, channels, own.count, target)
    }
    gradient.withMutableSpan { gradient in
      for channel in 0..<channels {
        var sum = 0.0
        for piece in 0..<biasPartials { unsafe sum += sums.start[piece * channels + channel] }
        gradient[channel] += Float(sum)
      }
    }
  }
}
