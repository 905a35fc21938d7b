import Foundation
import Networks
import SpecGANErrors
import SpecGANModels
import SpecGANRandomness
import SpecGANSettings
import SpecGANTestSupport
import SpecGANTraining
import Spectra
import Testing
import Waveforms

@Suite struct ConfigurationTests {
  /// Editors on Windows begin a file with a byte order mark, which YAML allows.
  @Test(arguments: [
    "model: wavegan\r\nnetwork:\r\n  dimension: 4\r\n",
    "# x\nmodel: wavegan\nnetwork: {dimension: 4}",
    "---\nmodel: wavegan\nnetwork.dimension: 4\n",
  ])
  func aByteOrderMarkIsPassedOver(_ yaml: String) throws {
    let plain = try Configuration(yaml: yaml, path: "x")
    #expect(plain.model == .wavegan && plain.network.dimension == 4)
    #expect(try Configuration(yaml: "\u{FEFF}" + yaml, path: "x") == plain)
  }

  @Test(arguments: ["", "\n", "# nothing\n", "---\n", "~", "paths:\nnetwork:\n  # nothing\n"])
  func whatIsLeftOutTakesItsDefault(_ yaml: String) throws {
    #expect(try Configuration(yaml: yaml, path: "x") == Configuration())
  }

  /// The names, the order and the defaults on which other programs and files depend.
  @Test func theKeysAndDefaultsAreTheAgreedOnes() throws {
    let agreed = """
      model: specgan
      paths: {cache: cache, run: run}
      audio: {sample_rate: 16000, slice_length: 16384, channels: 1, overlap: 0.0,
        first_slice_only: false, pad_end: true, normalize: false, longest_seconds: 10800}
      spectrogram: {frame_length: 256, frame_step: 128, window: hann, merged_bins: 1,
        first_merged_bin: 0, log_floor: 1.0e-6, clip_deviations: 3, normalization: moments, subtract_floor: false, headroom: none}
      network: {latent: 100, dimension: 64, generator: dcgan, style_dimension: 128,
        mapping_layers: 4, noise_inputs: false, upsampling: zeros, downsampling: strided,
        generator_normalization: none, embedding: 128, generator_spectral: false,
        critic_normalization: none, projection: merged, initial_weights: glorot, attention: 0,
        growing: false, phase_shuffle_per: batch, conditional: false}
      specgan: {kernel: 5, phase_shuffle: 0, frames: 128, bins: 128}
      wavegan: {kernel: 25, phase_shuffle: 2, post_filter: 0, real_noise: none}
      training: {loss: wgan-gp, batch_size: 64, shards: 1, critic_updates: 5, penalty_weight: 10,
        gradient_weight: auto, penalty_interval: 1, clip_value: 0.01, drift_weight: 0, optimizer: auto, learning_rate: auto,
        critic_learning_rate: auto, beta1: auto, beta2: auto, learning_rate_decay: none,
        planned_steps: auto, decay_to: 0.01, growing_share: 0.5, average_decay: 0, style_mixing: 0, augmentation: none,
        augmentation_probability: 0.3, seed: 0, checkpoint_steps: 500,
        checkpoints_kept: 5, random_crops: false, patience: 0}
      recovery: {write_failure: stop, divergence: stop, largest_loss: 1.0e+6, roll_backs: 3}
      monitoring: {preview_count: 8, preview_steps: 1000, scalar_steps: 10, tensorboard: true,
        report: true}
      inversion: {method: best, iterations: auto}
      """
    #expect(try Configuration(yaml: agreed, path: "x") == Configuration())
    #expect(names(in: agreed) == Configuration.keys)
    #expect(names(in: Configuration().commented) == Configuration.keys)
    #expect(names(in: Configuration().yaml) == Configuration.keys)
  }

  @Test func everyKeyReachesItsOwnPlace() throws {
    #expect(Set(others.map(\.key)) == Set(Configuration.keys))
    for (key, value) in others {
      var configuration = Configuration()
      try configuration.set("\(key)=\(value)")
      #expect(configuration != Configuration(), "\(key)")
      #expect(configuration.yaml.contains(": \(value)\n"), "\(key)")
    }
    var all = Configuration()
    for (key, value) in others { try all.set("\(key)=\(value)") }
    #expect(all.network.dimension == 16 && all.wavegan.phaseShuffle == 3)
    #expect(all.spectrogram.logFloor == 2e-7 && all.audio.overlap == 0.25)
    #expect(all.training.seed == .max && all.inversion.method == .reference)
    #expect(try Configuration(yaml: all.yaml, path: "x") == all)
  }

  @Test(arguments: [Configuration(), .small])
  func theCommentedFileIsTheConfiguration(_ configuration: Configuration) throws {
    let yaml = configuration.commented
    #expect(try Configuration(yaml: yaml, path: "x") == configuration)
    #expect(yaml.contains("; default 64\n") == (configuration == .small))
    for line in yaml.split(separator: "\n") where line.contains(": ") {
      #expect(line.contains("# "), "\(line)")
      #expect(line.count <= 128, "\(line)")
    }
  }

  /// The settings of the experiments are those of `init --small`.
  @Test func theExperimentsHaveTheSmallSettings() throws {
    let path = Fixtures.repository + "/tools/experiments/settings.yaml"
    #expect(try Configuration(path: path) == .small)
  }

  @Test func anyTextSurvivesTheFile() throws {
    let random = RandomStream(seed: 3, stream: 0)
    let fixed = [
      "a b", "no", "Null", "~a", "./~", "1", "1e3", "- x", "#", "a: b", "'", "\"", "\\", "é/🎵",
      "\t", "\n",
      " ", "{}", "[", "*a", "&a", "!t", "%", "@", "`", "\u{7F}\u{85}\u{2028}\u{FEFF}", "0x1", "=",
      "..",
    ]
    let drawn = (0..<300).map { round in
      String(
        (0...random.integer(below: 6, at: UInt64(16 * round))).map { index in
          // Any character below the surrogates, except NUL.
          let value = 1 + random.integer(below: 0xD7FE, at: UInt64(16 * round + 1 + index))
          return Character(Unicode.Scalar(UInt16(value)) ?? "x")
        })
    }
    for text in fixed + drawn {
      var configuration = Configuration()
      try configuration.set("paths.run=\(text)")
      let found = try Configuration(yaml: configuration.yaml, path: "x")
      #expect(found.paths.run.unicodeScalars.elementsEqual(text.unicodeScalars), "\(text)")
    }
  }

  /// In a file and in an assignment, where no shell replaces it.
  @Test func aTildeIsTheHomeFolder() throws {
    let home = ProcessInfo.processInfo.environment["HOME"] ?? NSHomeDirectory()
    var configuration = try Configuration(yaml: "paths: {cache: ~/a, run: \"~\"}", path: "x")
    #expect(configuration.paths.cache == home + "/a" && configuration.paths.run == home)
    try configuration.set("paths.run=~/b~")
    #expect(configuration.paths.run == home + "/b~")
  }

  @Test func anyNumberSurvivesTheFile() throws {
    let random = RandomStream(seed: 4, stream: 0)
    for round in 0..<500 {
      var configuration = Configuration()
      let rate = Float(bitPattern: random.bits(at: UInt64(2 * round)) % Float(1).bitPattern)
      configuration.training.learningRate = max(rate, .leastNonzeroMagnitude)
      configuration.training.seed = UInt64(random.bits(at: UInt64(2 * round + 1))) << 32 | 7
      #expect(try Configuration(yaml: configuration.yaml, path: "x") == configuration)
    }
  }

  @Test func aFileIsRead() throws {
    try withTemporaryFolder { folder in
      let path = try folder.write(Array("network.dimension: 16\n".utf8), as: "x.yaml")
      #expect(try Configuration(path: path).network.dimension == 16)
      let latin = try folder.write([0x61, 0xE9, 0x0A], as: "latin.yaml")
      #expect(throws: SpecGANError.encoding(path: latin)) { try Configuration(path: latin) }
      #expect(throws: SpecGANError.self) { try Configuration(path: folder.path("none")) }
    }
  }

  @Test func trainingNeedsSlicesOfTheNetworksSize() throws {
    try Configuration().validatedForTraining()
    for (assignment, models) in [
      ("audio.slice_length=8192", ["specgan", "wavegan"]), ("audio.channels=3", ["specgan"]),
      ("audio.channels=2", []),
      ("audio.slice_length=32768", ["specgan"]), ("audio.slice_length=65536", ["specgan"]),
      ("audio.slice_length=131072", ["specgan", "wavegan"]), ("audio.channels=16", ["specgan"]),
      ("spectrogram.frame_step=64", ["specgan"]), ("spectrogram.frame_length=512", ["specgan"]),
    ] {
      for model in ["specgan", "wavegan"] {
        var configuration = Configuration()
        try configuration.set("model=\(model)")
        try configuration.set(assignment)
        let isRefused = (try? configuration.validatedForTraining()) == nil
        #expect(isRefused == models.contains(model), "\(assignment) \(model)")
      }
    }
  }

  /// Version 0.2 wrote `decay_steps`, also for runs without a decay.
  @Test func theFormerNameOfThePlanIsRead() throws {
    func plan(_ decay: String) throws -> Int? {
      let text = "training: {learning_rate_decay: \(decay), decay_steps: 200000}"
      return try Configuration(yaml: text, path: "x").training.plannedSteps
    }
    #expect(try plan("none") == nil)
    #expect(try plan("cosine") == 200_000)
  }

  @Test func theSentenceSaysWhichSoundsWaveGANMakes() throws {
    var configuration = Configuration()
    try configuration.set(["model=wavegan", "audio.slice_length=20000"])
    let error = #expect(throws: SpecGANError.self) {
      try configuration.validatedForTraining()
    }
    #expect(
      error?.description.hasSuffix(
        "audio.slice_length is '20000'; use 16384, 32768 or 65536, which wavegan needs.")
        == true, "\(String(describing: error))")
  }

  @Test(arguments: [
    (
      "network.critic_normalization=batch",
      "none or spectral, because gradient penalties need"
    ),
    (
      "training.clip_value=1",
      "0.01, because training.loss is wgan-gp, which clips no weights"
    ),
    (
      "training.planned_steps=9",
      "auto, because training.learning_rate_decay is none, and networks do not grow"
    ),
    ("training.growing_share=0.7", "0.5, because network.growing is false"),
    (
      "training.gradient_weight=1",
      "auto or 0, because training.loss is wgan-gp, which bounds gradients already"
    ),
    ("training.penalty_interval=4", "1, because training.gradient_weight is 0"),
    (
      "training.augmentation_probability=0.5",
      "0.3, because training.augmentation is none"
    ),
    ("training.decay_to=0.5", "0.01, because training.learning_rate_decay is none"),
  ]) func settingsThatMeanNothingBesideTheDefaultsAreRefused(
    _ assignment: String, _ words: String
  ) throws {
    var configuration = Configuration()
    try configuration.set(assignment)
    let error = #expect(throws: SpecGANError.self) {
      try configuration.validatedForTraining()
    }
    #expect(error?.description.contains("; use \(words)") == true, "\(String(describing: error))")
  }

  /// Every layer before attention that the message names is accepted by both networks.
  @Test(arguments: [
    (["network.attention=12"], "0, or a layer's number of positions along time: 8, 16, 32, 64"),
    (
      ["model=wavegan", "network.attention=16"],
      "0, or a layer's number of positions along time: 64, 256"
    ),
    (
      ["model=wavegan", "audio.slice_length=32768", "network.attention=64"],
      "0, or a layer's number of positions along time: 32, 128"
    ),
  ]) func attentionNeedsALayerOfThatSize(_ assignments: [String], _ words: String) throws {
    var configuration = Configuration()
    try configuration.set(assignments)
    let error = #expect(throws: SpecGANError.self) {
      try configuration.validatedForTraining()
    }
    #expect(error?.description.contains("; use \(words)") == true, "\(String(describing: error))")
    for size in words.split(separator: ": ")[1].split(separator: ", ") {
      try configuration.set("network.attention=\(size)")
      try configuration.validatedForTraining()
      let gan = configuration.gan(labels: 0)
      for network in [gan.generator, gan.critic] {
        #expect(network.layers.count { $0.name.hasSuffix("/attention") } == 1)
      }
    }
  }

  /// Each setting alone is in range; together they have no meaning.
  @Test(arguments: [
    (
      "audio.first_slice_only=true", "training.random_crops=true",
      "false, because audio.first_slice"
    ),
    (
      "monitoring.preview_count=0", "training.patience=7",
      "0, because monitoring.preview_count is 0"
    ),
    (
      "training.loss=lsgan", "training.penalty_weight=1",
      "10, because training.loss is lsgan"
    ),
    (
      "training.loss=dcgan", "training.drift_weight=1",
      "0, because training.loss is dcgan"
    ),
    (
      "training.loss=wgan", "network.critic_normalization=spectral",
      "none, because training.loss wgan"
    ),
    (
      "training.loss=wgan", "network.attention=16",
      "0, because training.loss wgan clips"
    ),
    (
      "network.generator_normalization=conditional", "network.latent=6",
      "7 or more, because network.generator_normalization is conditional"
    ),
    (
      "network.generator=style-based", "network.generator_normalization=batch",
      "none, because network.generator is style-based"
    ),
    (
      "network.generator=style-based", "network.generator_spectral=true",
      "false, because network.generator is style-based"
    ),
    ("training.loss=wgan", "training.beta1=0.1", "auto, because the optimizer is rmsprop"),
    (
      "training.optimizer=rmsprop", "training.beta2=0.1",
      "auto, because the optimizer is rms"
    ),
  ]) func settingsThatDoNotGoTogetherAreRefused(
    _ first: String, _ second: String, _ words: String
  ) throws {
    for assignments in [[first], [second], [first, second]] {
      var configuration = Configuration()
      try configuration.set(assignments)
      guard assignments.count == 2 else {
        try configuration.validatedForTraining()
        continue
      }
      let error = #expect(throws: SpecGANError.self) {
        try configuration.validatedForTraining()
      }
      let key = second.prefix { $0 != "=" }
      #expect(error?.description.hasPrefix("The configuration: \(key) is '") == true)
      #expect(error?.description.contains("; use \(words)") == true)
    }
  }

  /// A value other than the default for every key, as written in the file.
  private let others: [(key: String, value: String)] = [
    ("model", "wavegan"), ("paths.cache", "a/b"), ("paths.run", "c"), ("audio.sample_rate", "8000"),
    ("audio.slice_length", "65536"), ("audio.channels", "2"), ("audio.overlap", "0.25"),
    ("audio.first_slice_only", "true"), ("audio.pad_end", "false"), ("audio.normalize", "true"),
    ("audio.longest_seconds", "7200"),
    ("spectrogram.frame_length", "512"), ("spectrogram.frame_step", "64"),
    ("spectrogram.window", "gaussian"), ("spectrogram.merged_bins", "4"),
    ("spectrogram.first_merged_bin", "32"), ("spectrogram.log_floor", "2.0e-07"),
    ("spectrogram.clip_deviations", "2.5"), ("spectrogram.normalization", "range"),
    ("spectrogram.subtract_floor", "true"), ("spectrogram.headroom", "3"),
    ("network.latent", "10"), ("network.dimension", "16"), ("network.upsampling", "low-pass"),
    ("network.downsampling", "low-pass"), ("network.generator", "style-based"),
    ("network.style_dimension", "64"), ("network.mapping_layers", "8"),
    ("network.noise_inputs", "true"),
    ("network.generator_normalization", "batch"), ("network.critic_normalization", "spectral"),
    ("network.embedding", "32"), ("network.generator_spectral", "true"),
    ("network.projection", "separate"), ("network.initial_weights", "orthogonal"),
    ("network.attention", "16"), ("network.growing", "true"),
    ("network.phase_shuffle_per", "example"),
    ("network.conditional", "true"),
    ("specgan.kernel", "4"),
    ("specgan.phase_shuffle", "1"), ("specgan.frames", "256"), ("specgan.bins", "64"),
    ("wavegan.kernel", "12"), ("wavegan.phase_shuffle", "3"), ("wavegan.post_filter", "512"),
    ("wavegan.real_noise", "-60"),
    ("training.loss", "wgan"), ("training.batch_size", "8"), ("training.shards", "4"),
    ("training.critic_updates", "1"),
    ("training.penalty_weight", "0.1"), ("training.clip_value", "0.02"),
    ("training.gradient_weight", "0.5"), ("training.penalty_interval", "16"),
    ("training.drift_weight", "0.001"), ("training.optimizer", "rmsprop"),
    ("training.learning_rate", "0.001"), ("training.critic_learning_rate", "0.003"),
    ("training.beta1", "0"), ("training.beta2", "0.99"),
    ("training.learning_rate_decay", "cosine"), ("training.planned_steps", "1000"),
    ("training.decay_to", "0.1"), ("training.growing_share", "0.25"),
    ("training.average_decay", "0.999"),
    ("training.style_mixing", "0.9"),
    ("training.augmentation", "adaptive"), ("training.augmentation_probability", "0.7"),
    ("training.seed", "18446744073709551615"), ("training.checkpoint_steps", "7"),
    ("training.checkpoints_kept", "2"), ("training.random_crops", "true"),
    ("training.patience", "12"),
    ("recovery.write_failure", "continue"), ("recovery.divergence", "roll-back"),
    ("recovery.largest_loss", "5000"), ("recovery.roll_backs", "9"),
    ("monitoring.preview_count", "0"), ("monitoring.preview_steps", "30"),
    ("monitoring.scalar_steps", "1"), ("monitoring.tensorboard", "false"),
    ("monitoring.report", "false"),
    ("inversion.method", "reference"), ("inversion.iterations", "0"),
  ]

  /// Returns the keys of block or flow YAML, found without a parser.
  private func names(in yaml: String) -> [String] {
    var section = ""
    return yaml.split(separator: "\n").flatMap { line -> [String] in
      let text = line.prefix { $0 != "#" }
      var words = text.split { " {},".contains($0) }.filter { $0.hasSuffix(":") }.map {
        $0.dropLast()
      }
      if let first = words.first, !line.hasPrefix(" "), text.contains("{") || text.hasSuffix(":") {
        section = "\(first)."
        words.removeFirst()
      } else if !line.hasPrefix(" ") {
        section = ""
      }
      return words.map { section + $0 }
    }
  }
}
