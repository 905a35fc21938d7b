// Karras et al., "Analyzing and Improving the Image Quality of StyleGAN", CVPR 2020, section 2.2:
// the scales of a modulated convolution multiply its input instead of its kernel, which gives the
// same output.

internal import CSpecGANKernels
internal import SpecGANErrors
package import SpecGANTensors

/// The first half of a modulated convolution: `y = (1 + s) x`, channel by channel, with scales
/// `1 + s`, of which the styles have `s`.
///
/// A convolution without bias follows, then its ``Demodulation``, if there is one, which reads the
/// same scales.
package struct Modulation: ParameterlessLayer {
  /// The name in reports, such as `G/upconv_0/style`.
  package let name: String
  /// `[height, width, channels]` of one example's input.
  package let inputShape: [Int]
  /// The columns of the scales.
  package let scales: StyleColumns
  /// Whether a ``Demodulation`` reads the same scales. Its backward pass runs first and writes
  /// their cotangents; that of this layer then adds to them.
  package let isDemodulated: Bool

  /// Creates a layer for `inputShape`.
  ///
  /// - Precondition: there is a scale for each channel, the last axis.
  package init(_ inputShape: [Int], scales: StyleColumns, isDemodulated: Bool, name: String) {
    require(
      scales.count == inputShape.last, "\(scales.count) scales for a layer of \(inputShape)")
    (self.inputShape, self.scales, self.name) = (inputShape, scales, name)
    self.isDemodulated = isDemodulated
  }

  /// `[height, width, channels]` of one example's output.
  package var outputShape: [Int] { inputShape }
  /// The number of multiply-adds: one per value.
  package var multiplyAdds: Int { inputShape.reduce(1, *) }

  private var channels: Int { scales.count }
  private var positions: Int { multiplyAdds / channels }

  /// Reserves scratch memory for two elements per channel.
  package func reserveScratch(on engine: Engine) { engine.reserveScratch(each: 2 * channels) }

  /// Computes `y = (1 + s) x`.
  package func forward(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    scale(x, into: y, pass)
  }

  /// Computes `x̄ = (1 + s) ȳ`, and the cotangents of the scales, `Σ ȳ x`.
  package func backward(
    _ yCotangent: TensorView, x: TensorView, y: TensorView, into xCotangent: TensorView?,
    _ pass: Pass
  ) {
    let cotangents = pass.requiredStyleCotangents(of: name)
    pass.engine.requireScratch(each: 2 * channels)
    pass.engine.run(over: pass.examples, by: 1) { example, scratch in
      let (sums, products) = unsafe (scratch.start, scratch.start + channels)
      unsafe specgan_column_products(
        yCotangent.examples(example).start, x.examples(example).start, positions, channels, sums,
        products)
      let target = unsafe scales.start(example, in: cotangents)
      if isDemodulated {
        unsafe specgan_add(products, channels, target)
      } else {
        unsafe target.update(from: products, count: channels)
      }
    }
    guard let xCotangent else { return }
    scale(yCotangent, into: xCotangent, pass)
  }

  /// Computes `ẏ = (1 + s) ẋ` at constant styles.
  package func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass
  ) {
    scale(xTangent, into: yTangent, pass)
  }

  private func scale(_ values: TensorView, into results: TensorView, _ pass: Pass) {
    let styles = pass.requiredStyles(of: name)
    pass.engine.requireScratch(each: channels)
    pass.engine.run(over: pass.examples, by: 1) { example, scratch in
      let source = unsafe scales.start(example, in: styles.values)
      for channel in 0..<channels { unsafe scratch.start[channel] = 1 + source[channel] }
      unsafe specgan_scale_columns(
        values.examples(example).start, positions, scratch.start, channels,
        results.examples(example).start)
    }
  }
}
