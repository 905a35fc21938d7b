// Donahue, McAuley and Puckette, "Adversarial Audio Synthesis", ICLR 2019, tables 2 to 5. Where the
// text and the published code differ, this follows the code.

package import Networks
internal import SpecGANConvolutions

/// A generator and a critic that are each other's mirror, but for the order of a long sound's
/// strides.
///
/// The critic takes a sample through five or six convolutions, each a quarter or half of the size
/// and up to twice the channels, to one number; the generator takes a latent the same way back.
package struct GAN: Sendable {
  /// Which model it is.
  package let kind: ModelKind
  /// Numbers that a sample is made from.
  package let latent: Int
  /// Labels that a sample can be of; 0 where the networks know of none.
  package let labelCount: Int
  /// The shape of a sample: `[frames, bins, 1]`, or `[samples, channels]`.
  package let sampleShape: [Int]
  /// From `[batch, latent + labelCount]` to `[batch] + sampleShape`, in `(-1, 1)` unless a learned
  /// filter comes last.
  ///
  /// Behind the latent is a one in the place of the label and zeros in those of the others.
  package let generator: Network
  /// From `[batch] + sampleShape` to `[batch, 1]`, or `[batch, labelCount]`: a value for each label
  /// that the sample might be of.
  ///
  /// That is the critic of Miyato and Koyama, "cGANs with Projection Discriminator", ICLR 2018, eq.
  /// 3, with its two linear maps of the features, one for each label and one for all, added up.
  package let critic: Network
  /// How the critic's layers are kept in bounds.
  package let criticNormalization: NetworkConfiguration.CriticNormalization
  /// Where the critic's phases are shuffled.
  package let phaseShuffle: PhaseShuffling

  init(
    kind: ModelKind, labels: Int, sampleShape: [Int], pyramid: Pyramid, phaseShuffleRadius: Int,
    postFilter: Int = 0
  ) {
    self.kind = kind
    self.sampleShape = sampleShape
    labelCount = labels
    let network = pyramid.configuration
    latent = network.latent
    criticNormalization = network.criticNormalization
    generator = pyramid.generatorNetwork(inputs: latent + labels, postFilter: postFilter)
    critic = pyramid.criticNetwork(outputs: max(1, labels), isShuffled: phaseShuffleRadius > 0)
    phaseShuffle = PhaseShuffling(
      radius: phaseShuffleRadius, group: network.phaseShufflePer,
      layers: phaseShuffleRadius > 0 ? Pyramid.shuffledLayers : 0)
  }
}

/// How a critic's phases are shuffled.
package struct PhaseShuffling: Equatable, Sendable {
  /// What shares a shift.
  package enum Group: String, CaseIterable, Sendable {
    /// All examples of a batch, as in the published code.
    case batch
    /// None: every example has its own.
    case example
  }

  /// The largest shift to either side, in positions.
  package let radius: Int
  /// What shares a shift.
  package let group: Group
  /// The number of layers after which it happens.
  package let layers: Int
}

extension GAN {
  /// The networks of the model `kind`; `length` and `channels` are a waveform's.
  ///
  /// - Precondition: as of ``specGAN(_:_:labels:)`` or ``waveGAN(_:_:length:channels:labels:)``.
  public static func model(
    _ kind: ModelKind, _ network: NetworkConfiguration = .init(),
    _ specgan: SpecGANConfiguration = .init(), _ wavegan: WaveGANConfiguration = .init(),
    length: Int = 16_384, channels: Int = 1, labels: Int = 0
  ) -> GAN {
    switch kind {
    case .specgan: specGAN(network, specgan, labels: labels)
    case .wavegan: waveGAN(network, wavegan, length: length, channels: channels, labels: labels)
    }
  }

  /// SpecGAN: pictures `[frames, bins, 1]`, 128 × 128 in the paper, kernels 5 × 5 at a stride of 2.
  ///
  /// A larger picture has as many layers of as many channels, and a larger narrow end: 4 × 4
  /// positions for 128 × 128, 8 × 4 for 256 × 128.
  /// - Precondition: frames and bins are powers of two in ``SpecGANConfiguration/pictureSizes``,
  ///   and no shift is larger than ``SpecGANConfiguration/largestPhaseShuffle``.
  package static func specGAN(
    _ network: NetworkConfiguration = .init(), _ specgan: SpecGANConfiguration = .init(),
    labels: Int = 0
  ) -> GAN {
    let sizes = SpecGANConfiguration.pictureSizes
    for (name, size) in [("frames", specgan.frames), ("bins", specgan.bins)] {
      precondition(
        sizes.contains(size) && size.nonzeroBitCount == 1,
        "\(name) (=\(size)) must be a power of two in \(sizes)")
    }
    precondition(
      specgan.phaseShuffle <= specgan.largestPhaseShuffle,
      "phaseShuffle (=\(specgan.phaseShuffle)) must be at most \(specgan.largestPhaseShuffle)")
    let geometries = (0..<5).map { level in
      func axis(_ size: Int) -> ConvolutionGeometry.Axis {
        .init(length: size >> level, kernel: specgan.kernel, stride: 2)
      }
      let channels = channels(level, of: network.dimension, samples: 1)
      return ConvolutionGeometry(
        height: axis(specgan.frames), width: axis(specgan.bins), inputChannels: channels.input,
        outputChannels: channels.output)
    }
    return GAN(
      kind: .specgan, labels: labels, sampleShape: [specgan.frames, specgan.bins, 1],
      pyramid: Pyramid(critic: geometries, generator: geometries, configuration: network),
      phaseShuffleRadius: specgan.phaseShuffle)
  }

  /// WaveGAN: sounds `[length, channels]`, kernels of 25 at a stride of 4.
  ///
  /// Longer sounds have one more layer and twice the channels at the narrow end, which has 16
  /// positions always. With 32768 samples the last layer of either network has a stride of 2.
  /// - Precondition: `length` is in ``WaveGANConfiguration/lengths``.
  package static func waveGAN(
    _ network: NetworkConfiguration = .init(), _ wavegan: WaveGANConfiguration = .init(),
    length: Int = 16_384, channels: Int = 1, labels: Int = 0
  ) -> GAN {
    let strides = waveGANStrides(length)
    func geometries(_ strides: [Int]) -> [ConvolutionGeometry] {
      var rest = length
      return strides.enumerated().map { level, stride in
        let axis = ConvolutionGeometry.Axis(length: rest, kernel: wavegan.kernel, stride: stride)
        rest = axis.outputLength
        let channels = Self.channels(level, of: network.dimension, samples: channels)
        return ConvolutionGeometry(
          length: axis, inputChannels: channels.input, outputChannels: channels.output)
      }
    }
    return GAN(
      kind: .wavegan, labels: labels, sampleShape: [length, channels],
      pyramid: Pyramid(
        critic: geometries(strides), generator: geometries(strides.reversed()),
        configuration: network),
      phaseShuffleRadius: wavegan.phaseShuffle, postFilter: wavegan.postFilter)
  }

  /// The strides of either network's layers for sounds of `length` samples, in the order the data
  /// flows.
  private static func waveGANStrides(_ length: Int) -> [Int] {
    switch length {
    case 16_384: [4, 4, 4, 4, 4]
    case 32_768: [4, 4, 4, 4, 4, 2]
    case 65_536: [4, 4, 4, 4, 4, 4]
    default: preconditionFailure("length (=\(length)) must be in \(WaveGANConfiguration.lengths)")
    }
  }

  /// The channels of the critic's `level`th convolution: samples to `d`, then doubling.
  private static func channels(
    _ level: Int, of dimension: Int, samples: Int
  ) -> (input: Int, output: Int) {
    (level == 0 ? samples : dimension << (level - 1), dimension << level)
  }
}
