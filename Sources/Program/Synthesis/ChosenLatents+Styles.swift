internal import SpecGANErrors
package import SpecGANModels
internal import SpecGANTensors

/// Latents for each layer of a style-based generator.
extension ChosenLatents {
  /// Returns the latents with those of `other` in `layers` of a style-based generator.
  ///
  /// Source: Karras, Laine and Aila, "A Style-Based Generator Architecture for Generative
  /// Adversarial Networks", CVPR 2019, section 3.1.
  ///
  /// - Parameters:
  ///   - other: as many latents, or one for all; its labels and numbers are not used.
  ///   - layers: the indices of layers.
  ///   - gan: the networks, with a style-based generator.
  /// - Returns: the latents, one for each layer.
  /// - Precondition: the generator has these layers.
  package func mixed(
    with other: ChosenLatents, layers: ClosedRange<Int>, of gan: GAN
  ) -> ChosenLatents {
    require(
      other.count == 1 || other.count == count,
      "\(other.count) latents cannot be mixed with \(count)")
    require(
      layers.upperBound < gan.styledLayers, "\(gan.styledLayers) layers, not \(layers)")
    let own = latents(ofLayers: gan.styledLayers)
    let others = other.latents(ofLayers: gan.styledLayers)
    let chosen = layers.lowerBound * gan.latent..<(layers.upperBound + 1) * gan.latent
    let values = (0..<count).flatMap { row -> [Float] in
      var latents = own.examples(row..<row + 1).values
      let source = other.count == 1 ? 0 : row
      latents.replaceSubrange(chosen, with: others.examples(source..<source + 1).values[chosen])
      return latents
    }
    return replacingLatents(by: Tensor(shape: own.shape, values))
  }

  /// The number of latents of a clip: 1, or one for each layer.
  var layers: Int { latents.shape.count == 3 ? latents.shape[1] : 1 }

  /// Returns the latents, with one for each of `count` layers if `count` is not 1.
  ///
  /// - Precondition: there is one for all layers, or one for each.
  func latents(ofLayers count: Int) -> Tensor {
    if layers == count { return latents }
    require(layers == 1, "\(layers) latents of a clip are not for \(count) layers")
    let values = (0..<self.count).flatMap { row in
      [[Float]](repeating: latents.examples(row..<row + 1).values, count: count).joined()
    }
    return Tensor(shape: [self.count, count, latents.stride], values)
  }
}
