// Source: Donahue, McAuley and Puckette, "Adversarial Audio Synthesis", ICLR 2019, tables 2 to 5.
// If the paper and the reference implementation differ, this follows the reference implementation.
package import Networks
internal import SpecGANConvolutions
internal import SpecGANErrors
internal import SpecGANRandomness
package import SpecGANTensors

/// The generator and the critic of a model, each of which mirrors the other.
///
/// The critic maps a sample to one value by five or six convolutions. Each reduces the size to a
/// quarter or a half and at most doubles the channels. The generator maps a latent to a sample in
/// the opposite direction. Only the order of strides can differ; see
/// ``waveGAN(_:_:length:channels:labels:)``.
package struct GAN: Sendable {
  /// The model.
  package let kind: ModelKind
  /// The number of elements of a latent.
  package let latent: Int
  /// The number of labels; 0 if the networks are not conditional.
  package let labelCount: Int
  /// The shape of a sample: `[frames, bins, channels]`, or `[samples, channels]`.
  package let sampleShape: [Int]
  /// The generator, from `[batch, latent + labelCount]` to `[batch] + sampleShape`, with outputs in
  /// `(-1, 1)` unless a learned filter is the last layer.
  ///
  /// The label follows the latent, one-hot encoded.
  package private(set) var generator: Network
  /// The critic, from `[batch] + sampleShape` to `[batch, 1]`, or to `[batch, labelCount]`: a value
  /// for each label.
  ///
  /// The latter is the critic of Miyato and Koyama, "cGANs with Projection Discriminator", ICLR
  /// 2018, eq. 3: the sum of two linear maps of the features, one per label and one for all.
  package private(set) var critic: Network
  /// Whether every kernel of the generator except the label embedding is divided by its largest
  /// singular value.
  package let generatorIsSpectral: Bool
  /// The number of layers of a style-based generator that each have a style; 0 for other
  /// generators.
  package let styledLayers: Int
  /// The number of noise inputs of an example; 0 for none.
  package let noisePositions: Int
  /// The distribution of initial kernels.
  package let initialWeights: InitialWeights
  /// The normalization of the critic's layers.
  package let criticNormalization: NetworkConfiguration.CriticNormalization
  /// The phase shuffle of the critic.
  package let phaseShuffle: PhaseShuffling
  /// The levels and the stage of networks that grow; nil if they do not grow.
  package private(set) var growth: Growth?
  private let pyramid: Pyramid
  private let postFilter: Int

  /// Creates the networks of `pyramid`, at `stage` if they grow; nil for the last one.
  init(
    kind: ModelKind, labels: Int, sampleShape: [Int], pyramid: Pyramid, phaseShuffleRadius: Int,
    postFilter: Int = 0, stage: GrowthStage? = nil
  ) {
    self.kind = kind
    self.sampleShape = sampleShape
    self.pyramid = pyramid
    self.postFilter = postFilter
    labelCount = labels
    let network = pyramid.configuration
    latent = network.latent
    criticNormalization = network.criticNormalization
    generatorIsSpectral = network.generatorIsSpectral
    styledLayers = network.generator == .styleBased ? pyramid.generator.count : 0
    initialWeights = network.initialWeights
    if network.isGrowing {
      let levels = pyramid.levelSizes
      let stage = stage ?? .last(of: levels)
      growth = Growth(levels: levels, stage: stage)
      generator = pyramid.growingGenerator(labels: labels, postFilter: postFilter, at: stage)
      critic = pyramid.growingCritic(
        labels: labels, isShuffled: phaseShuffleRadius > 0, at: stage)
    } else {
      growth = nil
      generator = pyramid.generatorNetwork(labels: labels, postFilter: postFilter)
      critic = pyramid.criticNetwork(labels: labels, isShuffled: phaseShuffleRadius > 0)
    }
    // All levels draw the noise of all layers, so that its position does not depend on the level.
    noisePositions =
      network.isGrowing && network.hasNoiseInputs
      ? pyramid.growingGenerator(labels: labels, postFilter: 0, at: .last(of: pyramid.levelSizes))
        .noisePositions : generator.noisePositions
    phaseShuffle = PhaseShuffling(
      radius: phaseShuffleRadius, group: network.phaseShufflePer,
      layers: phaseShuffleRadius > 0 ? Pyramid.shuffledLayers : 0)
  }
}

extension GAN {
  /// Returns the networks at `stage` of growing, with the same parameters; these networks if they
  /// do not grow.
  package func at(_ stage: GrowthStage) -> GAN {
    guard let growth else { return self }
    if growth.stage.hasLayers(of: stage) {
      var copy = self
      copy.growth?.stage = stage
      if let weight = stage.blend {
        copy.generator = generator.blending(weight: weight)
        copy.critic = critic.blending(weight: weight)
      }
      return copy
    }
    return GAN(
      kind: kind, labels: labelCount, sampleShape: sampleShape, pyramid: pyramid,
      phaseShuffleRadius: phaseShuffle.radius, postFilter: postFilter, stage: stage)
  }
}

/// The phase shuffle of a critic.
package struct PhaseShuffling: Equatable, Sendable {
  /// The unit that shares a shift.
  package enum Group: String, CaseIterable, Sendable {
    /// All examples of a batch, as in the reference.
    case batch
    /// Each example by itself.
    case example
  }

  /// The largest shift in either direction, in positions.
  package let radius: Int
  /// The unit that shares a shift.
  package let group: Group
  /// The number of layers with phase shuffle after them.
  package let layers: Int
}

extension GAN {
  /// Returns the networks of the model `kind`; `length` is for WaveGAN only.
  ///
  /// - Precondition: that of ``specGAN(_:_:channels:labels:)`` or
  ///   ``waveGAN(_:_:length:channels:labels:)``.
  public static func model(
    _ kind: ModelKind, _ network: NetworkConfiguration = .init(),
    _ specgan: SpecGANConfiguration = .init(), _ wavegan: WaveGANConfiguration = .init(),
    length: Int = 16_384, channels: Int = 1, labels: Int = 0
  ) -> GAN {
    switch kind {
    case .specgan: specGAN(network, specgan, channels: channels, labels: labels)
    case .wavegan: waveGAN(network, wavegan, length: length, channels: channels, labels: labels)
    }
  }

  /// Returns a SpecGAN: pictures `[frames, bins, channels]`, 128 × 128 × 1 in the paper, and
  /// kernels of 5 × 5 with a stride of 2.
  ///
  /// Every size of picture has the same layers, with the same channels between them. The innermost
  /// layer has 4 × 4 positions for 128 × 128, and 8 × 4 for 256 × 128.
  ///
  /// - Precondition: frames and bins are powers of two in ``SpecGANConfiguration/pictureSizes``,
  ///   and phase shuffle is at most ``SpecGANConfiguration/largestPhaseShuffle``.
  package static func specGAN(
    _ network: NetworkConfiguration = .init(), _ specgan: SpecGANConfiguration = .init(),
    channels: Int = 1, labels: Int = 0
  ) -> GAN {
    let sizes = SpecGANConfiguration.pictureSizes
    for (name, size) in [("frames", specgan.frames), ("bins", specgan.bins)] {
      require(
        sizes.contains(size) && size.nonzeroBitCount == 1,
        "\(name) (=\(size)) must be a power of two in \(sizes)")
    }
    require(
      specgan.phaseShuffle <= specgan.largestPhaseShuffle,
      "phaseShuffle (=\(specgan.phaseShuffle)) must be at most \(specgan.largestPhaseShuffle)")
    let geometries = (0..<5).map { level in
      func axis(_ size: Int) -> ConvolutionGeometry.Axis {
        .init(length: size >> level, kernel: specgan.kernel, stride: 2)
      }
      let channels = Self.channels(level, of: network, samples: channels)
      return ConvolutionGeometry(
        height: axis(specgan.frames), width: axis(specgan.bins), inputChannels: channels.input,
        outputChannels: channels.output)
    }
    return GAN(
      kind: .specgan, labels: labels, sampleShape: [specgan.frames, specgan.bins, channels],
      pyramid: Pyramid(
        critic: geometries, generator: geometries, configuration: network, channels: channels),
      phaseShuffleRadius: specgan.phaseShuffle)
  }

  /// Returns a WaveGAN: waveforms `[length, channels]`, and kernels of 25 with a stride of 4.
  ///
  /// Lengths above 16,384 have one more layer and twice the channels in the innermost layer, which
  /// always has 16 positions. For 32,768 samples the last layer of each network has a stride of 2.
  ///
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
        let channels = Self.channels(level, of: network, samples: channels)
        return ConvolutionGeometry(
          length: axis, inputChannels: channels.input, outputChannels: channels.output)
      }
    }
    return GAN(
      kind: .wavegan, labels: labels, sampleShape: [length, channels],
      // The levels of networks that grow must be the same in both.
      pyramid: Pyramid(
        critic: geometries(strides),
        generator: geometries(network.isGrowing ? strides : strides.reversed()),
        configuration: network, channels: channels),
      phaseShuffleRadius: wavegan.phaseShuffle, postFilter: wavegan.postFilter)
  }

  /// Returns the numbers of positions along time of the layers that self-attention can follow: all
  /// but the innermost; of networks that grow, those that all levels have. `length`, in samples, is
  /// for WaveGAN only.
  ///
  /// - Precondition: that of ``model(_:_:_:_:length:channels:labels:)``.
  package static func attentionSizes(
    _ kind: ModelKind, _ specgan: SpecGANConfiguration, length: Int, isGrowing: Bool = false
  ) -> [Int] {
    var shapes: [[Int]]
    switch kind {
    case .specgan: shapes = (0...4).map { [specgan.frames >> $0, specgan.bins >> $0] }
    case .wavegan:
      shapes = [[length]]
      for stride in waveGANStrides(length).dropLast() {
        shapes.append([shapes[shapes.count - 1][0] / stride])
      }
    }
    let first = isGrowing ? Pyramid.coarsest(of: shapes) : 1
    return shapes[first...].map { $0[0] }
  }

  /// Returns the strides of the layers for waveforms of `length` samples, in order from the input
  /// of each network.
  private static func waveGANStrides(_ length: Int) -> [Int] {
    switch length {
    case 16_384: [4, 4, 4, 4, 4]
    case 32_768: [4, 4, 4, 4, 4, 2]
    case 65_536: [4, 4, 4, 4, 4, 4]
    default: trap("length (=\(length)) must be in \(WaveGANConfiguration.lengths)")
    }
  }

  /// Returns the channels of convolution `level` of the critic: from `samples` to the dimension,
  /// then doubling.
  ///
  /// The outermost convolution of networks that grow is from features, half as many as the
  /// dimension.
  private static func channels(
    _ level: Int, of network: NetworkConfiguration, samples: Int
  ) -> (input: Int, output: Int) {
    let dimension = network.dimension
    let outermost = network.isGrowing ? max(1, dimension / 2) : samples
    return (level == 0 ? outermost : dimension << (level - 1), dimension << level)
  }
}

extension GAN {
  /// Returns the initial weights of the generator: random kernels, factors of one, and zeros.
  package func initialGenerator(
    seed: UInt64, on engine: Engine = Engine(threads: 1)
  ) -> Parameters {
    Parameters(initialWeights, generator.layout, seed: seed, firstRow: 0, on: engine)
  }

  /// Returns the initial weights of the critic: random kernels, factors of one, and zeros.
  package func initialCritic(
    seed: UInt64, on engine: Engine = Engine(threads: 1)
  ) -> Parameters {
    Parameters(
      initialWeights, critic.layout, seed: seed, firstRow: Self.secondNetworkRow, on: engine)
  }

  /// The first row of a random stream for the second of two networks.
  private static let secondNetworkRow: UInt32 = 256

  /// Draws the vectors of `normalization` of the critic's kernels, or of the generator's if
  /// `isGenerators`, uniform in `±1`, and scales them to length 1.
  package func drawSpectralVectors(
    _ normalization: SpectralNormalization, isGenerators: Bool = false, seed: UInt64
  ) {
    for entry in normalization.vectors.layout.entries {
      // The critic's vectors have the rows from 0.
      let row = UInt32(entry.ordinal) + (isGenerators ? Self.secondNetworkRow : 0)
      let stream = RandomStream(seed: seed, purpose: .spectralVectors, row: row)
      normalization.vectors[entry].withMutableSpan {
        stream.fill(&$0, from: 0, lowest: -1, width: 2)
      }
    }
    normalization.scaleVectors()
  }

  /// The initial moving statistics of the generator's batch normalization: means of zero and
  /// variances of one.
  package var initialGeneratorStatistics: Parameters { Parameters(initial: generator.statistics) }

  /// The initial moving statistics of the critic's batch normalization: means of zero and variances
  /// of one.
  package var initialCriticStatistics: Parameters { Parameters(initial: critic.statistics) }
}

extension GAN {
  /// Returns the default labels of the samples `numbers`: `i mod labelCount` for sample `i`, or an
  /// empty array if the networks have no labels.
  package func labels(ofSounds numbers: some Sequence<Int>) -> [Int] {
    labelCount == 0 ? [] : numbers.map { $0 % labelCount }
  }

  /// Returns the default labels of the samples `numbers`; see ``labels(ofSounds:)``.
  package func mixes(ofSounds numbers: some Sequence<Int>) -> [LabelMix] {
    labels(ofSounds: numbers).map { LabelMix($0, of: labelCount) }
  }

  /// Writes latents and one-hot labels to the first rows of the generator's input.
  ///
  /// - Parameters:
  ///   - latents: the latents, `[count, latent]`.
  ///   - labels: the label of each latent; empty if the networks have no labels.
  ///   - input: the generator's input, `[batch, latent + labelCount]`, with `batch` of at least
  ///     `count`.
  /// - Precondition: every label is less than ``labelCount``.
  package func place(_ latents: TensorView, labels: [Int], into input: TensorView) {
    check(latents, labels: labels.count)
    require(
      labels.allSatisfy { $0 < labelCount }, "labels \(labels) must be below \(labelCount)")
    place(latents, into: input) { row, label in labels[row] == label ? 1 : 0 }
  }

  /// Writes latents and weights of labels to the first rows of the generator's input, as
  /// ``place(_:labels:into:)`` does.
  package func place(_ latents: TensorView, mixes: [LabelMix], into input: TensorView) {
    check(latents, labels: mixes.count)
    require(
      mixes.allSatisfy { $0.weights.count == labelCount },
      "mixtures must have \(labelCount) weights")
    place(latents, into: input) { row, label in mixes[row].weights[label] }
  }

  private func check(_ latents: TensorView, labels: Int) {
    require(
      latents.stride == latent, "latents \(latents.shape) must have \(latent) elements per row")
    let count = labelCount == 0 ? 0 : latents.length
    require(labels == count, "\(labels) labels for \(latents.length) latents, not \(count)")
  }

  private func place(
    _ latents: TensorView, into input: TensorView, _ weight: (_ row: Int, _ label: Int) -> Float
  ) {
    input.withMutableSpan { input in
      latents.withSpan { latents in
        let width = latent + labelCount
        for row in 0..<latents.count / latent {
          for index in 0..<latent { input[row * width + index] = latents[row * latent + index] }
          for label in 0..<labelCount { input[row * width + latent + label] = weight(row, label) }
        }
      }
    }
  }
}
