// Karras et al., "Analyzing and Improving the Image Quality of StyleGAN", CVPR 2020, equation 3.
// The factors multiply the outputs instead of the kernel, which gives the same result.

internal import CSpecGANKernels
internal import SpecGANErrors
package import SpecGANTensors

/// The second half of a modulated convolution, demodulation, noise, bias and activation:
/// `y = φ(g d x + σ n + b)`.
///
/// The factors `d` normalize the size of the outputs for any scales, `n` is noise with one value
/// per position, `σ` its learned strength, and `b` the bias.
///
/// With scales `1 + s` of the input channels `i`, and the positions `k` of the kernel `W`, the
/// factor of output channel `o` is
///
///     d_o = 1/√(Σ ((1 + s_i) W_{k,i,o})² + ε)
///
/// In a transposed convolution, each output is a sum over `1/e` of the positions, with `e` the
/// product of the strides. The gain `g = √(2e)`, with `e = 1` for other convolutions, approximately
/// keeps the mean square through the convolution and LeakyReLU.
package struct Demodulation<Function: Activation>: Layer {
  /// The name in reports, such as `G/upconv_0/demodulation`.
  package let name: String
  /// `[height, width, channels]` of one example.
  package let inputShape: [Int]
  /// The layout entry of the convolution's kernel, `[…, inputChannels, outputChannels]` of its
  /// geometry.
  package let kernel: ParameterLayout.Entry
  /// The direction in which the kernel is used.
  package let direction: ConvolutionDirection
  /// The columns of the scales of the convolution's input.
  package let scales: StyleColumns
  /// The layout entry of the bias, `[channels]`.
  package let bias: ParameterLayout.Entry
  /// The gain `g`.
  package let gain: Float
  /// The noise; nil for none.
  package let noise: Noise?

  /// The noise of a layer.
  package struct Noise: Sendable {
    /// The layout entry of the strength, `[1]`.
    package let strength: ParameterLayout.Entry
    /// The index of the layer's first position among those of all layers with noise.
    package let offset: Int

    /// Creates noise.
    package init(strength: ParameterLayout.Entry, offset: Int) {
      (self.strength, self.offset) = (strength, offset)
    }
  }

  /// The value that is added to the sums of squares.
  package static var epsilon: Float { 1e-8 }

  /// Creates a layer after the convolution with `kernel`. `enlargement` is the number of outputs
  /// per input position, 1 unless it is transposed.
  ///
  /// - Precondition: the kernel's channels are those of the scales and of the shape's last axis.
  package init(
    _ shape: [Int], kernel: ParameterLayout.Entry, _ direction: ConvolutionDirection,
    enlargement: Int = 1, scales: StyleColumns, bias: ParameterLayout.Entry, noise: Noise?,
    name: String
  ) {
    (inputShape, self.kernel, self.direction, self.scales) = (shape, kernel, direction, scales)
    (self.bias, self.noise, self.name) = (bias, noise, name)
    gain = Float(2 * enlargement).squareRoot()
    let channels = [scales.count, bias.count]
    require(
      kernel.shape.suffix(2) == (direction == .convolution ? channels : channels.reversed())[...]
        && bias.count == shape.last,
      "\(kernel.name) \(kernel.shape) does not map \(scales.count) channels to \(shape)")
  }

  /// `[height, width, channels]` of one example.
  package var outputShape: [Int] { inputShape }
  /// The number of multiply-adds: one per value, and those of the factors.
  package var multiplyAdds: Int { positions * channels + scales.count * channels }

  private var channels: Int { bias.count }
  private var positions: Int { inputShape.dropLast().reduce(1, *) }
  private var noisePositions: Int { noise == nil ? 0 : positions }
  /// The number of channels along the kernel's last axis but one, and its last axis.
  private var rows: Int { kernel.shape[kernel.shape.count - 2] }
  private var columns: Int { kernel.shape[kernel.shape.count - 1] }

  /// For each example, the factors and the noise, and the cotangents of the sums of squares, of the
  /// bias and of the strength. For all examples, the sums of the kernel's squares over its
  /// positions.
  package var keptCounts: KeptCounts {
    .init(
      values: channels + noisePositions, derivatives: 2 * channels + 1, shared: rows * columns)
  }

  /// Reserves scratch memory for an element per input or output channel.
  package func reserveScratch(on engine: Engine) { engine.reserveScratch(each: scratchCount) }

  /// Computes `y`.
  package func forward(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    let (styles, kept) = (pass.requiredStyles(of: name), pass.requiredMemory(of: name))
    sumSquares(of: pass.parameters[kernel], into: kept.shared, pass)
    let bias = pass.parameters[bias]
    let strength = noise.map { pass.parameters[$0.strength].withSpan { $0[0] } }
    pass.engine.requireScratch(each: scratchCount)
    pass.engine.run(over: pass.examples, by: 1) { example, scratch in
      let factors = unsafe kept.values.examples(example).start
      unsafe findFactors(
        at: scales.start(example, in: styles.values), kept.shared, scratch.start, into: factors)
      let (x, y) = (x.examples(example), y.examples(example))
      if let strength {
        let numbers = unsafe factors + channels
        unsafe drawNoise(of: example.lowerBound, pass, into: numbers)
        unsafe findGains(factors, scratch.start)
        unsafe specgan_scale_columns_and_shift_rows(
          x.start, positions, scratch.start, strength, numbers, channels, y.start)
      } else {
        unsafe scale(x, by: factors, scratch.start, into: y)
      }
      y.withMutableSpan { values in
        bias.withSpan { Function.apply(to: &values, bias: $0) }
      }
    }
  }

  /// Computes `x̄ = g d ȳ`, with `ȳ` before the activation, and the cotangents of the scales that
  /// come from `d`.
  package func backward(
    _ yCotangent: TensorView, x: TensorView, y: TensorView, into xCotangent: TensorView?,
    _ pass: Pass
  ) {
    let (styles, kept) = (pass.requiredStyles(of: name), pass.requiredMemory(of: name))
    let cotangents = pass.requiredStyleCotangents(of: name)
    pass.engine.requireScratch(each: scratchCount)
    pass.engine.run(over: pass.examples, by: 1) { example, scratch in
      Function.multiply(yCotangent, bySlopesAt: y, example)
      let source = yCotangent.examples(example)
      let factors = unsafe kept.values.examples(example).start
      let ofSquares = unsafe kept.cotangents.examples(example).start
      let (ofBias, ofStrength) = unsafe (ofSquares + channels, ofSquares + 2 * channels)
      unsafe specgan_column_products(
        source.start, x.examples(example).start, positions, channels, ofBias, ofSquares)
      for channel in 0..<channels {
        let factor = unsafe factors[channel]
        unsafe ofSquares[channel] *= -gain / 2 * factor * factor * factor
      }
      if noise != nil {
        let sum = unsafe specgan_sum_of_shifted_rows(
          source.start, positions, factors + channels, channels)
        unsafe ofStrength[0] = Float(sum)
      }
      unsafe pullBack(
        ofSquares, at: scales.start(example, in: styles.values), kept.shared,
        into: scales.start(example, in: cotangents))
      if let xCotangent {
        unsafe scale(source, by: factors, scratch.start, into: xCotangent.examples(example))
      }
    }
  }

  /// Computes `ẏ = φ′ g d ẋ` at constant styles.
  package func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass
  ) {
    let kept = pass.requiredMemory(of: name)
    pass.engine.requireScratch(each: scratchCount)
    pass.engine.run(over: pass.examples, by: 1) { example, scratch in
      let factors = unsafe kept.values.examples(example).start
      unsafe scale(
        xTangent.examples(example), by: factors, scratch.start, into: yTangent.examples(example))
      Function.multiply(yTangent, bySlopesAt: y, example)
    }
  }

  /// Adds the gradients of the bias and the strength, and that of the kernel through `d`.
  package func accumulateGradient(
    x: TensorView, yCotangent: TensorView, includingBias: Bool, into gradient: Parameters,
    _ pass: Pass
  ) {
    let kept = pass.requiredMemory(of: name)
    if includingBias {
      let (bias, strength) = (gradient[bias], noise.map { gradient[$0.strength] })
      for example in pass.summed {
        let sums = unsafe kept.cotangents.examples(example..<example + 1).start + channels
        unsafe specgan_add(sums, channels, bias.start)
        if let strength { unsafe specgan_add(sums + channels, 1, strength.start) }
      }
    }
    accumulateKernel(kept.cotangents, into: gradient[kernel], pass)
  }
}

// MARK: - The factors

extension Demodulation {
  private typealias Values = UnsafeMutablePointer<Float>

  /// Computes the sums of the kernel's squares over its positions, `[rows, columns]`.
  private func sumSquares(of kernel: TensorView, into sums: TensorView, _ pass: Pass) {
    let size = rows * columns
    pass.engine.run(over: 0..<size, by: 1 << 12) { range, _ in
      let target = unsafe sums.start + range.lowerBound
      unsafe target.update(repeating: 0, count: range.count)
      for first in stride(from: range.lowerBound, to: kernel.count, by: size) {
        let values = unsafe kernel.start + first
        unsafe specgan_add_scaled_products(values, values, 1, range.count, target)
      }
    }
  }

  /// Computes the factors `d` at `source`.
  private func findFactors(
    at source: Values, _ squares: TensorView, _ scratch: Values, into factors: Values
  ) {
    for input in 0..<scales.count {
      let scale = unsafe 1 + source[input]
      unsafe scratch[input] = scale * scale
    }
    switch direction {
    case .convolution:
      unsafe factors.update(repeating: 0, count: channels)
      unsafe specgan_add_transposed_matrix_vector(squares.start, rows, columns, scratch, factors)
    case .transposed:
      unsafe specgan_matrix_vector(squares.start, rows, columns, scratch, factors)
    }
    for channel in 0..<channels {
      unsafe factors[channel] = 1 / (factors[channel] + Self.epsilon).squareRoot()
    }
  }

  /// Computes the cotangents of the scales at `source` from those of the sums of squares.
  private func pullBack(
    _ ofSquares: Values, at source: Values, _ squares: TensorView, into target: Values
  ) {
    switch direction {
    case .convolution:
      unsafe specgan_matrix_vector(squares.start, rows, columns, ofSquares, target)
    case .transposed:
      unsafe target.update(repeating: 0, count: scales.count)
      unsafe specgan_add_transposed_matrix_vector(squares.start, rows, columns, ofSquares, target)
    }
    for input in 0..<scales.count { unsafe target[input] *= 2 * (1 + source[input]) }
  }

  /// Adds `2 W Σ q̄ (1 + s)²` to `W̄`, with the cotangents `q̄` of the sums of squares; a task for
  /// each row of all positions of the kernel, and the examples in order.
  private func accumulateKernel(
    _ cotangents: TensorView, into gradient: TensorView, _ pass: Pass
  ) {
    let styles = pass.requiredStyles(of: name)
    let weights = pass.parameters[kernel]
    pass.engine.requireScratch(each: columns)
    pass.engine.run(tasks: rows) { row, scratch in
      let sums = unsafe scratch.start
      unsafe sums.update(repeating: 0, count: columns)
      for example in pass.summed {
        let example = example..<example + 1
        let source = unsafe scales.start(example, in: styles.values)
        let ofSquares = unsafe cotangents.examples(example).start
        switch direction {
        case .convolution:
          let scale = unsafe 1 + source[row]
          unsafe specgan_add_scaled(ofSquares, scale * scale, columns, sums)
        case .transposed:
          for column in 0..<columns {
            let scale = unsafe 1 + source[column]
            unsafe sums[column] += ofSquares[row] * scale * scale
          }
        }
      }
      for first in stride(from: row * columns, to: weights.count, by: rows * columns) {
        unsafe specgan_add_scaled_products(
          weights.start + first, sums, 2, columns, gradient.start + first)
      }
    }
  }
}

// MARK: - For export

extension Demodulation {
  /// Returns the sums of the squares of `kernel` over its positions, `[scales, channels]`.
  package func squares(of kernel: TensorView) -> [Float] {
    let (values, size) = (kernel.values, rows * columns)
    var sums = [Float](repeating: 0, count: size)
    for (index, value) in values.enumerated() { sums[index % size] += value * value }
    if direction == .convolution { return sums }
    return (0..<columns).flatMap { column in (0..<rows).map { sums[$0 * columns + column] } }
  }

  /// Returns the layer's noise of the first example of `inputs`; zeros if it has none.
  package func firstNoise(of inputs: NoiseInputs) -> [Float] {
    var values = [Float](repeating: 0, count: positions)
    guard let noise else { return values }
    var span = values.mutableSpan
    inputs.fill(&span, of: 0, from: noise.offset)
    return values
  }
}

// MARK: - Examples

extension Demodulation {
  private var scratchCount: Int { max(channels, scales.count) }

  /// Writes `g d` to `scratch`.
  private func findGains(_ factors: Values, _ scratch: Values) {
    for channel in 0..<channels { unsafe scratch[channel] = gain * factors[channel] }
  }

  /// Computes `g d` times the values of an example.
  private func scale(
    _ values: TensorView, by factors: Values, _ scratch: Values, into results: TensorView
  ) {
    unsafe findGains(factors, scratch)
    unsafe specgan_scale_columns(values.start, positions, scratch, channels, results.start)
  }

  /// Writes the noise of `example`: zeros if the pass has none.
  private func drawNoise(of example: Int, _ pass: Pass, into numbers: Values) {
    guard let noise, let inputs = pass.noise else {
      return unsafe numbers.update(repeating: 0, count: positions)
    }
    var span = unsafe MutableSpan(_unsafeStart: numbers, count: positions)
    inputs.fill(&span, of: example, from: noise.offset)
  }
}

extension Demodulation: NoisyLayer {
  package var noiseEnd: Int { noise.map { $0.offset + positions } ?? 0 }
}
