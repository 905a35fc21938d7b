package import Networks
internal import SpecGANConvolutions

/// The network that says which class a sound is of, from its log-mel spectrogram.
///
/// Every band is normalised; four times a convolution of 5 × 5 with ReLU and the largest of every 2
/// × 2 places, normalised channel by channel between them; then all that is left is normalised,
/// number by number, and a dense layer gives a logit for each class. For 128 frames and 128
/// channels it has 1.33 million parameters.
///
/// Source: Donahue, McAuley and Puckette, "Adversarial Audio Synthesis", ICLR 2019, section 6.1,
/// and the code published with it, `eval/inception/train.py`. That declares dropout and never
/// applies it.
package struct ClassifierNetwork: Sendable {
  /// Frames of a spectrogram.
  package let frames: Int
  /// Bands of a frame.
  package let bands: Int
  /// Channels of every convolution: the paper has 128.
  package let channels: Int
  /// How many classes.
  package let classes: Int
  /// The layers, from `[batch, frames, bands]` to logits `[batch, classes]`.
  package let network: Network
  /// Which of a workspace's values are the last pooled maps,
  /// `[batch, frames / 16, bands / 16, channels]`.
  package let featurePlace: Int

  /// Convolutions, each of which is pooled.
  private static let depth = 4
  /// What frames and bands must be multiples of, so that windows of pooling fill every map.
  package static let pooledLength = 1 << depth
  /// What ``channels`` may be.
  package static let channelCounts = 1...1_024

  /// A network for spectrograms of one size.
  ///
  /// - Parameters:
  ///   - frames: of a spectrogram.
  ///   - bands: of a frame.
  ///   - channels: of every convolution.
  ///   - classes: how many.
  ///   - dropout: the part of the numbers that is dropped in training before the dense layer, in
  ///     `[0, 1)`.
  /// - Precondition: frames and bands are multiples of ``pooledLength``.
  package init(frames: Int, bands: Int, channels: Int, classes: Int, dropout: Float = 0) {
    precondition(
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
      builder.append(Dropout([features], rate: dropout, index: 0, name: "C/dropout"))
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
  /// The row of the first weights' draws: behind those of a generator and a critic.
  private static let firstRow: UInt32 = 512

  /// First weights: Glorot uniform kernels, factors of one, and zeros.
  package func initialParameters(seed: UInt64) -> Parameters {
    Parameters(glorotUniform: network.layout, seed: seed, firstRow: Self.firstRow)
  }
}
