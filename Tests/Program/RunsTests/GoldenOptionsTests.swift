import Foundation
import Networks
import SpecGANDatasets
import SpecGANModels
import SpecGANRuns
import SpecGANSettings
import SpecGANTensors
import SpecGANTestSupport
import SpecGANTraining
import Spectra
import Testing

/// The options that `tools/reference/training_options.py` trains with, one after the other.
private enum Option: String, CaseIterable {
  case wgan, lsgan, dcgan, drift, rates, cosine, exponential, average, spectral, labels
  case spectralLeastSquares = "spectral_lsgan"
  case exampleShifts = "example_shifts"
  case normalizedLeastSquares = "batch_lsgan"
  case normalizedClipping = "batch_wgan"
  case rpgan, hinge
  case labeledPairs = "rpgan_labels"
  case zeroCentered = "zero_centered"
  case attention
  case signalAttention = "attention_signals"
  case pairAttention = "attention_pairs"
  case zeroCenteredAttention = "attention_zero_centered"
  case conditional, projection, biggan
  case conditionalLatent = "conditional_latent"
  case spectralGenerator = "spectral_generator"
  case fourTaps = "four_taps"
  case threeTaps = "three_taps"
  case lowPass = "low_pass"
  case lowPassSignals = "low_pass_signals"
  case lowPassPairs = "low_pass_pairs"
  case lowPassZeroCentered = "low_pass_zero_centered"
  case lowPassBatch = "low_pass_batch"
  case styles
  case styleMixing = "style_mixing"
  case styleSignals = "style_signals"
  case styleLowPass = "style_low_pass"
  case augmented
  case augmentedPairs = "augmented_pairs"
  case realNoise = "real_noise"
  case growing
  case growingPairs = "growing_pairs"
  case growingStyles = "growing_styles"
  case growingBatch = "growing_batch"

  var kind: ModelKind {
    switch self {
    case .dcgan, .rates, .spectral, .labels, .exampleShifts, .normalizedClipping, .labeledPairs,
      .zeroCentered, .signalAttention, .pairAttention, .conditionalLatent, .spectralGenerator,
      .lowPassSignals, .lowPassPairs, .styleSignals, .augmentedPairs, .realNoise, .growingPairs:
      .wavegan
    default: .specgan
    }
  }

  /// The settings as a user writes them; all others follow from these.
  var settings: [String] {
    switch self {
    case .wgan, .lsgan, .dcgan: ["training.loss=\(rawValue)"]
    case .drift: ["training.drift_weight=0.5"]
    case .rates:
      ["training.critic_learning_rate=3e-4", "training.learning_rate_decay=linear"] + fastDecay
    case .cosine, .exponential: ["training.learning_rate_decay=\(rawValue)"] + fastDecay
    case .average: ["training.average_decay=0.25"]
    case .spectral: ["network.critic_normalization=spectral"]
    case .spectralLeastSquares: ["network.critic_normalization=spectral", "training.loss=lsgan"]
    case .labels: ["network.conditional=true"]
    case .exampleShifts: ["network.phase_shuffle_per=example"]
    case .normalizedLeastSquares: ["training.loss=lsgan"] + normalized
    case .normalizedClipping: ["training.loss=wgan"] + normalized
    case .rpgan:
      ["training.loss=rpgan", "training.optimizer=rmsprop", "training.gradient_weight=2"]
    case .labeledPairs:
      [
        "training.loss=rpgan", "training.optimizer=rmsprop", "training.gradient_weight=0.5",
        "training.penalty_interval=3", "network.conditional=true",
      ]
    case .hinge: ["training.loss=hinge"]
    case .zeroCentered: ["training.loss=dcgan", "training.gradient_weight=1"]
    case .attention: ["network.attention=16"]
    case .signalAttention: ["network.attention=64", "network.critic_normalization=spectral"]
    case .pairAttention:
      [
        "training.loss=rpgan", "training.optimizer=rmsprop", "training.gradient_weight=0.5",
        "training.penalty_interval=3", "network.attention=256",
      ]
    case .zeroCenteredAttention:
      ["training.loss=dcgan", "training.gradient_weight=1", "network.attention=32"]
    case .fourTaps: ["specgan.kernel=4"]
    case .threeTaps: ["specgan.kernel=3", "network.upsampling=nearest"]
    case .lowPass: lowPassBoth
    case .lowPassSignals: ["wavegan.kernel=24"] + lowPassBoth
    case .lowPassPairs:
      [
        "training.loss=rpgan", "training.optimizer=rmsprop", "training.gradient_weight=0.5",
        "training.penalty_interval=3", "network.attention=64", "network.downsampling=low-pass",
      ]
    case .lowPassZeroCentered:
      [
        "training.loss=dcgan", "training.gradient_weight=1", "network.attention=16",
        "network.downsampling=low-pass", "specgan.kernel=3",
      ]
    case .lowPassBatch: ["training.loss=lsgan", "specgan.kernel=4"] + normalized + lowPassBoth
    case .conditional, .conditionalLatent, .spectralGenerator, .projection, .biggan:
      generatorSettings
    case .augmented: augmented + ["spectrogram.log_floor=1e-2"]
    case .augmentedPairs:
      augmented + [
        "training.loss=rpgan", "training.optimizer=rmsprop", "training.gradient_weight=0.5",
        "training.penalty_interval=3",
      ]
    case .realNoise: ["training.loss=dcgan", "wavegan.real_noise=-20"]
    case .styles, .styleMixing, .styleSignals, .styleLowPass: styleSettings
    case .growing, .growingPairs, .growingStyles, .growingBatch: growingSettings
    }
  }

  /// The number of steps; networks that grow pass through all levels and blends.
  var steps: Int {
    switch self {
    case .growing: 11
    case .growingPairs, .growingStyles, .growingBatch: 7
    default: 3
    }
  }

  private var growingSettings: [String] {
    let growing = ["network.growing=true", "training.growing_share=0.5"]
    let short = growing + ["training.planned_steps=12"]
    return switch self {
    case .growing: growing + ["training.planned_steps=20", "training.average_decay=0.25"]
    case .growingPairs:
      short + [
        "training.loss=rpgan", "training.optimizer=rmsprop", "training.gradient_weight=0.5",
        "training.penalty_interval=3", "network.attention=64",
      ]
    case .growingStyles:
      short + [
        "network.generator=style-based", "network.noise_inputs=true", "training.loss=hinge",
        "network.conditional=true", "network.embedding=3", "network.style_dimension=4",
        "network.mapping_layers=1", "training.style_mixing=0.75", "training.optimizer=rmsprop",
        "training.learning_rate=0.1", "training.critic_learning_rate=2e-4",
      ]
    case .growingBatch: short + ["training.loss=lsgan"] + normalized + lowPassBoth
    default: []
    }
  }

  private var styleSettings: [String] {
    let styleBased = ["network.generator=style-based"]
    let two = ["network.style_dimension=3", "network.mapping_layers=2"]
    let noise = ["network.noise_inputs=true"]
    return switch self {
    case .styles:
      styleBased + two + ["training.learning_rate=3e-3", "training.critic_learning_rate=1e-4"]
    case .styleMixing:
      styleBased + noise + [
        "training.loss=hinge", "network.conditional=true", "network.embedding=3",
        "network.style_dimension=4", "network.mapping_layers=1", "training.style_mixing=0.75",
        "training.learning_rate=3e-3", "training.critic_learning_rate=2e-4",
      ]
    case .styleSignals:
      styleBased + two + noise + [
        "training.loss=lsgan", "training.style_mixing=0.5", "training.average_decay=0.25",
        "training.learning_rate=1", "training.critic_learning_rate=1e-4",
      ]
    case .styleLowPass:
      styleBased + two + [
        "training.loss=rpgan", "training.optimizer=rmsprop", "training.gradient_weight=0.5",
        "training.penalty_interval=3", "network.upsampling=low-pass", "specgan.kernel=4",
        "training.learning_rate=1", "training.critic_learning_rate=2e-4",
      ]
    default: []
    }
  }

  private var generatorSettings: [String] {
    let conditional = ["network.generator_normalization=conditional", "training.optimizer=rmsprop"]
    let labels = ["network.conditional=true", "network.embedding=3"]
    let critic = [
      "training.loss=hinge", "network.critic_normalization=spectral", "network.projection=separate",
    ]
    return switch self {
    case .conditional: conditional + labels
    case .conditionalLatent: conditional + ["training.loss=lsgan"]
    case .spectralGenerator: ["network.generator_spectral=true"]
    case .projection: critic + ["network.conditional=true"]
    case .biggan:
      conditional + labels + critic + [
        "network.generator_spectral=true", "training.average_decay=0.25",
        "training.learning_rate=5e-5", "training.critic_learning_rate=2e-4",
      ]
    default: []
    }
  }

  private var augmented: [String] {
    ["training.augmentation=fixed", "training.augmentation_probability=0.7"]
  }

  private var lowPassBoth: [String] {
    ["network.upsampling=low-pass", "network.downsampling=low-pass"]
  }

  private var normalized: [String] {
    ["network.generator_normalization=batch", "network.critic_normalization=batch"]
  }

  private var fastDecay: [String] { ["training.planned_steps=4", "training.decay_to=0.25"] }
}

/// Three steps with each option, or more of networks that grow, compared with PyTorch in some
/// elements of every tensor.
@Suite struct GoldenOptionsTests {
  @Test(arguments: Option.allCases)
  private func stepsEqualPyTorchs(_ option: Option) throws {
    let golden = try Golden("training_options")
    let trainer = try trainer(option, golden, threads: 2)
    let losses = try (0..<option.steps).map { _ in try trainer.takeStep() }
    let subject = Subject(option, golden)
    try subject.expect(losses.map(\.criticLoss), "critic_loss")
    try subject.expect(losses.map(\.wasserstein), "wasserstein")
    try subject.expect(losses.map { $0.gradientPenalty ?? 0 }, "gradient_penalty")
    try subject.expect(losses.map(\.generatorLoss), "generator_loss")
    let states = [trainer.generatorState, trainer.criticState]
    for (name, slice) in states.flatMap({ $0.weights.slices + $0.statistics.slices }) {
      try subject.expect(kept(slice, golden), name)
    }
    #expect(
      (trainer.generatorState.average != nil)
        == [.average, .biggan, .styleSignals, .growing].contains(option))
    for (name, slice) in trainer.generatorState.average?.slices ?? [] {
      try subject.expect(kept(slice, golden), name + "/ExponentialMovingAverage")
    }
  }

  /// Law 1.
  @Test(arguments: Option.allCases)
  private func bitsDoNotDependOnThreads(_ option: Option) throws {
    let golden = try Golden("training_options")
    let results = try [1, 3].map { threads in
      let trainer = try trainer(option, golden, threads: threads)
      _ = try trainer.takeStep()
      return trainer.generator.block.values + trainer.critic.block.values
    }
    #expect(results[0] == results[1])
  }

  private func trainer(_ option: Option, _ golden: Golden, threads: Int) throws -> Trainer {
    var configuration = Configuration()
    configuration.model = option.kind
    configuration.network.latent = 7
    configuration.network.dimension = 1
    configuration.training.batchSize = 3
    configuration.training.criticUpdates = 2
    let seeds = try JSONDecoder().decode(
      [String: UInt64].self, from: Data((golden.metadata["seed"] ?? "").utf8))
    configuration.training.seed = try #require(seeds[option.rawValue])
    try configuration.set(option.settings)
    let examples = try Golden(option.kind.rawValue + "_training").tensor("examples")
    let (clean, level) = (StoredExamples(examples), configuration.wavegan.realNoise)
    let trainer = Trainer(
      configuration.gan(labels: 2), configuration.training,
      examples: level.map {
        NoisyExamples(clean, level: $0, seed: configuration.training.seed)
      } ?? clean,
      labels: configuration.network.isConditional ? [0, 1, 0, 1] : [],
      augmenter: try augmenter(configuration), engine: Engine(threads: threads))
    // As in the script: with the initial value, 0, attention and noise would hardly affect three
    // steps.
    let averages = trainer.generatorState.average?.slices ?? []
    for (name, slice) in trainer.generator.slices + trainer.critic.slices + averages
    where name.hasSuffix("/attention/gamma") || name.hasSuffix("/noise/strength") {
      slice.fill(0.5)
    }
    return trainer
  }

  /// An augmenter with the moments of the script.
  private func augmenter(_ configuration: Configuration) throws -> any Augmenter {
    guard configuration.model == .specgan else {
      return WaveformAugmenter(length: 16_384, channels: 1)
    }
    let places = (0..<configuration.spectrogram.binCount).map { Float($0) / 128 }
    let moments = try Moments(mean: places.map { -2 - $0 }, deviation: places.map { 0.5 + $0 / 4 })
    return PictureAugmenter(
      frames: 128, try PictureCodec(configuration: configuration.spectrogram, moments: [moments]))
  }

  /// The elements that the script keeps: as many as 32, evenly spread.
  private func kept(_ slice: TensorView, _ golden: Golden) throws -> [Float] {
    let count = try #require(golden.metadata["kept"].flatMap(Int.init))
    let step = max(1, slice.count / count)
    return Array(stride(from: 0, to: slice.count, by: step).map { slice.values[$0] }.prefix(count))
  }
}

/// The results of one option.
private struct Subject {
  let option: Option
  let golden: Golden

  init(_ option: Option, _ golden: Golden) {
    self.option = option
    self.golden = golden
  }

  /// The tolerance is four times the difference between PyTorch's float32 and float64 runs, and one
  /// rounding of a value of size 1 if that is larger, or two for a moving variance, which is
  /// rounded in every update.
  func expect(_ actual: [Float], _ name: String) throws {
    let text = Data((golden.metadata["float32_difference"] ?? "").utf8)
    let differences = try JSONDecoder().decode([String: Float].self, from: text)
    let key = "\(option.rawValue)/\(name)"
    let difference = try #require(differences[key])
    let rounding: Float = name.hasSuffix("/moving_variance") ? 0x1p-23 : 0x1p-24
    expectWithin(max(4 * difference, rounding), actual, try golden.floats(key), name)
  }
}
