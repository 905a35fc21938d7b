import Foundation
import Glibc
import SpecGANTestSupport
import Testing

/// Law 6 for the program: an error is one sentence with the documented status; standard output is
/// empty, and no file is created.
@Suite(.serialized) struct ErrorTests {
  // MARK: - Configurations

  @Test(arguments: [
    ("network:\n  dimenson: 4\n", "line 2", "'network.dimension'"),
    ("model: specgan\nnetwork:\n  latent: 0\n", "line 3", "1 to 16384"),
    ("training:\n  batch_size: many\n", "line 2", "1 to 4096"),
    ("\n\nmodel: gan\n", "line 3", "specgan or wavegan"),
    ("inversion: {method: worst}\n", "line 1", "admm, pghi, fast or best"),
    ("inversion: {iterations: many}\n", "line 1", "auto or a whole number from 0 to 100000"),
    ("a: [\n", "line", "not valid YAML"),
  ]) func aWrongConfigurationIsNamedWithItsLine(
    _ text: String, _ line: String, _ remedy: String
  ) throws {
    try withWorkshop { shop in
      try shop.write(text, as: "bad.yaml")
      for command in [
        ["train", "bad.yaml"],
        ["preprocess", "sounds", "--config", "bad.yaml", "--output", "other"],
        ["invert", "cache", "--config", "bad.yaml", "--output", "back"],
      ] {
        try shop.run(command).expectError(65, "bad.yaml, \(line)", remedy)
      }
      #expect(try shop.names(in: "") == ["bad.yaml", "cache", "sounds", "tiny.yaml"])
    }
  }

  @Test func aWrongSettingIsNamed() throws {
    try withWorkshop { shop in
      for (setting, words) in [
        ("network.dimenson=4", "network.dimension"), ("network.dimension=0", "1 to 1024"),
        ("audio.slice_length=8192", "16384"),
      ] {
        try shop.run(["train", "tiny.yaml", "--set", setting, "--steps", "1"])
          .expectError(65, words)
      }
      try shop.run(["train", "tiny.yaml", "--set", "network.dimension", "--steps", "1"])
        .expectError(64, "key=value")
    }
  }

  // MARK: - Training

  @Test func trainingSaysWhatIsMissingOrInTheWay() throws {
    try withWorkshop { shop in
      try shop.run(["train", "no.yaml"]).expectError(66, "no.yaml does not exist")
      try shop.run(["train", "sounds"]).expectError(65, "sounds", "the folder of a run")
      try shop.run(["train", "tiny.yaml", "--cache", "no"])
        .expectError(66, "no is not a cache", "specgan preprocess")
      try shop.run(["train", "tiny.yaml", "--cache", "sounds"]).expectError(66, "not a cache")
      try shop.run(["train", "tiny.yaml", "--run", "tiny.yaml", "--steps", "1"])
        .expectLastError(73, "tiny.yaml")
      try shop.run(["train", "tiny.yaml", "--steps=-1"]).expectError(64, "--steps is -1")
      try shop.run(["train", "tiny.yaml", "--minutes", "nan"]).expectError(64, "--minutes")
      try shop.run(["train", "tiny.yaml", "--model", "gan"])
        .expectError(64, "'specgan'", "'wavegan'")
      try shop.run(["train", "tiny.yaml", "--threads", "0"]).expectError(64, "--threads is 0")

      try shop.made("train", "tiny.yaml", "--steps", "1")
      let before = try shop.contents(of: "run")
      try shop.run(["train", "tiny.yaml", "--steps", "2"]).expectError(73, "run", "--resume")
      try shop.run(
        ["train", "tiny.yaml", "--steps", "2", "--resume", "--set", "network.dimension=5"]
      ).expectError(65, "run", "network.dimension was 4 and is now 5")
      try shop.made("preprocess", "sounds/one", "--output", "other")
      try shop.run(["train", "tiny.yaml", "--steps", "2", "--resume", "--cache", "other"])
        .expectError(65, "than other (fingerprint", "--cache")
      #expect(try shop.contents(of: "run") == before)
    }
  }

  /// Numbers of minutes and steps that are never reached.
  @Test(arguments: [
    ["--minutes", "inf"], ["--minutes", "1e300"], ["--steps", "9223372036854775807"],
  ])
  func anyLimitIsTaken(_ limit: [String]) throws {
    try withWorkshop { shop in
      let program = try Program.start(["train", "tiny.yaml"] + limit, in: shop.folder)
      // With a limit of time, the steps to expect.
      let message = limit[0] == "--minutes" ? "Pace: about " : "step 1"
      #expect(program.wait { program.messages.contains(message) })
      program.kill(SIGINT)
      #expect(program.wait().status == 130)
    }
  }

  @Test func howToGoOnIsToldAndWorks() throws {
    try withWorkshop { shop in
      let told = try shop.made(
        "train", "tiny.yaml", "--model", "wavegan", "--set", "network.latent=9", "--run", "mine",
        "--steps", "1")
      let line = try #require(
        told.messages.split(separator: "\n").first { $0.contains("specgan train ") })
      let command = line.split(separator: " ").dropFirst().map(String.init)
      #expect(try shop.run(command + ["--steps", "2"]).status == 0)
      #expect(try shop.lines(of: "mine/log.jsonl").count == 2)
    }
  }

  // MARK: - Checkpoints

  @Test(.training) func whatIsNoCheckpointIsNamed() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "1")
      let whole = try shop.folder.bytes(of: "run/checkpoints/step-00000001.safetensors")
      try shop.folder.write(Array(whole.prefix(whole.count / 2)), as: "cut.safetensors")
      var flipped = whole
      flipped[whole.count - 1000] ^= 1
      try shop.folder.write(flipped, as: "flipped.safetensors")
      let clip = "sounds/one/flite_slt.wav"
      for (path, status, words) in [
        ("no", CInt(66), "no does not exist"), ("cache", 66, "cache has no checkpoint"),
        (clip, 65, clip), ("cut.safetensors", 65, "cut.safetensors"),
        ("flipped.safetensors", 65, "flipped.safetensors is damaged"),
        ("cache/moments.safetensors", 65, "moments.safetensors is not a checkpoint"),
        ("tiny.yaml", 65, "tiny.yaml"),
      ] {
        for command in ["generate", "interpolate", "preview"] {
          try shop.run([command, path, "--output", "new"]).expectError(status, words)
        }
        try shop.run(["score", path, clip, "--output", "s.safetensors"]).expectError(status, words)
      }
      for path in ["cut.safetensors", "flipped.safetensors"] {
        try shop.run(["info", path]).expectError(65, path)
      }
      try shop.folder.write(flipped, as: "run/checkpoints/step-00000001.safetensors")
      let damaged = try shop.run(["info", "run"])
      #expect(damaged.status == 65 && damaged.output.contains("checkpoints: 1 (damaged)"))
      #expect(damaged.messages.contains("step-00000001.safetensors is damaged"))
      try shop.run(["train", "tiny.yaml", "--steps", "2", "--resume"])
        .expectError(65, "step-00000001.safetensors is damaged")
      #expect(try !shop.names(in: "").contains { ["new", "s.safetensors"].contains($0) })
    }
  }

  @Test func whatInfoCannotReadIsNamed() throws {
    try withWorkshop { shop in
      try shop.run(["info", "no"]).expectError(66, "no does not exist")
      try shop.run(["info", "sounds"]).expectError(65, "sounds")
      try shop.run(["info", "tiny.yaml"]).expectError(65, "tiny.yaml")
      var shard = try shop.folder.bytes(of: "cache/slices-00000.safetensors")
      shard[shard.count - 5] ^= 1
      try shop.folder.write(shard, as: "cache/slices-00000.safetensors")
      try shop.run(["info", "cache", "--json"]).expectError(65, "cache/slices-00000.safetensors")
    }
  }

  // MARK: - Outputs

  @Test(.slow) func anOutputThatCannotBeWrittenIsNamed() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "1")
      let clip = "sounds/one/flite_slt.wav"
      for output in ["tiny.yaml", "tiny.yaml/below", "/proc/none"] {
        for command in [
          ["generate", "run", "--count", "1"], ["interpolate", "run", "--count", "2"],
          ["preview", "run", "--count", "1"], ["invert", clip],
        ] {
          try shop.run(command + ["--output", output]).expectError(73, "cannot be written")
        }
      }
      for output in ["sounds", "no/s.safetensors", "/proc/s.safetensors"] {
        try shop.run(["score", "run", clip, "--output", output])
          .expectError(73, "\(output) cannot be written")
      }
      for output in ["tiny.yaml", "sounds", "tiny.yaml/below", "/proc/none"] {
        try shop.run(["preprocess", "sounds", "--output", output])
          .expectError(73, output.replacing("/below", with: ""))
      }
      try FileManager.default.createDirectory(
        atPath: shop.folder.path("taken/00000.wav"), withIntermediateDirectories: true)
      // As in earlier output.
      try shop.write("", as: "taken/manifest.jsonl")
      for command in [["generate", "run", "--count", "1"], ["interpolate", "run"]] {
        try shop.run(command + ["--output", "taken", "--replace"])
          .expectError(73, "taken/00000.wav")
      }
      for name in ["preview/00.wav", "way/interpolation.wav", "shown/preview.wav"] {
        try FileManager.default.createDirectory(
          atPath: shop.folder.path(name), withIntermediateDirectories: true)
        try shop.write("", as: "\(name.split(separator: "/")[0])/manifest.jsonl")
      }
      try shop.run(["preview", "run", "--output", "preview", "--replace"])
        .expectError(73, "preview/00.wav")
      try shop.run(["interpolate", "run", "--count", "2", "--output", "way", "--replace"])
        .expectError(73, "way/interpolation.wav")
      try shop.run(["preview", "run", "--output", "shown", "--replace"])
        .expectError(73, "shown/preview.wav")
      for name in ["preview", "way", "shown"] { try shop.remove(name) }
      #expect(try shop.names(in: "") == ["cache", "run", "sounds", "taken", "tiny.yaml"])
    }
  }

  @Test func soundsThatWouldBeWrittenTwiceOrOverAnInputAreRefused() throws {
    try withWorkshop { shop in
      // As in earlier output.
      try shop.write("", as: "sounds/one/manifest.jsonl")
      let before = try shop.contents(of: "sounds")
      try shop.run(
        ["invert", "sounds/one/flite_slt.wav", "sounds/two/flite_slt.wav", "--output", "back"]
      ).expectError(64, "sounds/one/flite_slt.wav", "sounds/two/flite_slt.wav", "flite_slt.wav")
      try shop.copy("audio/digits/one/flite_slt.wav", as: "cache-00003.wav")
      try shop.run(["invert", "cache", "cache-00003.wav", "--output", "back"])
        .expectError(64, "back/cache-00003.wav")
      try shop.run(
        ["invert", "sounds/one/flite_slt.wav", "--output", "sounds/two/../one", "--replace"]
      ).expectError(64, "sounds/one/flite_slt.wav would be overwritten")
      #expect(try shop.contents(of: "sounds") == before)
      #expect(try !shop.names(in: "").contains("back"))
    }
  }
}

extension ProgramResult {
  /// As ``expectError(_:_:)``, after other messages.
  func expectLastError(
    _ status: CInt, _ word: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(self.status == status && output.isEmpty, "\(messages)", sourceLocation: sourceLocation)
    let last = messages.split(separator: "\n").last ?? ""
    #expect(
      last.hasPrefix("Error: ") && last.hasSuffix(".") && last.contains(word), "\(messages)",
      sourceLocation: sourceLocation)
  }
}
