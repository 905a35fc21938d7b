package import Networks

/// The two models.
package enum ModelKind: String, CaseIterable, Sendable {
  /// 2-D convolutions on spectrograms.
  case specgan
  /// 1-D convolutions on waveforms.
  case wavegan

  /// The name in the paper.
  public var name: String {
    switch self {
    case .specgan: "SpecGAN"
    case .wavegan: "WaveGAN"
    }
  }

  /// Whether samples are normalized spectrograms; they are waveforms otherwise.
  public var samplesAreSpectrograms: Bool { self == .specgan }
}

/// The settings of both models: the `network` section of a configuration.
package struct NetworkConfiguration: Equatable, Sendable {
  /// The number of elements of a latent, each uniform in `[-1, 1)`.
  package var latent = 100
  /// The width `d`: the channels of the layer closest to the sample, which double with every
  /// further layer.
  package var dimension = 64
  /// The kind of generator.
  package var generator = Generator.dcgan
  /// The number of elements of a style, for a style-based generator.
  package var styleDimension = 128
  /// The number of dense layers of a style-based generator's mapping network.
  package var mappingLayers = 4
  /// Whether a style-based generator's layers add noise.
  package var hasNoiseInputs = false
  /// The upsampling in the generator's layers.
  package var upsampling = Upsampling.zeros
  /// The downsampling in the critic's layers.
  package var downsampling = Downsampling.strided
  /// The normalization of the generator's layers.
  package var generatorNormalization = GeneratorNormalization.none
  /// The number of elements of a label's embedding, for conditional batch normalization or a
  /// style-based generator.
  package var embedding = 128
  /// Whether every kernel of the generator except the label embedding is divided by its largest
  /// singular value; see ``SpectralNormalization``.
  package var generatorIsSpectral = false
  /// The normalization of the critic's layers.
  package var criticNormalization = CriticNormalization.none
  /// The parameters of a conditional critic's last layer.
  package var projection = Projection.merged
  /// The distribution of initial kernels.
  package var initialWeights = InitialWeights.glorot
  /// The number of positions along time of the layer that self-attention follows, in both networks;
  /// 0 for none.
  package var attention = 0
  /// The unit that shares the shifts of phase shuffle.
  package var phaseShufflePer = PhaseShuffling.Group.batch
  /// Whether the networks are conditional on labels.
  package var isConditional = false
  /// Whether the networks grow during training, from coarse samples to complete ones; see
  /// ``Growth``.
  package var isGrowing = false

  /// Creates the configuration of the paper.
  package init() {}

  /// The kind of generator.
  package enum Generator: String, CaseIterable, Sendable {
    /// A dense layer of the latent, then convolutions, as in the paper.
    case dcgan
    /// A learned constant, then modulated convolutions. A mapping network computes their styles
    /// from the latent: Karras, Laine and Aila, "A Style-Based Generator Architecture for
    /// Generative Adversarial Networks", CVPR 2019.
    case styleBased = "style-based"
  }

  /// The upsampling of a generator's layer.
  package enum Upsampling: String, CaseIterable, Sendable {
    /// Zeros between positions: a transposed convolution.
    case zeros
    /// Nearest-neighbor interpolation, then a convolution.
    case nearest
    /// Linear interpolation, then a convolution.
    case linear
    /// Cubic interpolation, then a convolution.
    case cubic
    /// Linear interpolation with half-pixel centers, then a convolution.
    case lowPass = "low-pass"

    /// The interpolation before the convolution; nil for zeros, which a transposed convolution
    /// implies.
    var interpolation: Networks.Upsampling.Interpolation? {
      switch self {
      case .zeros: nil
      case .nearest: .nearest
      case .linear: .linear
      case .cubic: .cubic
      case .lowPass: .lowPass
      }
    }
  }

  /// The downsampling of a critic's layer.
  package enum Downsampling: String, CaseIterable, Sendable {
    /// A convolution with a stride.
    case strided
    /// A low-pass filter before each convolution with a stride but the first.
    case lowPass = "low-pass"
  }

  /// The normalization of a generator's layers.
  package enum GeneratorNormalization: String, CaseIterable, Sendable {
    /// No normalization.
    case none
    /// Batch normalization before every ReLU.
    case batch
    /// Batch normalization before every ReLU, with gains and offsets that depend on the latent and
    /// the label; see ``ConditionalBatchNormalization``.
    case conditional
  }

  /// The normalization of a critic's layers.
  package enum CriticNormalization: String, CaseIterable, Sendable {
    /// No normalization.
    case none
    /// Batch normalization before every LeakyReLU except the first.
    case batch
    /// Spectral normalization of every kernel; see ``SpectralNormalization``.
    case spectral
  }
}

extension NetworkConfiguration {
  /// The parameters of a conditional critic's last layer, whose value for a label is the sum of one
  /// for all labels and one for the label.
  package enum Projection: String, CaseIterable, Sendable {
    /// One kernel, whose columns are the sums.
    case merged
    /// A kernel for each of the terms; see ``LabelProjection``.
    case separate
  }
}

/// The settings of SpecGAN: the `specgan` section of a configuration.
package struct SpecGANConfiguration: Equatable, Sendable {
  /// The number of frames of a picture, a power of two.
  package var frames = 128
  /// The number of bins of a frame, a power of two.
  package var bins = 128
  /// The size of a kernel, in frames and in bins.
  package var kernel = 5
  /// The largest shift, in positions along time; 0 for no phase shuffle.
  package var phaseShuffle = 0

  /// Creates the configuration of the paper.
  package init() {}

  /// The range of ``frames`` and ``bins``, which are powers of two.
  package static let pictureSizes = 32...1_024
  /// The largest ``phaseShuffle``: reflection needs a layer with more frames than the shift, and
  /// the last shuffled layer has a sixteenth of the frames.
  package var largestPhaseShuffle: Int { frames / 16 - 1 }
}

/// The settings of WaveGAN: the `wavegan` section of a configuration.
package struct WaveGANConfiguration: Equatable, Sendable {
  /// The length of a kernel, in positions.
  package var kernel = 25
  /// The largest shift, in positions along time; 0 for no phase shuffle.
  package var phaseShuffle = 2
  /// The length of the learned filter after the generator's tanh, in samples; 0 for no filter, 512
  /// in the reference.
  package var postFilter = 0
  /// The level of white noise on real examples in training, in dB of full scale; nil for none.
  package var realNoise: Float?

  /// Creates the configuration of the paper.
  package init() {}

  /// The possible lengths of a waveform, in samples.
  package static let lengths = [16_384, 32_768, 65_536]
}
