import Foundation
import Glibc
import SpecGANTestSupport
import Testing

/// `specgan evaluate` reports unusable inputs, and evaluates the others.
@Suite(.serialized, .training) struct EvaluateErrorTests {
  @Test func optionsThatCannotBeAreNamed() throws {
    try withWorkshop { shop in
      for (options, words) in [
        (["--count", "1"], "--count is 1"), (["--splits", "0"], "--splits is 0"),
        (["--count", "5"], "--count is 5; use at least as many clips as splits, 10"),
        (["--output", ""], "--output is empty"),
        (["--threads", "0"], "--threads is 0"), (["--inversion", "worst"], "'worst'"),
      ] {
        try shop.run(["evaluate", "sounds", "--real", "cache"] + options).expectError(64, words)
      }
    }
  }

  @Test func soundsThatCannotBeAreNamed() throws {
    try withWorkshop { shop in
      try shop.made("preprocess", "sounds", "--output", "short", "--set", "audio.slice_length=8192")
      try shop.made("preprocess", "sounds", "--output", "low", "--set", "audio.sample_rate=8000")
      try shop.write("", as: "empty.wav")
      for folder in ["nothing", "bad", "bare"] {
        try FileManager.default.createDirectory(
          atPath: shop.folder.path(folder), withIntermediateDirectories: true)
      }
      try shop.write("not a sound", as: "bad/one.wav")
      try shop.write(Workshop.configuration, as: "bare/configuration.yaml")
      let published = ["--features", "published"]
      for (samples, options, status, words) in [
        ("no", ["--real", "cache"], CInt(66), "no does not exist"),
        ("sounds", ["--real", "no"], 66, "no does not exist"),
        ("sounds", ["--real", "cache", "--held-out", "no"], 66, "no does not exist"),
        ("sounds", ["--real", "cache", "--classifier", "no"], 66, "no does not exist"),
        ("sounds", ["--real", "cache", "--classifier", "tiny.yaml"], 65, "tiny.yaml"),
        ("sounds", ["--real", "cache", "--held-out", "cache"], 64, "--held-out"),
        ("nothing", ["--real", "cache"], 65, "nothing holds no files"),
        ("bad", ["--real", "cache"], 65, "bad/one.wav"),
        ("bare", ["--real", "cache"], 66, "bare has no checkpoint"),
        ("tiny.yaml", ["--real", "cache"], 65, "tiny.yaml"),
        ("sounds", ["--real", "low"] + published, 65, "low has a sample rate of 8000 Hz"),
        ("low", ["--real", "low"] + published, 65, "low has a sample rate of 8000 Hz"),
        ("short", ["--real", "cache"], 65, "short has slices of 8192 samples"),
        ("sounds", ["--real", "cache", "--held-out", "short"], 65, "short has slices of 8192"),
        ("sounds", ["--real", "sounds/one"], 65, "sounds/one has too few files"),
        ("sounds@best", ["--real", "cache"], 64, "sounds has no spectrograms"),
        ("sounds@worst", ["--real", "cache"], 66, "pghi"),
      ] {
        try shop.run(["evaluate", samples, "--output", "out"] + options)
          .expectLastError(status, words)
      }
      #expect(try !shop.names(in: "").contains("out"))
      let cache = try shop.contents(of: "cache")
      for options in [[], ["--replace"]] {
        try shop.run(["evaluate", "sounds", "--real", "cache", "--output", "cache"] + options)
          .expectLastError(73, "cache contains files, but no manifest.jsonl")
      }
      #expect(try shop.contents(of: "cache") == cache)
      try shop.write("", as: "cache/manifest.jsonl")
      try shop.run(["evaluate", "sounds", "--real", "cache", "--output", "cache", "--replace"])
        .expectLastError(73, "cache is a cache")
      try shop.remove("cache/manifest.jsonl")
      try shop.run(["evaluate", "sounds", "--real", "cache", "--output", "tiny.yaml"])
        .expectLastError(73, "tiny.yaml")
    }
  }

  /// A classifier of slices with another length is refused, and WaveGAN has no spectrograms to
  /// invert.
  @Test func whatDoesNotGoTogetherIsNamed() throws {
    try withWorkshop { shop in
      try SyntheticSounds.write(6, seed: 1, to: "known", shop)
      try shop.made("preprocess", "known", "--output", "short", "--set", "audio.slice_length=8192")
      try shop.made(
        "classifier", "train", "short", "--output", "judge", "--channels", "2", "--epochs", "1")
      try shop.run(["evaluate", "sounds", "--real", "cache", "--classifier", "judge"])
        .expectError(65, "cache has slices of 16384 samples", "judge has 8192 samples")
      try shop.made("train", "tiny.yaml", "--model", "wavegan", "--steps", "1")
      try shop.run(["evaluate", "run@best", "--real", "cache"])
        .expectError(64, "run@best names an inversion method")
      try shop.run(["evaluate", "run", "--real", "short"])
        .expectError(65, "short has slices of 8192", "step-00000001.safetensors has 16384 samples")
    }
  }

  /// Bad files are reported, and the others are used.
  @Test func badFilesAreNamedAndTheRestGoesOn() throws {
    try withWorkshop { shop in
      try shop.write("not a sound", as: "sounds/one/bad.wav")
      let result = try shop.run(["evaluate", "sounds", "--real", "cache", "--count", "10"])
      #expect(result.status == 0 && result.messages.contains("skipped sounds/one/bad.wav:"))
      #expect(result.output.contains("sounds"))
    }
  }

  /// An interruption gives the documented status, and leaves no files.
  @Test func stoppingLeavesNothing() throws {
    try withRun { shop in
      let program = try evaluating("run", count: 100_000, shop)
      #expect(program.wait { program.messages.contains(Self.isGenerating) })
      program.kill(SIGINT)
      let result = program.wait()
      #expect(result.status == 130 && result.output.isEmpty, "\(result.messages)")
      #expect(try shop.names(in: "tmp") == [])
    }
  }

  /// The next process removes the temporary files of a killed one, but not those of a running one.
  @Test func whatAKilledOneLeftIsRemoved() throws {
    try withRun { shop in
      for _ in 0..<2 {
        let killed = try evaluating("run", count: 100_000, shop)
        #expect(killed.wait { killed.messages.contains(Self.isGenerating) })
        killed.kill(SIGKILL)
        #expect(killed.wait().isKilled)
        #expect(try shop.names(in: "tmp").count == 1, "of the one before nothing is left")
      }
      let living = try evaluating("run", count: 100_000, shop)
      #expect(living.wait { living.messages.contains(Self.isGenerating) })
      #expect(try evaluating("sounds", count: 10, shop).wait().status == 0)
      #expect(try shop.names(in: "tmp").count == 1, "what is in use stays")
      living.kill(SIGINT)
      #expect(living.wait().status == 130)
      #expect(try shop.names(in: "tmp") == [])
    }
  }

  /// The message while a run's clips are generated, after the real ones were decoded.
  private static let isGenerating = "\"task\":\"run\""

  /// A workshop with a run of one step, and the folder `tmp`.
  private func withRun(_ body: (Workshop) throws -> Void) throws {
    try withWorkshop { shop in
      try FileManager.default.createDirectory(
        atPath: shop.folder.path("tmp"), withIntermediateDirectories: true)
      try shop.made("train", "tiny.yaml", "--steps", "1")
      try body(shop)
    }
  }

  /// Starts an evaluation against a folder of audio, with the temporary folder `tmp`.
  private func evaluating(_ sample: String, count: Int, _ shop: Workshop) throws -> RunningProgram {
    try RunningProgram(
      Program.path,
      ["evaluate", sample, "--real", "sounds", "--count", "\(count)", "--progress", "json"],
      in: shop.folder, environment: ["TMPDIR": shop.folder.path("tmp") + "/"])
  }

  /// Values that are not finite are found, and first a file that does not match its checksum.
  @Test func aSliceThatIsNoNumberIsNamed() throws {
    try withWorkshop { shop in
      try SyntheticSounds.write(6, seed: 1, to: "known", shop)
      try shop.made("preprocess", "known", "--output", "bad")
      try spoilExample(23, ofCache: shop.folder.path("bad"), with: .nan, in: ["slices"])
      let commands = [
        ["evaluate", "sounds", "--real", "cache", "--held-out", "bad"],
        ["classifier", "train", "bad", "--output", "c", "--channels", "2", "--epochs", "1"],
      ]
      for command in commands + [["train", "tiny.yaml", "--cache", "bad", "--steps", "1"]] {
        try shop.run(command)
          .expectLastError(
            65, "slices-00000.safetensors is damaged: it does not match its checksum")
      }
      #expect(try !shop.names(in: "").contains("run"))
      try resealCache(at: shop.folder.path("bad"))
      for command in commands {
        try shop.run(command)
          .expectLastError(65, "bad is damaged: slice 23 has a value that is not finite")
      }
    }
  }
}
