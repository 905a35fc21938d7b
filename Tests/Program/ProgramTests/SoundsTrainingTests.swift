import Foundation
import SpecGANTestSupport
import Testing

/// `train --sounds`: from a folder of sounds to a run in one command.
@Suite(.serialized, .training) struct SoundsTrainingTests {
  private static let tiny = [
    "--set", "network.dimension=1", "--set", "training.batch_size=2", "--set",
    "monitoring.preview_count=2", "--set", "inversion.method=fast", "--quiet",
  ]

  /// Calls `body` with a folder `kit` of four labels, and nothing else.
  private func withKit(_ body: (Workshop) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let shop = try Workshop(folder, clips: ["one/flite_slt"])
      for name in ["sounds", "cache", "tiny.yaml"] { try shop.remove(name) }
      try SyntheticSounds.write(4, seed: 5, to: "kit", shop)
      try body(shop)
    }
  }

  /// The files of the folder `name` whose bytes do not depend on the clock.
  private func files(_ name: String, _ shop: Workshop) throws -> [String: [UInt8]] {
    try shop.contents(of: name).filter { file, _ in
      !["session.json", "log.jsonl", "report.html", "runs.jsonl"].contains(file)
        && !file.hasPrefix("events.out.")
    }
  }

  @Test func itIsTheRoadOfThreeCommands() throws {
    try withKit { shop in
      try shop.made(["train", "--sounds", "kit", "--steps", "3"] + Self.tiny)
      let settings = try shop.folder.bytes(of: "run.yaml")
      let (cache, run) = (try files("cache", shop), try files("run", shop))
      for name in ["run.yaml", "cache", "run"] { try shop.remove(name) }
      try shop.made("init", "run.yaml", "--for", "kit", "--quiet")
      try shop.made("preprocess", "kit", "--config", "run.yaml", "--quiet")
      try shop.made(["train", "run.yaml", "--steps", "3"] + Self.tiny)
      #expect(try shop.folder.bytes(of: "run.yaml") == settings)
      #expect(try files("cache", shop) == cache)
      #expect(try files("run", shop) == run)
      #expect(run.keys.contains("checkpoints/step-00000003.safetensors"))

      // In two sessions, and with a cache that has to be made again.
      for name in ["run.yaml", "cache", "run"] { try shop.remove(name) }
      try shop.made(["train", "--sounds", "kit", "--steps", "1"] + Self.tiny)
      try shop.remove("cache")
      try shop.made(["train", "--sounds", "kit", "--steps", "3", "--resume"] + Self.tiny)
      let last = "checkpoints/step-00000003.safetensors"
      #expect(try shop.folder.bytes(of: "run/\(last)") == run[last])
    }
  }

  @Test func itsFilesAreWhereTheyAreAskedFor() throws {
    try withKit { shop in
      let train = ["train", "--sounds", "kit/", "--run", "runs/a/", "--cache", "caches/a"]
      try shop.made(train + ["--steps", "1"] + Self.tiny)
      #expect(try shop.names(in: ".") == ["caches", "kit", "runs"])
      #expect(try shop.names(in: "runs") == ["a", "a.yaml"])
      let text = String(decoding: try shop.folder.bytes(of: "runs/a.yaml"), as: UTF8.self)
      #expect(text.contains("  cache: caches/a ") && text.contains("  run: runs/a/ "))
      // The run resumes as any other, from its own folder.
      try shop.made(["train", "runs/a", "--resume", "--steps", "2", "--quiet"])
      try shop.run(train + ["--steps", "2"]).expectError(73, "runs/a", "--resume")
      try shop.made(train + ["--steps", "3", "--resume", "--quiet"])
    }
  }

  /// A settings file that is there already is used: after an interruption, or if it was edited.
  @Test func aSettingsFileThatIsThereIsUsed() throws {
    try withKit { shop in
      try shop.made("init", "run.yaml", "--for", "kit", "--preset", "one-shots", "--quiet")
      let text = String(decoding: try shop.folder.bytes(of: "run.yaml"), as: UTF8.self)
      let edited = text.replacing("  batch_size: 16 ", with: "  batch_size: 3 ")
      #expect(edited != text)
      try shop.write(edited, as: "run.yaml")
      let report = try shop.json(
        "train", "--sounds", "kit", "--steps", "1", "--set", "network.dimension=1")
      #expect((report["settings"] as? [String: String])?["training.batch_size"] == "3")
      #expect(try shop.folder.bytes(of: "run.yaml") == Array(edited.utf8))
    }
  }

  @Test func newSoundsAreAddedUntilARunNeedsTheCache() throws {
    try withKit { shop in
      try shop.made("init", "run.yaml", "--for", "kit", "--quiet")
      try shop.made("preprocess", "kit", "--config", "run.yaml", "--quiet")
      try SyntheticSounds.write(5, seed: 5, to: "kit", shop)
      try shop.made(["train", "--sounds", "kit", "--steps", "1"] + Self.tiny)
      #expect(try shop.json("info", "cache")["slices"] as? Int == 20)

      let cache = try files("cache", shop)
      try SyntheticSounds.write(1, seed: 6, to: "kit/new", shop)
      let again = ["train", "--sounds", "kit", "--steps", "2", "--resume"]
      try shop.run(again).expectError(73, "kit or the settings have changed", "run")
      try shop.run(["train", "--sounds", "kit", "--run", "other", "--steps", "1"] + Self.tiny)
        .expectError(73, "kit or the settings have changed", "run")
      #expect(try files("cache", shop) == cache)

      try SyntheticSounds.write(2, seed: 7, to: "others", shop)
      try shop.run(["train", "--sounds", "others", "--run", "third", "--steps", "1"] + Self.tiny)
        .expectError(73, "cache is a cache of other sounds than those in others", "--cache")
      try shop.run(["train", "--sounds", "others", "--resume", "--steps", "2"])
        .expectError(73, "cache is a cache of other sounds")
      #expect(try files("cache", shop) == cache)
    }
  }

  @Test func wrongUseIsASentence() throws {
    try withKit { shop in
      try shop.run(["train"]).expectError(64, "either a configuration")
      try shop.run(["train", "x.yaml", "--sounds", "kit"]).expectError(64, "either a configuration")
      try shop.run(["train", "--sounds", ""]).expectError(64, "--sounds is empty")
      try shop.run(["train", "--sounds", "nothing"]).expectError(66, "nothing")
      // A run cannot begin among sounds, so no settings are written beside them.
      try shop.run(["train", "--sounds", "kit", "--run", "kit"]).expectError(73, "kit")
      // Nothing is left that a call with other sounds would use.
      try shop.run(["train", "--sounds", "kit", "--run", "b", "--set", "bogus=1", "--quiet"])
        .expectError(65, "bogus")
      #expect(!FileManager.default.fileExists(atPath: shop.folder.path("b.yaml")))
      try shop.run(["train", "--sounds", "kit", "--run", "."]).expectError(64, "--run")
      #expect(try shop.names(in: ".") == ["kit"])
    }
  }

  /// The hint of `preprocess` without a configuration.
  @Test func preprocessNamesTheOtherRoad() throws {
    try withKit { shop in
      let plain = try shop.made("preprocess", "kit").messages
      #expect(plain.contains("specgan init specgan.yaml --for kit"))
      try shop.made("init", "small.yaml", "--small")
      let chosen = try shop.made("preprocess", "kit", "--config", "small.yaml", "--output", "other")
      #expect(!chosen.messages.contains("--for"))
    }
  }
}
