package import Networks
internal import SpecGANConvolutions
internal import SpecGANErrors

/// A network that classifies a clip by its log-mel spectrogram.
///
/// Its layers are batch normalization per band; four convolutions of 5 × 5 with ReLU and 2 × 2 max
/// pooling, with batch normalization per channel between them; batch normalization per feature; and
/// a dense layer with a logit per class. For 128 frames and 128 channels it has 1.33 million
/// parameters.
///
/// Source: Donahue, McAuley and Puckette, "Adversarial Audio Synthesis", ICLR 2019, section 6.1,
/// and the reference implementation, `eval/inception/train.py`, which declares dropout but never
/// applies it.
package struct ClassifierNetwork: Sendable {
  /// The number of frames of a spectrogram.
  package let frames: Int
  /// The number of bands of a frame.
  package let bands: Int
  /// The number of channels of every convolution; 128 in the paper.
  package let channels: Int
  /// The number of classes.
  package let classes: Int
  /// The layers, from `[batch, frames, bands]` to logits `[batch, classes]`.
  package let network: Network
  /// The index of the last pooled maps, `[batch, frames / 16, bands / 16, channels]`, among the
  /// values of a workspace.
  package let featurePlace: Int

  /// The number of convolutions, each with pooling.
  private static let depth = 4
  /// The divisor of valid numbers of frames and bands, so that pooling windows fill every map.
  package static let pooledLength = 1 << depth
  /// The range of ``channels``.
  package static let channelCounts = 1...1_024

  /// Creates a network for spectrograms of one size.
  ///
  /// - Parameters:
  ///   - frames: the number of frames of a spectrogram.
  ///   - bands: the number of bands of a frame.
  ///   - channels: the number of channels of every convolution.
  ///   - classes: the number of classes.
  ///   - dropout: the fraction of the features that is dropped in training before the dense layer,
  ///     in `[0, 1)`.
  /// - Precondition: frames and bands are multiples of ``pooledLength``.
  package init(frames: Int, bands: Int, channels: Int, classes: Int, dropout: Float = 0) {
    require(
      frames > 0 && bands > 0 && frames.isMultiple(of: Self.pooledLength)
        && bands.isMultiple(of: Self.pooledLength),
      "frames (=\(frames)) and bands (=\(bands)) must be multiples of \(Self.pooledLength)")
    (self.frames, self.bands, self.channels, self.classes) = (frames, bands, channels, classes)
    var builder = NetworkBuilder()
    builder.append(normalizing: [frames, bands], .unbiased, scope: "C/bands")
    for level in 0..<Self.depth {
      let shape = Self.append(level, frames, bands, channels, to: &builder)
      if level < Self.depth - 1 {
        builder.append(normalizing: shape, .unbiased, scope: "C/conv_\(level)")
      }
    }
    featurePlace = builder.count
    let features = channels * frames * bands / (Self.pooledLength * Self.pooledLength)
    builder.append(normalizing: [features], .unbiased, scope: "C/features")
    if dropout > 0 {
      builder.appendDropout("C/dropout", shape: [features], rate: dropout)
    }
    builder.append(
      .init(
        scope: "C/output", operation: "dense",
        geometry: .init(inputs: features, outputs: classes), window: []), Identity.self)
    network = builder.network
  }

  /// Appends convolution number `level` and its pooling; returns the shape after them.
  private static func append(
    _ level: Int, _ frames: Int, _ bands: Int, _ channels: Int, to builder: inout NetworkBuilder
  ) -> [Int] {
    func axis(_ length: Int) -> ConvolutionGeometry.Axis {
      .init(length: length >> level, kernel: 5, stride: 1)
    }
    let geometry = ConvolutionGeometry(
      height: axis(frames), width: axis(bands), inputChannels: level == 0 ? 1 : channels,
      outputChannels: channels)
    builder.append(
      .init(
        scope: "C/conv_\(level)", operation: "conv2d", geometry: geometry, window: [5, 5]),
      ReLU.self)
    let pooling = MaxPooling(geometry.outputShape, name: "C/pool_\(level)")
    builder.append(pooling)
    return pooling.outputShape
  }
}

extension ClassifierNetwork {
  /// The first row of the random stream for the initial weights, after those of a generator and a
  /// critic.
  private static let firstRow: UInt32 = 512

  /// Returns the initial weights: Glorot uniform kernels, factors of one, and zeros.
  package func initialParameters(seed: UInt64) -> Parameters {
    Parameters(glorotUniform: network.layout, seed: seed, firstRow: Self.firstRow)
  }
}
