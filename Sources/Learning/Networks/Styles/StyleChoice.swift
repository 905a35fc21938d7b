internal import CSpecGANKernels
package import SpecGANTensors

/// A style layer that copies the style of an example to every layer with styles, as
/// ``Pass/mixing`` chooses it and ``Pass/truncation`` truncates it.
///
/// The style layers before it, the mapping network, run for every variant. The input has one
/// variant of all examples after the other, `[variants · examples, style]`.
package struct StyleChoice: PiecewiseLinear, ParameterlessLayer {
  /// The name in reports.
  package let name: String
  /// The number of elements of a style.
  package let dimension: Int
  /// The number of layers with styles.
  package let layers: Int

  /// Creates a choice of styles with `dimension` elements for `layers` layers.
  package init(dimension: Int, layers: Int, name: String) {
    (self.dimension, self.layers, self.name) = (dimension, layers, name)
  }

  /// The number of elements of a style.
  package var inputShape: [Int] { [dimension] }
  /// The layers and the number of elements of a style.
  package var outputShape: [Int] { [layers, dimension] }

  /// Computes `y`.
  package func forward(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    unsafe forEachLayer(pass, of: x, y) { source, target, factor, mean in
      unsafe specgan_scale(source, factor, dimension, target)
      if factor != 1, let mean = unsafe mean {
        unsafe specgan_add_scaled(mean, 1 - factor, dimension, target)
      }
    }
  }

  /// Computes `x̄ = Jᵀ·ȳ` for all variants of the examples.
  package func backward(
    _ yCotangent: TensorView, x: TensorView, y: TensorView, into xCotangent: TensorView?,
    _ pass: Pass
  ) {
    guard let xCotangent else { return }
    for variant in 0..<(pass.mixing?.variants ?? 1) {
      xCotangent.examples(pass.shifted(to: variant, of: y.length).examples).fill(0)
    }
    unsafe forEachLayer(pass, of: xCotangent, yCotangent) { target, source, factor, _ in
      unsafe specgan_add_scaled(source, factor, dimension, target)
    }
  }

  /// Computes `ẏ = J·ẋ`.
  package func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass
  ) {
    unsafe forEachLayer(pass, of: xTangent, yTangent) { source, target, factor, _ in
      unsafe specgan_scale(source, factor, dimension, target)
    }
  }

  /// Calls `body` for each layer of each example, with the chosen style in `styles`, the layer's in
  /// `chosen`, and the factor and the mean of a truncation.
  private func forEachLayer(
    _ pass: Pass, of styles: TensorView, _ chosen: TensorView,
    _ body: (Style, Style, _ factor: Float, _ mean: Style?) -> Void
  ) {
    for example in pass.examples {
      let layersStart = unsafe chosen.examples(example..<example + 1).start
      let mean = unsafe pass.truncation?.means.examples(example..<example + 1).start
      let factor = pass.truncation?.factors[example] ?? 1
      for layer in 0..<layers {
        let variant = pass.mixing?.variant(layer, of: example) ?? 0
        let row = variant * chosen.length + example
        unsafe body(
          styles.examples(row..<row + 1).start, layersStart + layer * dimension, factor, mean)
      }
    }
  }

  private typealias Style = UnsafeMutablePointer<Float>
}

extension Pass {
  /// Returns the same pass over the variant `variant` of the styles; a variant has `count`
  /// examples.
  func shifted(to variant: Int, of count: Int) -> Pass {
    if variant == 0 { return self }
    func shifted(_ range: Range<Int>) -> Range<Int> {
      range.lowerBound + variant * count..<range.upperBound + variant * count
    }
    var pass = self
    pass.examples = shifted(examples)
    pass.part = part.map(shifted)
    return pass
  }
}
