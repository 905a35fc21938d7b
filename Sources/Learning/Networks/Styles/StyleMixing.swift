internal import SpecGANErrors
package import SpecGANTensors

/// Style mixing: the choice, for each example and layer, of one of several variants of the style.
/// The style of an example is the intermediate latent `w` of the papers.
///
/// Source: Karras, Laine and Aila, "A Style-Based Generator Architecture for Generative Adversarial
/// Networks", CVPR 2019, section 3.1.
package struct StyleMixing: Sendable {
  /// The number of variants of each example's style.
  package let variants: Int
  /// The number of layers with styles.
  package let layers: Int
  /// The variant for each layer of each example, `[examples, layers]`.
  package let choices: [Int]

  /// Creates a mixing of `variants` styles, with `choices` for `layers` layers of each example.
  ///
  /// - Precondition: there is a choice for each layer of complete examples, and all are variants.
  package init(variants: Int, layers: Int, choices: [Int]) {
    require(
      layers > 0 && choices.count.isMultiple(of: layers)
        && choices.allSatisfy { 0..<variants ~= $0 },
      "\(choices.count) choices of \(variants) styles for \(layers) layers")
    (self.variants, self.layers, self.choices) = (variants, layers, choices)
  }

  /// Returns the variant for `layer` of `example`.
  func variant(_ layer: Int, of example: Int) -> Int { choices[example * layers + layer] }
}

/// A truncation of styles towards a mean `m`: `m + ψ (w − m)` instead of `w`.
///
/// Source: Karras, Laine and Aila, "A Style-Based Generator Architecture for Generative Adversarial
/// Networks", CVPR 2019, appendix B.
package struct StyleTruncation: Sendable {
  /// The factor `ψ` for each example; 1 for no truncation.
  package let factors: [Float]
  /// The mean for each example, `[examples, style]`.
  package let means: TensorView

  /// Creates a truncation by `factors` towards `means`.
  package init(factors: [Float], means: TensorView) {
    (self.factors, self.means) = (factors, means)
  }
}
