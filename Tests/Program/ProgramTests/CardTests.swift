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
      let training = try shop.made(
        "train", "tiny.yaml", "--steps", "2", "--set", "network.conditional=true")
      #expect(training.messages.contains("\n  specgan kit run --output my-kit\n"))
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

  /// Training writes the card that the command prints, at each stop.
  @Test func aRunHasACard() throws {
    try withRun { shop in
      func card() throws -> String {
        String(decoding: try shop.folder.bytes(of: "run/card.md"), as: UTF8.self)
      }
      let first = try card()
      let printed = try shop.made("card", "run").output
      #expect(first.hasPrefix(printed + "\n<!-- Written by train"))
      #expect(first.contains("| steps of training | 2 |\n"))
      try shop.remove("run/card.md")
      try shop.made("train", "run", "--resume", "--steps", "2")
      #expect(try card() == first)
      // A card that somebody has changed stays.
      try shop.write(first.replacing("Privacy", with: "Ours"), as: "run/card.md")
      let again = try shop.made("train", "run", "--resume", "--steps", "2")
      #expect(again.messages.contains("run/card.md is not as train has written it, and stays;"))
      #expect(try card() == first.replacing("Privacy", with: "Ours"))
      try shop.write(first, as: "run/card.md")
      let more = try shop.made("train", "run", "--resume", "--steps", "3")
      #expect(more.messages.contains("its card is run/card.md."))
      #expect(try card().contains("| steps of training | 3 |\n"))
      #expect(try card().hasPrefix(shop.made("card", "run").output))
      // Training does not fail with its card.
      try shop.remove("run/card.md")
      try FileManager.default.createDirectory(
        atPath: shop.folder.path("run/card.md/in"), withIntermediateDirectories: true)
      let without = try shop.made("train", "run", "--resume", "--steps", "4")
      #expect(without.messages.contains("Warning: run/card.md"), "\(without.messages)")
      #expect(!without.messages.contains("its card"))
      #expect(try shop.names(in: "run/checkpoints").contains("step-00000004.safetensors"))
    }
  }

  /// The card of a kit is one of its files; one that somebody has changed stays.
  @Test func aKitHasACard() throws {
    try withRun { shop in
      try shop.made("train", "tiny.yaml", "--model", "wavegan", "--steps", "2", "--run", "loud")
      let kit = ["kit", "loud", "--output", "k", "--each", "1"]
      #expect(try shop.made(kit).messages.contains("with k.sfz, k.h2drumkit and card.md."))
      let card = String(decoding: try shop.folder.bytes(of: "k/card.md"), as: UTF8.self)
      #expect(card.hasPrefix("# k\n") && card.contains("\n| run | loud |\n"))
      #expect(card.contains("| 1 | Ann\\|Bob\\* | – | – |\n") && card.contains("## Privacy"))
      #expect(!card.contains("## Clips"))
      let rows = try shop.lines(of: "k/manifest.jsonl")
      #expect(rows.contains { $0["name"] as? String == "card.md" && $0["checksum"] is String })
      // Without its cache the run has another card.
      try shop.remove("cache")
      try shop.made(kit + ["--replace"])
      let other = String(decoding: try shop.folder.bytes(of: "k/card.md"), as: UTF8.self)
      #expect(other.contains("Not known: the cache"))
      try shop.write("mine", as: "k/card.md")
      let kept = try shop.made(kit + ["--replace"])
      #expect(kept.messages.contains("Warning: k/card.md is not the card"), "\(kept.messages)")
      #expect(kept.messages.contains("with k.sfz and k.h2drumkit."))
      #expect(try shop.folder.bytes(of: "k/card.md") == Array("mine".utf8))
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
      let card = try shop.made("card", "run", "sounds/one/").output
      #expect(card.hasPrefix("# one\n") && card.contains("\n| run | run |\n"))
      #expect(card.contains("2 of 2 do."))
      try shop.made("generate", "run", "--output", "new", "--count", "3", "--format", "float")
      let generated = try shop.json("card", "run", "new", "--threads", "1")
      #expect((generated["clips"] as? [[String: Any]])?.count == 3)
    }
  }

  /// A clip of a kit is generated again, so that its level does not matter. That of another
  /// generator is read, with a warning.
  @Test func aClipOfAKitIsGeneratedAgain() throws {
    try withRun { shop in
      for (run, seed) in [("one", 1), ("two", 2)] {
        // WaveGAN, because SpecGAN is nearly silent after two steps.
        try shop.made(
          "train", "tiny.yaml", "--model", "wavegan", "--steps", "2", "--run", run, "--set",
          "training.seed=\(seed)")
        try shop.made("kit", run, "--output", "kit-\(run)", "--each", "2", "--level", "normalize")
      }
      try shop.made("kit", "one", "--output", "quiet", "--each", "2", "--level", "as-is")
      func distances(_ clips: String) throws -> [Double] {
        let report = try shop.json("card", "one", clips)
        return try #require(report["clips"] as? [[String: Any]]).compactMap {
          $0["distance_db"] as? Double
        }
      }
      let own = try distances("kit-one")
      #expect(try own.count == 2 && own == distances("quiet"))
      #expect(try own != distances("kit-two"))
      #expect(try shop.made("card", "one", "kit-one").messages.isEmpty)
      let warning = "Warning: kit-two/Sounds/sound 01.wav was generated by another generator than"
      #expect(try shop.made("card", "one", "kit-two").messages.contains(warning))
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
