import CSpecGANAllocationCounter
import Networks
import SpecGANDatasets
import SpecGANModels
import SpecGANTensors
import SpecGANTestSupport
import SpecGANTraining
import Testing

/// A training step uses memory that is allocated once: it allocates no tensors, and nothing per
/// example.
@Suite struct StepAllocationTests {
  /// A step allocates a few small arrays; their number does not depend on the batch size.
  @Test(arguments: Subject.allCases)
  private func aStepAllocatesAsOftenWhateverTheBatch(_ subject: Subject) throws {
    let small = try subject.allocations(batch: 4)
    let large = try subject.allocations(batch: 16)
    #expect(small.count == large.count)
    #expect(large.largest <= 4_096)
  }

  /// The counter counts tensors and arrays; without this the other tests would prove nothing.
  @Test func tensorsAndArraysAreCounted() {
    specgan_count_allocations()
    let tensor = Tensor(shape: [1_000])
    let array = (0..<Int(tensor.values[0]) + 10_000).map { $0 }
    let found = specgan_counted_allocations()
    #expect(found.count >= 2 && found.largest >= 8 * array.count)
  }

  /// A view of a tensor allocates nothing.
  @Test func windowsAreNotAllocated() {
    let tensor = Tensor(shape: [64, 32])
    specgan_count_allocations()
    for index in 0..<64 {
      tensor.examples(index..<index + 1).fill(1)
      tensor.part(offset: index, count: 32).fill(2)
    }
    #expect(specgan_counted_allocations().count == 0)
    #expect(tensor.values.allSatisfy { $0 != 0 })
  }
}

/// Networks with one option each that adds to what a step does.
private enum Subject: String, CaseIterable {
  case specgan, wavegan, batchNormalization, spectralNormalization, shiftsOfExamples, shiftsOfLines
  case labels, interpolation, filter, clipping, average, attention
  case conditionalNormalization, projection, spectralGenerator
  case lowPass, lowPassSignals, styles, growing

  private var gan: GAN {
    var network = NetworkConfiguration()
    var (specgan, wavegan) = (SpecGANConfiguration(), WaveGANConfiguration())
    (network.latent, network.dimension) = (7, 8)
    (specgan.frames, specgan.bins) = (64, 64)
    switch self {
    case .batchNormalization:
      (network.generatorNormalization, network.criticNormalization) = (.batch, .batch)
    case .spectralNormalization: network.criticNormalization = .spectral
    case .shiftsOfExamples, .shiftsOfLines:
      network.phaseShufflePer = .example
      specgan.phaseShuffle = 2
    case .interpolation: network.upsampling = .linear
    case .attention: network.attention = 16
    case .conditionalNormalization:
      network.generatorNormalization = .conditional
      network.generatorIsSpectral = true
    case .spectralGenerator: network.generatorIsSpectral = true
    case .projection: network.projection = .separate
    case .styles: (network.generator, network.hasNoiseInputs) = (.styleBased, true)
    case .lowPass, .lowPassSignals:
      (network.upsampling, network.downsampling) = (.lowPass, .lowPass)
    case .growing: network.isGrowing = true
    case .filter: wavegan.postFilter = 16
    default: break
    }
    let labels = [.labels, .conditionalNormalization, .projection].contains(self) ? 3 : 0
    return switch self {
    case .wavegan, .spectralNormalization, .shiftsOfExamples, .filter, .labels,
      .lowPassSignals:
      .waveGAN(network, wavegan, labels: labels)
    default: .specGAN(network, specgan, labels: labels)
    }
  }

  /// Returns the allocations of the second step, or of the second one of a blend, on one thread.
  func allocations(batch: Int) throws -> specgan_allocations {
    let gan = gan
    var training = TrainingConfiguration()
    (training.batchSize, training.criticUpdates) = (batch, 2)
    if self == .batchNormalization { training.loss = .leastSquares }
    if self == .clipping { training.loss = .wassersteinClipping }
    if self == .average { training.averageDecay = 0.9 }
    if self == .styles { training.styleMixing = 0.5 }
    // The first blend has the steps 3 to 5, and its first one allocates the memory of its stage.
    if self == .growing { (training.plannedSteps, training.growingShare) = (12, 1) }
    let examples = 256  // of one epoch for all that is trained here
    let trainer = Trainer(
      gan, training,
      examples: StoredExamples(.random([examples] + gan.sampleShape, seed: 1)),
      labels: gan.labelCount == 0 ? [] : (0..<examples).map { $0 % gan.labelCount },
      engine: Engine(threads: 1))
    for _ in 0..<(self == .growing ? 4 : 1) { _ = try trainer.takeStep() }
    specgan_count_allocations()
    defer { _ = specgan_counted_allocations() }
    _ = try trainer.takeStep()
    return specgan_counted_allocations()
  }
}
