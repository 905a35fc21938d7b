package import SpecGANRandomness

/// The noise inputs of a style-based generator: for each example, one standard normal value per
/// position of every layer with noise.
///
/// Source: Karras, Laine and Aila, "A Style-Based Generator Architecture for Generative Adversarial
/// Networks", CVPR 2019, section 3.2.
package struct NoiseInputs: Sendable {
  /// The noise of one example: the values of a stream from an index on.
  package struct Source: Sendable {
    /// The stream.
    package let stream: RandomStream
    /// The index of the first value.
    package let first: UInt64

    /// Creates the values of `stream` from `first` on.
    package init(_ stream: RandomStream, first: UInt64 = 0) {
      (self.stream, self.first) = (stream, first)
    }
  }

  /// The noise of each example.
  package let sources: [Source]

  /// Creates the noise of the clips `numbers` of the random seed `seed`.
  package init(seed: UInt64, clips numbers: some Sequence<Int>) {
    self.init(
      numbers.map {
        Source(RandomStream(seed: seed, purpose: .noise, row: UInt32(truncatingIfNeeded: $0)))
      })
  }

  /// Creates noise from a source for each example.
  package init(_ sources: [Source]) { self.sources = sources }

  /// Fills `values` with the noise of `example` for the layer whose first position has the index
  /// `offset` among the positions of all layers.
  func fill(_ values: inout MutableSpan<Float>, of example: Int, from offset: Int) {
    let source = sources[example]
    source.stream.fillNormal(&values, from: source.first + UInt64(offset))
  }
}

/// A layer that may read noise.
protocol NoisyLayer: Layer {
  /// The index after the layer's last position among those of all layers with noise; 0 if it has no
  /// noise.
  var noiseEnd: Int { get }
}

extension Network {
  /// The number of positions of all layers with noise.
  package var noisePositions: Int {
    layers.reduce(0) { max($0, ($1 as? any NoisyLayer)?.noiseEnd ?? 0) }
  }
}
