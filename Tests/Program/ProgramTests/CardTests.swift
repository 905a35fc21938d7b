import Foundation
import SpecGANTestSupport
import Testing

/// `specgan card`: the training data of a run, their rights, and copies.
@Suite(.training) struct CardTests {
  /// A folder with a trained run, one of whose sounds names its author.
  private func withRun(_ body: (Workshop) throws -> Void) throws {
    try withWorkshop { shop in
      let sound = "sounds/one/flite_slt.wav"
      var bytes = try shop.folder.bytes(of: sound)
      let list =
        Array("LIST".utf8) + [22, 0, 0, 0] + Array("INFOIART".utf8) + [9, 0, 0, 0]
        + Array("Ann|Bob*\0\0".utf8)
      bytes += list
      let size = bytes.count - 8
      for index in 0..<4 { bytes[4 + index] = UInt8(size >> (8 * index) & 0xFF) }
      try shop.folder.write(bytes, as: sound)
      try shop.write("CC0", as: "sounds/LICENSE.txt")
      try shop.made("preprocess", "sounds", "--output", "cache")
      try shop.made("train", "tiny.yaml", "--steps", "2", "--set", "network.conditional=true")
      try body(shop)
    }
  }

  @Test func itNamesTheSoundsAndTheirRights() throws {
    try withRun { shop in
      let card = try shop.made("card", "run").output
      #expect(card.hasPrefix("# run\n"))
      #expect(card.contains("6 sounds. Rights that the files state (– if none):"))
      #expect(card.contains("| 5 | – | – | – |\n| 1 | Ann\\|Bob\\* | – | – |\n"))
      #expect(card.contains("may state rights: `LICENSE.txt`."))
      #expect(card.contains("- **two**: `two/flite_kal16.wav`, `two/flite_slt.wav`\n"))
      // No path of this machine.
      #expect(!card.contains(shop.folder.path("")))
      #expect(!card.contains("## Clips"))
      try shop.made("card", "run", "--output", "card.md")
      #expect(try String(decoding: shop.folder.bytes(of: "card.md"), as: UTF8.self) == card)
      try shop.run(["card", "run", "--output", "card.md"]).expectError(73, "card.md", "--replace")
      try shop.run(["card", "run", "--output", "run/log.jsonl", "--replace"])
        .expectError(73, "run/log.jsonl")
      // The record of the file's author is kept when the file is not decoded again.
      try shop.made("preprocess", "sounds", "--output", "cache")
      #expect(try shop.made("card", "run").output == card)
    }
  }

  /// A training sound is a copy of itself; a clip of a kit is compared as it was generated.
  @Test func clipsAreComparedWithTheSounds() throws {
    try withRun { shop in
      let report = try shop.json("card", "run", "sounds")
      let clips = try #require(report["clips"] as? [[String: Any]])
      #expect(clips.count == 6)
      for clip in clips {
        let file = try #require(clip["file"] as? String)
        #expect(clip["nearest_training_clip"] as? String == file)
        #expect(clip["distance_db"] as? Double == 0)
        #expect(clip["copy"] as? Bool == true)
      }
      #expect(
        try shop.made("card", "run", "sounds/one").output.contains(
          "2 of 2 do."))
      try shop.made("generate", "run", "--output", "new", "--count", "3", "--format", "float")
      let generated = try shop.json("card", "run", "new", "--threads", "1")
      #expect((generated["clips"] as? [[String: Any]])?.count == 3)
    }
  }

  /// A clip of a kit is generated again, if its generator is this one; otherwise its file is read.
  @Test func aRecipeOfAnotherGeneratorIsNotUsed() throws {
    try withRun { shop in
      try shop.made(
        "train", "tiny.yaml", "--steps", "2", "--run", "other", "--set",
        "network.conditional=true", "--set", "training.seed=9")
      try shop.made("generate", "run", "--output", "all", "--count", "3", "--format", "float")
      func distances(_ run: String, _ clips: String) throws -> [Double] {
        let report = try shop.json("card", run, clips)
        return try #require(report["clips"] as? [[String: Any]]).compactMap {
          $0["distance_db"] as? Double
        }
      }
      for run in ["run", "other"] {
        try shop.made(
          "kit", run, "--output", "kit-\(run)", "--each", "1", "--level", "normalize")
      }
      // Kits of two generators, compared by one: their recipes have equal latents.
      let own = try distances("run", "kit-run")
      #expect(try own != distances("run", "kit-other"))
      // Normalized files are louder than the clips that are generated again.
      #expect(try own == distances("run", "kit-run"))
    }
  }

  @Test func wrongUseIsASentence() throws {
    try withRun { shop in
      try shop.run(["card", "run", "cache"]).expectError(65, "cache has no WAV files")
      try shop.run(["card", "run", "no.wav"]).expectError(66, "no.wav")
      try shop.remove("cache")
      try shop.run(["card", "run", "sounds"]).expectError(66, "its cache was not found")
      #expect(try shop.made("card", "run").output.contains("Not known: the cache"))
    }
  }
}
