import Foundation
import Networks
import SpecGANConvolutions
import SpecGANModels
import SpecGANTensors
import SpecGANTestSupport
import Testing

@Suite struct GANTests {
  /// REFERENCE: the published networks' sizes, generator and critic.
  @Test(arguments: [
    (64, 19_065_345, 17_427_969), (16, 1_502_337, 1_092_993), (8, 479_169, 274_497),
  ])
  func bothModelsHaveThePublishedNumberOfParameters(
    _ dimension: Int, _ generator: Int, _ critic: Int
  ) {
    var network = NetworkConfiguration()
    network.dimension = dimension
    for gan in [GAN.specGAN(network), GAN.waveGAN(network)] {
      #expect(gan.generator.layout.count == generator)
      #expect(gan.critic.layout.count == critic)
    }
  }

  /// REFERENCE: the same for clips of two and four seconds.
  @Test(arguments: [32_768, 65_536])
  func longWaveGANsHaveThePublishedNumberOfParameters(_ length: Int) {
    let gan = GAN.waveGAN(length: length)
    #expect(gan.generator.layout.count == 73_149_953)
    #expect(gan.critic.layout.count == 69_875_201)
    #expect(gan.sampleShape == [length, 1])
  }

  /// The stride of 2 is last in both networks, so they are not mirror images.
  @Test func theNetworksOf32768SamplesAreNoMirrorImages() {
    func shapes(_ network: Network) -> [[Int]] {
      [network.layers[0].inputShape] + network.layers.map(\.outputShape)
    }
    let gan = GAN.waveGAN(length: 32_768, channels: 2)
    let lines = shapes(gan.generator).dropFirst(2).map { Array($0.dropFirst()) }
    #expect(
      lines == [[64, 1024], [256, 512], [1024, 256], [4096, 128], [16_384, 64], [32_768, 2]])
    let projected = gan.generator.layers[0].outputShape.reduce(1, *)
    #expect(projected == 16 * 32 * 64)
    let backwards = shapes(gan.critic).map { Array($0.dropFirst()) }
    #expect(
      backwards == [
        [32_768, 2], [8192, 64], [2048, 128], [512, 256], [128, 512], [32, 1024], [16, 2048],
        [1, 1],
      ])
  }

  @Test func parametersHaveThePublishedNamesAndLayouts() {
    let specgan = layout(.specGAN())
    #expect(specgan["G/z_project/dense/kernel"] == [100, 16_384])
    #expect(specgan["G/upconv_0/conv2d_transpose/kernel"] == [5, 5, 512, 1024])
    #expect(specgan["G/upconv_4/conv2d_transpose/bias"] == [1])
    #expect(specgan["D/downconv_0/conv2d/kernel"] == [5, 5, 1, 64])
    #expect(specgan["D/output/dense/kernel"] == [16_384, 1])
    let wavegan = layout(.waveGAN())
    #expect(wavegan["G/upconv_0/conv2d_transpose/kernel"] == [1, 25, 512, 1024])
    #expect(wavegan["D/downconv_4/conv1d/kernel"] == [25, 512, 1024])
    #expect(wavegan.count == 24)
  }

  @Test func samplesHaveTheirModelsShape() {
    #expect(GAN.specGAN().sampleShape == [128, 128, 1])
    #expect(GAN.waveGAN(channels: 2).sampleShape == [16_384, 2])
    let stereo = GAN.specGAN(channels: 2)
    #expect(stereo.sampleShape == [128, 128, 2])
    #expect(stereo.generator.outputShape == stereo.critic.inputShape)
    #expect(layout(stereo)["G/upconv_4/conv2d_transpose/kernel"] == [5, 5, 2, 64])
    #expect(layout(stereo)["D/downconv_0/conv2d/kernel"] == [5, 5, 2, 64])
    #expect(layout(stereo).keys.sorted() == layout(.specGAN()).keys.sorted())
    var tall = SpecGANConfiguration()
    (tall.frames, tall.bins) = (256, 64)
    let gan = GAN.specGAN(.init(), tall)
    #expect(gan.sampleShape == [256, 64, 1])
    #expect(gan.generator.outputShape == gan.critic.inputShape)
    #expect(layout(gan)["D/output/dense/kernel"] == [8 * 2 * 16 * 64, 1])
    #expect(layout(gan)["D/downconv_4/conv2d/kernel"] == [5, 5, 512, 1024])
  }

  /// Sizes and a shift: too small, too large, not a power of two, and a shift too large for
  /// reflection.
  @Test(arguments: [[16, 128, 0], [128, 2_048, 0], [96, 128, 0], [64, 128, 4]])
  func picturesThatDoNotFitTrap(_ size: [Int]) async {
    await #expect(processExitsWith: .signal(SIGILL)) { [size] in
      var specgan = SpecGANConfiguration()
      (specgan.frames, specgan.bins, specgan.phaseShuffle) = (size[0], size[1], size[2])
      _ = GAN.specGAN(.init(), specgan)
    }
  }

  @Test func phasesAreShuffledBetweenConvolutionsAlongTime() {
    let gan = GAN.waveGAN()
    func shuffles(_ gan: GAN) -> [PhaseShuffle?] {
      gan.critic.layers.compactMap { $0 as? AffineLayer<LeakyReLU> }.map(\.shuffle)
    }
    #expect(shuffles(gan) == [nil] + (0..<4).map { PhaseShuffle(along: .positions, index: $0) })
    // The reference does not shuffle the phases of the sixth layer.
    #expect(
      shuffles(.waveGAN(length: 65_536))
        == [nil] + (0..<4).map { PhaseShuffle(along: .positions, index: $0) } + [nil])
    #expect(GAN.waveGAN(length: 65_536).phaseShuffle.layers == 4)
    #expect(gan.phaseShuffle.radius == 2)
    #expect(gan.phaseShuffle.layers == 4)
    #expect(shuffles(.specGAN()) == [nil, nil, nil, nil, nil])
    var specgan = SpecGANConfiguration()
    specgan.phaseShuffle = 1
    #expect(
      shuffles(.specGAN(.init(), specgan))
        == [nil] + (0..<4).map { PhaseShuffle(along: .lines, index: $0) })
  }

  @Test func lengthsThatAreNotPublishedTrap() async {
    await #expect(processExitsWith: .signal(SIGILL)) { _ = GAN.waveGAN(length: 8_192) }
  }

  /// They precede every convolution of the critic but the first.
  @Test(arguments: ModelKind.allCases) func lowPassFiltersHaveNoParameters(_ kind: ModelKind) {
    var network = NetworkConfiguration()
    network.dimension = 2
    let strided = GAN.model(kind, network, length: 32_768)
    network.downsampling = .lowPass
    let filtered = GAN.model(kind, network, length: 32_768)
    #expect(filtered.critic.layout == strided.critic.layout)
    #expect(filtered.generator.layers.map(\.name) == strided.generator.layers.map(\.name))
    let names = filtered.critic.layers.map(\.name)
    let filters = names.filter { $0.hasSuffix("/low_pass") }
    #expect(filters == (1...(kind == .specgan ? 4 : 5)).map { "D/downconv_\($0)/low_pass" })
    #expect(names.filter { !filters.contains($0) } == strided.critic.layers.map(\.name))
    for (name, next) in zip(names, names.dropFirst()) where filters.contains(name) {
      #expect(next == name.dropLast("/low_pass".count))
    }
  }

  /// The gradient penalty refuses a critic with batch normalization; a generator with interpolation
  /// is accepted.
  @Test func onlyBatchNormalizationIsNotTwiceDifferentiable() {
    var network = NetworkConfiguration()
    network.dimension = 1
    network.generatorNormalization = .batch
    for gan in [GAN.specGAN(network), .waveGAN(network)] {
      #expect(TwiceDifferentiableNetwork(gan.critic) != nil)
      #expect(gan.critic.statistics.count == 0)
      #expect(gan.generator.statistics.count == 2 * (16 + 8 + 4 + 2 + 1))
    }
    network.criticNormalization = .batch
    for gan in [GAN.specGAN(network), .waveGAN(network)] {
      #expect(TwiceDifferentiableNetwork(gan.critic) == nil)
      #expect(gan.critic.statistics.count == 2 * (2 + 4 + 8 + 16))
    }
  }

  @Test func firstFactorsAndVariancesAreOne() {
    var network = NetworkConfiguration()
    (network.generatorNormalization, network.criticNormalization) = (.batch, .batch)
    network.dimension = 2
    let gan = GAN.waveGAN(network)
    let ones = ["gamma", "moving_variance"]
    let zeros = ["beta", "moving_mean", "bias"]
    for parameters in [
      gan.initialGenerator(seed: 1), gan.initialCritic(seed: 1), gan.initialGeneratorStatistics,
      gan.initialCriticStatistics,
    ] {
      for (name, slice) in parameters.slices {
        let kind = name.split(separator: "/").last.map(String.init) ?? ""
        if ones.contains(kind) { #expect(slice.values.allSatisfy { $0 == 1 }, "\(name)") }
        if zeros.contains(kind) { #expect(slice.values.allSatisfy { $0 == 0 }, "\(name)") }
        #expect(ones.contains(kind) || zeros.contains(kind) || kind == "kernel", "\(name)")
      }
    }
  }

  /// Glorot uniform: values within the limit, with its variance; biases of zero.
  @Test func firstWeightsAreGlorotUniform() throws {
    let gan = GAN.specGAN()
    let critic = gan.initialCritic(seed: 1)
    for (name, slice) in critic.slices {
      let values = slice.values
      if name.hasSuffix("bias") {
        #expect(values.allSatisfy { $0 == 0 })
        continue
      }
      let fans = slice.shape.dropLast(2).reduce(1, *) * slice.shape.suffix(2).reduce(0, +)
      let limit = (6 / Double(fans)).squareRoot()
      // The limit itself is rounded to float32.
      #expect(values.allSatisfy { abs(Double($0)) <= limit * (1 + 0x1p-22) })
      // The mean of n squares of a uniform variable has a deviation of √(4/45n) · limit²; five of
      // these are the tolerance.
      let meanSquare = inner(values, values) / Double(values.count) / (limit * limit)
      #expect(abs(meanSquare - 1.0 / 3) < 5 * (4 / 45.0 / Double(values.count)).squareRoot())
    }
    #expect(gan.initialCritic(seed: 1).block.values == critic.block.values)
    #expect(gan.initialCritic(seed: 2).block.values != critic.block.values)
  }

  private func layout(_ gan: GAN) -> [String: [Int]] {
    let entries = gan.generator.layout.entries + gan.critic.layout.entries
    return Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.shape) })
  }
}
