import Foundation
import SpecGANErrors
import SpecGANSettings
import Spectra
import Testing

@Suite struct ConfigurationErrorTests {
  private static let wrong: [(key: String, values: [String])] = [
    ("model", ["gan", "SpecGAN", "''", "[specgan]"]),
    ("paths.cache", ["", "~", "''", "[a]", "{a: b}"]), ("paths.run", ["null"]),
    (
      "audio.sample_rate",
      ["999", "768001", "16e3", "16000.0", "'16000'", "x", "99999999999999999999"]
    ),
    ("audio.slice_length", ["0", "-1", "16777217"]), ("audio.channels", ["0", "17"]),
    ("audio.overlap", ["-0.1", "1", ".nan", "nan", ".inf", "half", "'0.5'"]),
    ("audio.first_slice_only", ["1", "maybe", "'true'", "[true]"]), ("audio.pad_end", ["0"]),
    ("audio.normalize", ["y"]), ("audio.longest_seconds", ["0", "604801", "1.5", "long"]),
    ("spectrogram.frame_length", ["15", "255", "8194"]),
    ("spectrogram.frame_step", ["0", "129", "4097"]), ("spectrogram.window", ["hanning"]),
    ("spectrogram.merged_bins", ["0", "65", "none"]),
    ("spectrogram.first_merged_bin", ["-1", "4096"]),
    ("spectrogram.log_floor", ["0", "-1e-6", "1.1", "inf", "nan"]),
    ("spectrogram.clip_deviations", ["0", "101"]),
    ("spectrogram.normalization", ["none"]), ("spectrogram.subtract_floor", ["1"]),
    ("spectrogram.headroom", ["-1", "61", "auto", "'none'"]), ("network.latent", ["0", "16385"]),
    ("network.dimension", ["0", "1025", "1.5"]),
    ("network.generator", ["stylegan", "style_based", "true"]),
    ("network.style_dimension", ["0", "1025"]), ("network.mapping_layers", ["0", "17"]),
    ("network.noise_inputs", ["1"]), ("network.upsampling", ["nn", "bilinear", "''"]),
    ("network.downsampling", ["low_pass", "zeros", "true"]),
    ("network.generator_normalization", ["true", "spectral"]),
    ("network.embedding", ["0", "1025"]), ("network.generator_spectral", ["1"]),
    ("network.critic_normalization", ["layer"]),
    ("network.projection", ["own"]), ("network.initial_weights", ["he"]),
    ("network.attention", ["-1", "257", "true"]),
    ("network.growing", ["1", "'true'"]), ("network.phase_shuffle_per", ["layer"]),
    ("network.conditional", ["1"]), ("specgan.kernel", ["0", "64", "4.5"]),
    ("specgan.phase_shuffle", ["-1", "8"]), ("specgan.frames", ["16", "100", "2048"]),
    ("specgan.bins", ["0", "96"]), ("wavegan.kernel", ["0", "256"]),
    ("wavegan.phase_shuffle", ["-1", "64"]), ("wavegan.post_filter", ["-1", "4097"]),
    ("wavegan.real_noise", ["0", "-121"]),
    ("training.loss", ["gan", "WGAN"]),
    ("training.batch_size", ["0", "4097"]), ("training.shards", ["0", "3", "2048"]),
    ("training.critic_updates", ["0", "1001"]),
    ("training.penalty_weight", ["-1", "1000001"]),
    ("training.gradient_weight", ["-1", "none"]), ("training.penalty_interval", ["0", "1001"]),
    ("training.clip_value", ["0", "-0.01"]), ("training.drift_weight", ["-1"]),
    ("training.optimizer", ["sgd", "'auto'"]),
    ("training.learning_rate", ["0", "1.1", "1e-99", "'auto'", "automatic"]),
    ("training.critic_learning_rate", ["0", "2"]),
    ("training.beta1", ["-0.1", "1"]), ("training.beta2", ["1.0", "0,9"]),
    ("training.learning_rate_decay", ["step"]), ("training.planned_steps", ["0"]),
    ("training.decay_to", ["0", "1.1"]), ("training.growing_share", ["-0.1", "1.1"]),
    ("training.average_decay", ["1", "-0.1"]),
    ("training.style_mixing", ["-0.1", "1.1", "true"]),
    ("training.augmentation", ["true"]), ("training.augmentation_probability", ["-0.1", "0.81"]),
    ("training.seed", ["-1", "18446744073709551616"]), ("training.checkpoint_steps", ["0"]),
    ("training.checkpoints_kept", ["0", "1000001"]),
    ("training.random_crops", ["1", "'true'"]), ("training.patience", ["-1", "1000000001"]),
    ("recovery.write_failure", ["go-on"]), ("recovery.divergence", ["rollback", "continue"]),
    ("recovery.largest_loss", ["0", "-1", "inf", "nan"]), ("recovery.roll_backs", ["0", "1001"]),
    ("monitoring.preview_count", ["-1", "65"]), ("monitoring.preview_steps", ["0"]),
    ("monitoring.scalar_steps", ["0"]), ("monitoring.tensorboard", ["1"]),
    ("monitoring.report", ["yes"]),
    ("inversion.method", ["griffinlim"]),
    ("inversion.iterations", ["-1", "100001", "automatic"]),
  ]

  @Test func everyKeyIsTried() { #expect(Self.wrong.map(\.key) == Configuration.keys) }

  @Test(arguments: wrong) func aWrongValueIsRefusedWithItsLine(
    _ key: String, _ values: [String]
  ) throws {
    for value in values {
      let parts = key.split(separator: ".")
      let yaml =
        parts.count == 1
        ? "# one\n\n\(key): \(value)\n" : "# one\n\(parts[0]):\n  \(parts[1]): \(value)\n"
      let sentence = try sentence(of: yaml)
      #expect(sentence.hasPrefix("x.yaml, line 3: \(key) is '"), "\(value): \(sentence)")
      #expect(sentence.contains("; use "), "\(sentence)")
    }
  }

  @Test func theSentenceSaysWhatIsValid() throws {
    #expect(
      try sentence(of: "network: {dimension: 0}")
        == "x.yaml, line 1: network.dimension is '0'; use a whole number from 1 to 1024.")
    #expect(
      try sentence(of: "audio: {overlap: 1}")
        == "x.yaml, line 1: audio.overlap is '1'; use a number from 0 and below 1.")
    #expect(
      try sentence(of: "inversion: {method: x}")
        == """
        x.yaml, line 1: inversion.method is 'x'; use reference, griffin-lim, fast-griffin-lim, admm, \
        pghi, fast or best.
        """)
    #expect(
      try sentence(of: "spectrogram:\n  frame_step: 128\n  frame_length: 128")
        == """
        x.yaml, line 2: spectrogram.frame_step is '128'; use at most half of \
        spectrogram.frame_length, which is 64.
        """)
    #expect(
      try sentence(of: "\nspectrogram.frame_length: 128").hasPrefix("x.yaml, line 2: spectrogram"))
  }

  /// A value is refused when it is read, not later when a checkpoint with it generates clips.
  @Test(arguments: [
    ("inversion:\n  method: pghi\n  iterations: 3", 3),
    ("inversion:\n  iterations: 3\n  method: pghi", 2),
    ("\ninversion: {iterations: 3, method: pghi}", 2),
  ])
  func iterationsMustGoWithTheirMethod(_ yaml: String, _ line: Int) throws {
    let use = "use auto or 0, the limit of inversion.method pghi."
    #expect(try sentence(of: yaml) == "x.yaml, line \(line): inversion.iterations is '3'; \(use)")
    for (first, second) in [("iterations=3", "method=pghi"), ("method=pghi", "iterations=3")] {
      var configuration = Configuration()
      let error = #expect(throws: SpecGANError.self) {
        try configuration.set(["inversion.\(first)", "inversion.\(second)"])
      }
      #expect(error?.description == "The assignment: inversion.iterations is '3'; \(use)")
      #expect(configuration == Configuration(), "nothing has changed")
    }
    for iterations in ["auto", "0"] {
      let read = try Configuration(
        yaml: "inversion: {method: pghi, iterations: \(iterations)}", path: "x.yaml")
      #expect(read.inversion.projections == 0)
    }
  }

  @Test(arguments: [
    ("network: {dimenson: 16}", "network.dimenson", "network.dimension"),
    ("dimension: 16", "dimension", "network.dimension"),
    ("training: {dimension: 16}", "training.dimension", "network.dimension"),
    ("netwrok: {dimension: 16}", "netwrok", "network"),
    ("modle: specgan", "modle", "model"), ("Model: specgan", "Model", "model"),
    ("wavegan: {phaseShuffle: 1}", "wavegan.phaseShuffle", "wavegan.phase_shuffle"),
    ("specgan: {kernels: 1}", "specgan.kernels", "specgan.kernel"),
    ("training: {lr: 1}", "training.lr", nil), ("? [a]\n: b", "?", nil), ("<<: {a: b}", "<<", nil),
  ]) func anUnknownKeyIsRefusedWithTheNearestOne(
    _ yaml: String, _ key: String, _ nearest: String?
  ) {
    #expect {
      try Configuration(yaml: "\n\n" + yaml, path: "x.yaml")
    } throws: { error in
      guard let error = error as? SpecGANError, let found = error.allowed else { return false }
      let isKnown = Configuration.keys.contains(found) || found == "network"
      return error.code == "settings.unknownKey" && error.key == key && error.path == "x.yaml"
        && error.line == 3 && isKnown && found == nearest ?? found
    }
  }

  @Test(arguments: [
    ("model: specgan\nmodel: wavegan", "model"), ("audio: {}\naudio: {}", "audio"),
    ("audio:\n  channels: 1\n  'channels': 1", "channels"),
    ("audio.channels: 1\naudio:\n  channels: 1", "audio.channels"),
  ]) func aKeyThatIsThereTwiceIsRefused(_ yaml: String, _ key: String) {
    #expect {
      try Configuration(yaml: yaml, path: "x.yaml")
    } throws: { error in
      guard let error = error as? SpecGANError, let line = error.line else { return false }
      return error.code == "settings.duplicateKey" && error.path == "x.yaml" && error.key == key
        && (1...3).contains(line)
    }
  }

  @Test(arguments: [
    ("a: [", 1...2), ("model: specgan\n\tpaths: x", 2...2), ("a: b: c", 1...1),
    ("model: 'x", 1...2),
    ("model: *none", 1...1), ("model: specgan\n---\nmodel: wavegan", 2...3), ("\n\n%", 3...4),
    ("model: specgan\n\u{1}", 2...2), ("model: specgan\n\0", 2...2), ("a\n: }", 1...2),
  ]) func whatIsNoYAMLIsRefusedWithItsLine(_ yaml: String, _ lines: ClosedRange<Int>) {
    #expect {
      try Configuration(yaml: yaml, path: "x.yaml")
    } throws: { error in
      guard let error = error as? SpecGANError, let line = error.line else { return false }
      return error.code == "settings.syntax" && error.path == "x.yaml" && lines.contains(line)
    }
  }

  @Test(arguments: [
    ("- a", 1, ""), ("\njust text", 2, ""), ("\nnetwork: 5", 2, "network"),
    ("network:\n - a", 1, "network"), ("audio: {}\nnetwork: ''", 2, "network"),
  ]) func whatIsNoSectionIsRefused(_ yaml: String, _ line: Int, _ key: String) {
    #expect(throws: SpecGANError.section(path: "x.yaml", line: line, key: key)) {
      try Configuration(yaml: yaml, path: "x.yaml")
    }
  }

  @Test(arguments: ["[", "{a: ", "- ", "? "]) func deepNestingIsRefused(_ opening: String) {
    #expect(throws: SpecGANError.self) {
      try Configuration(yaml: String(repeating: opening, count: 100_000), path: "x.yaml")
    }
  }

  @Test func aWrongAssignmentChangesNothing() {
    var configuration = Configuration()
    for text in [
      "", "network.dimension", "network.dimension=", "network.dimension=x", "=1", "a=1",
      "network=1", "network.dimension= 16", "spectrogram.frame_length=128",
    ] {
      #expect("\(text)") {
        try configuration.set(text)
      } throws: { error in
        "\(error)".hasPrefix(
          text == "spectrogram.frame_length=128" ? "The assignment: spec" : "The assignment: ")
      }
    }
    #expect(configuration == Configuration())
  }

  @Test func aLongOrBrokenValueIsShownOnOneLine() throws {
    let sentence = try sentence(of: "model: |\n" + String(repeating: "  line\n", count: 1_000))
    #expect(sentence.count < 200 && !sentence.contains("\n"))
  }

  private func sentence(of yaml: String) throws -> String {
    let error = try #require(throws: SpecGANError.self) {
      try Configuration(yaml: yaml, path: "x.yaml")
    }
    return error.description
  }
}
