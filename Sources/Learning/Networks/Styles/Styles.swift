internal import SpecGANErrors
package import SpecGANTensors

/// The values that style layers compute from a network's input for each example, and that layers
/// along the main path read: the gains and offsets of conditional batch normalization, or the
/// scales of modulated convolutions.
///
/// Each normalization or convolution reads columns of its own.
package struct Styles: Sendable {
  /// The values, `[batch, columns]`.
  package let values: TensorView
  /// The cotangents of the values, which backward passes write; nil if there is no memory for them.
  package let cotangents: TensorView?

  /// Creates styles, by default for forward passes only.
  package init(_ values: TensorView, cotangents: TensorView? = nil) {
    self.values = values
    self.cotangents = cotangents
  }
}

extension Pass {
  /// Returns the styles, which the layer `name` reads.
  func requiredStyles(of name: String) -> Styles {
    guard let styles else { trap("\(name) needs styles, but the pass has none") }
    return styles
  }

  /// Returns the memory for the cotangents of the styles, which the layer `name` writes.
  func requiredStyleCotangents(of name: String) -> TensorView {
    guard let cotangents = styles?.cotangents else {
      trap("\(name) has no memory for the cotangents of its styles")
    }
    return cotangents
  }
}

/// The columns of the styles that a layer reads.
package struct StyleColumns: Equatable, Sendable {
  /// The index of the first column.
  package let first: Int
  /// The number of columns.
  package let count: Int

  /// Creates a range of columns.
  package init(first: Int, count: Int) {
    (self.first, self.count) = (first, count)
  }

  /// Returns the first of these columns of one example in `styles`.
  func start(_ example: Range<Int>, in styles: TensorView) -> UnsafeMutablePointer<Float> {
    unsafe styles.examples(example).start + first
  }
}

/// The sources of styles in the input of a network, which has a latent and the weights of labels: a
/// chunk of the latent for each layer, and for all of them the same embedding of the labels.
///
/// Source: Brock, Donahue and Simonyan, "Large Scale GAN Training for High Fidelity Natural Image
/// Synthesis", ICLR 2019, section 3 and appendix B.
package struct StyleSource: Equatable, Sendable {
  /// The number of elements of a latent.
  package let latent: Int
  /// The number of labels; 0 for none.
  package let labels: Int
  /// The number of elements of the embedding of a label; 0 without labels.
  package let embedding: Int
  /// The number of layers with styles.
  package let layers: Int

  /// Creates the sources of `layers` layers.
  ///
  /// - Precondition: the latent has at least `layers + 1` elements.
  package init(latent: Int, labels: Int, embedding: Int, layers: Int) {
    require(latent > layers, "\(latent) elements are no parts for \(layers) layers and the first")
    (self.latent, self.labels, self.layers) = (latent, labels, layers)
    self.embedding = labels > 0 ? embedding : 0
  }

  /// The number of elements of a layer's chunk of the latent.
  private var chunk: Int { latent / (layers + 1) }
  /// The elements of the latent that the network's first layer reads: the rest.
  package var first: Range<Int> { 0..<latent - layers * chunk }
  /// The number of elements that a layer's styles are computed from.
  package var inputs: Int { chunk + embedding }

  /// Returns the elements of the latent for layer number `layer` with styles.
  package func chunk(_ layer: Int) -> Range<Int> {
    let start = first.count + layer * chunk
    return start..<start + chunk
  }
}
