import Networks
import SpecGANModels
import SpecGANTestSupport
import Testing

/// Networks that grow, with every kind of layer that depends on the level.
private enum Subject: String, CaseIterable {
  case specgan, wavegan, longWavegan, wide, styles, attention, lowPass, filter
  case conditional, batch, spectral, projection, orthogonal

  var gan: GAN {
    var network = NetworkConfiguration()
    var (specgan, wavegan) = (SpecGANConfiguration(), WaveGANConfiguration())
    (network.latent, network.dimension, network.isGrowing) = (7, 2, true)
    switch self {
    case .wide: (specgan.frames, specgan.bins) = (64, 32)
    case .styles: (network.generator, network.hasNoiseInputs) = (.styleBased, true)
    case .attention: network.attention = 16
    case .lowPass: (network.upsampling, network.downsampling) = (.lowPass, .lowPass)
    case .filter: wavegan.postFilter = 16
    case .conditional:
      (network.latent, network.generatorNormalization) = (9, .conditional)
    case .batch: (network.generatorNormalization, network.criticNormalization) = (.batch, .batch)
    case .spectral: (network.generatorIsSpectral, network.criticNormalization) = (true, .spectral)
    case .projection: network.projection = .separate
    case .orthogonal: network.initialWeights = .orthogonal
    default: break
    }
    return switch self {
    case .wavegan, .filter: .waveGAN(network, wavegan, channels: 2)
    case .longWavegan: .waveGAN(network, wavegan, length: 32_768)
    default: .specGAN(network, specgan, labels: 3)
    }
  }

  var levels: [[Int]] {
    switch self {
    case .wide: [[32, 16], [64, 32]]
    case .wavegan, .filter: [[256], [1_024], [4_096], [16_384]]
    case .longWavegan: [[512], [2_048], [8_192], [32_768]]
    default: [[16, 16], [32, 32], [64, 64], [128, 128]]
    }
  }
}

@Suite struct GrowthTests {
  @Test(arguments: Subject.allCases)
  private func levelsEndWithCompleteSamples(_ subject: Subject) {
    let gan = subject.gan
    #expect(gan.growth?.levels == subject.levels)
    #expect(gan.growth?.stage == GrowthStage(level: subject.levels.count - 1))
  }

  @Test(arguments: [([256, 256], [16, 16]), ([1_024, 1_024], [64, 64]), ([32, 32], [16, 16])])
  func theFirstLevelIsTheCoarsestOf256Positions(_ size: [Int], _ first: [Int]) {
    var (network, specgan) = (NetworkConfiguration(), SpecGANConfiguration())
    (network.dimension, network.isGrowing) = (1, true)
    (specgan.frames, specgan.bins) = (size[0], size[1])
    #expect(GAN.specGAN(network, specgan).growth?.levels.first == first)
  }

  /// All stages have the same parameters and sizes, so that a checkpoint fits each of them.
  @Test(arguments: Subject.allCases)
  private func stagesShareParametersAndSizes(_ subject: Subject) {
    let last = subject.gan
    for level in 0..<subject.levels.count {
      for stage in [GrowthStage(level: level), GrowthStage(level: level, blend: 0.25)] {
        if level == 0 && stage.blend != nil { continue }
        let gan = last.at(stage)
        #expect(gan.growth?.stage == stage)
        #expect(gan.generator.layout == last.generator.layout)
        #expect(gan.critic.layout == last.critic.layout)
        #expect(gan.generator.outputShape.reduce(1, *) == gan.sampleShape.reduce(1, *))
        #expect(gan.critic.inputShape.reduce(1, *) == gan.sampleShape.reduce(1, *))
        #expect(gan.noisePositions == last.noisePositions)
      }
    }
  }

  /// With a weight of 1 a blend is the level alone, and with 0 the level before it.
  @Test(arguments: Subject.allCases)
  private func endsOfABlendAreTheLevelsBitByBit(_ subject: Subject) {
    let gan = subject.gan
    for level in 1..<subject.levels.count {
      let new = passes(gan, GrowthStage(level: level))
      let blended = passes(gan, GrowthStage(level: level, blend: 1))
      #expect(blended.samples == new.samples)
      #expect(blended.values == new.values)
      let old = passes(gan, GrowthStage(level: level - 1))
      let unblended = passes(gan, GrowthStage(level: level, blend: 0))
      #expect(unblended.samples == old.samples)
      // The old level averages blocks of the samples at once, the blend in two steps.
      expectWithin(1e-5, unblended.values, old.values, "values of the critic")
      #expect(new.samples != old.samples)
    }
  }

  /// Every block of a coarse level's samples has one value.
  @Test(arguments: [Subject.specgan, .wavegan, .wide, .styles])
  private func coarseSamplesAreBlocks(_ subject: Subject) throws {
    let gan = subject.gan
    let sizes = subject.levels
    for (level, size) in sizes.enumerated() {
      let samples = passes(gan, GrowthStage(level: level)).samples
      let width = sizes[sizes.count - 1][size.count - 1]
      let (across, channels) = (width / size[size.count - 1], gan.sampleShape.last ?? 1)
      let down = size.count == 1 ? 1 : across
      for index in samples.indices {
        let (position, channel) = (index / channels, index % channels)
        let (line, column) = (position / width, position % width)
        let first = (line / down * down * width + column / across * across) * channels + channel
        #expect(samples[index] == samples[first])
        if samples[index] != samples[first] { return }
      }
      #expect(Set(samples).count > 1)
    }
  }

  /// In the middle of a blend, the tangent of a whole network agrees with its backward pass, and
  /// the network is twice differentiable.
  @Test(arguments: [Subject.wide, .wavegan, .attention])
  private func theCriticsPassesAgree(_ subject: Subject) throws {
    let gan = subject.gan.at(GrowthStage(level: 1, blend: 0.4))
    let engine = Engine(threads: 2)
    let weights = gan.initialCritic(seed: 1)
    let workspace = Workspace(
      differentiating: gan.critic, examples: 2, tangentExamples: 2, engine: engine)
    fill(workspace.input, seed: 2)
    let pass = Pass(parameters: weights, examples: 0..<2, engine: engine)
    gan.critic.forward(workspace, pass)
    workspace.outputCotangent.fill(1)
    gan.critic.backward(workspace, reachingInput: true, pass)
    fill(workspace.tangents[0], seed: 3)
    gan.critic.tangent(workspace, pass)
    let tangent = workspace.tangents[workspace.tangents.count - 1].values.reduce(0, +)
    let product = zip(workspace.inputCotangent.values, workspace.tangents[0].values)
      .reduce(0) { $0 + Double($1.0) * Double($1.1) }
    // Sums of float32 results, with errors of some roundings of the products' size.
    let size = zip(workspace.inputCotangent.values, workspace.tangents[0].values)
      .reduce(0) { $0 + abs(Double($1.0) * Double($1.1)) }
    #expect(abs(Double(tangent) - product) <= 0x1p-18 * size)
    #expect(TwiceDifferentiableNetwork(gan.critic) != nil)
  }

  /// Real samples become the means over blocks, and in a blend the weighted sum of two levels'.
  @Test(arguments: [Subject.wide, .specgan, .wavegan])
  private func realSamplesBecomeAsCoarse(_ subject: Subject) throws {
    let (sizes, gan) = (subject.levels, subject.gan)
    let channels = gan.sampleShape[gan.sampleShape.count - 1]
    let sample = Tensor(shape: [1] + gan.sampleShape)
    fill(sample.view, seed: 7)
    let values = sample.values
    for level in sizes.indices {
      for weight in [nil, 0.3] as [Float?] where level > 0 || weight == nil {
        fill(sample.view, seed: 7)
        Growth(levels: sizes, stage: .init(level: level, blend: weight))
          .coarsen(sample.view, channels: channels)
        let new = means(values, sizes, level, channels)
        let old = means(values, sizes, max(0, level - 1), channels)
        let expected = zip(new, old).map { (weight ?? 1) * $0 + (1 - (weight ?? 1)) * $1 }
        // Sums of up to 4,096 values below 1, in float32.
        expectWithin(0x1p-18, sample.values, expected, "level \(level)")
      }
    }
  }

  /// Returns a sample of the last of `sizes` with each value replaced by the mean over its block.
  private func means(
    _ values: [Float], _ sizes: [[Int]], _ level: Int, _ channels: Int
  ) -> [Float] {
    let fine = (sizes[sizes.count - 1].count == 1 ? [1] : []) + sizes[sizes.count - 1]
    let coarse = (sizes[level].count == 1 ? [1] : []) + sizes[level]
    func block(_ index: Int) -> Int {
      let (position, channel) = index.quotientAndRemainder(dividingBy: channels)
      let (line, column) = position.quotientAndRemainder(dividingBy: fine[1])
      let place = line * coarse[0] / fine[0] * coarse[1] + column * coarse[1] / fine[1]
      return place * channels + channel
    }
    var sums = [Double](repeating: 0, count: coarse[0] * coarse[1] * channels)
    for index in values.indices { sums[block(index)] += Double(values[index]) }
    let count = Double(values.count / sums.count)
    return values.indices.map { Float(sums[block($0)] / count) }
  }

  private func fill(_ view: TensorView, seed: UInt64) {
    let values = randomNumbers(view.count, seed: seed)
    view.withMutableSpan { for index in 0..<$0.count { $0[index] = values[index] } }
  }

  /// Returns a sample at a stage, and the critic's values of two random ones.
  private func passes(_ gan: GAN, _ stage: GrowthStage) -> (samples: [Float], values: [Float]) {
    let (gan, engine) = (gan.at(stage), Engine(threads: 2))
    func output(_ network: Network, _ weights: Parameters, examples: Int) -> [Float] {
      let workspace = Workspace(network, examples: examples, engine: engine)
      fill(workspace.input, seed: 5)
      network.forward(
        workspace,
        Pass(
          .init(parameters: weights, statistics: Parameters(initial: network.statistics)),
          examples: 0..<examples, engine: engine))
      return workspace.output.values
    }
    return (
      output(gan.generator, gan.initialGenerator(seed: 1), examples: 1),
      output(gan.critic, gan.initialCritic(seed: 1), examples: 2)
    )
  }
}
