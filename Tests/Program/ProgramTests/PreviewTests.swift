import Foundation
import Safetensors
import SpecGANModels
import SpecGANTestSupport
import Testing

/// `preview` generates the same files from a checkpoint as training did.
@Suite(.serialized, .training) struct PreviewTests {
  @Test(arguments: ModelKind.allCases) func itMakesTrainingsOwnBytes(_ kind: ModelKind) throws {
    try withWorkshop { shop in
      try train(shop, kind)
      let log = try shop.lines(of: "run/log.jsonl")
      for step in [2, 4] {
        let report = try shop.json(
          "preview", "run/checkpoints/step-0000000\(step).safetensors", "--output", "shown",
          "--threads", "1")
        #expect(report["step"] as? Int == step && report["count"] as? Int == 3)
        #expect(report["real"] as? Int == 3)
        let score = try #require(report["spectral_distance"] as? Double)
        #expect(score == log[step - 1]["spectral_distance"] as? Double)
        var shown = try shop.contents(of: "shown")
        try expectJoined(shop, count: 3, kind)
        #expect(shown.removeValue(forKey: "preview.wav") != nil)
        #expect(shown.removeValue(forKey: "manifest.jsonl") != nil)
        #expect(shown.removeValue(forKey: "latents.safetensors") != nil)
        // They differ in the metadata alone, which name the checkpoint.
        #expect(
          try SafetensorsFile(path: shop.folder.path("shown/latents.safetensors")).floats("z")
            == SafetensorsFile(path: shop.folder.path("run/previews/latents.safetensors"))
            .floats("z"))
        #expect(try shown == shop.contents(of: "run/previews/step-0000000\(step)"))
        try shop.remove("shown")
      }
    }
  }

  /// Magnitudes are exponentials of a generator's output, and soon overflow if nothing is clipped:
  /// the run continues without a preview, and keeps its checkpoints.
  @Test func whatIsTooLargeForASoundIsNoPreview() throws {
    try withWorkshop { shop in
      try shop.write(
        Workshop.configuration.replacing("preview_count: 0", with: "preview_count: 2")
          .replacing("seed: 3", with: "seed: 3, learning_rate: 0.05")
          + "spectrogram: {clip_deviations: 100}\nrecovery: {largest_loss: 1.0e+30}\n",
        as: "unclipped.yaml")
      try shop.made("preprocess", "sounds", "--config", "unclipped.yaml", "--output", "unclipped")
      let result = try shop.made(
        "train", "unclipped.yaml", "--cache", "unclipped", "--run", "large", "--steps", "2")
      #expect(result.messages.contains("too large for audio, at step 1; no preview"))
      #expect(try shop.json("info", "large")["checkpoints"] as? [Int] == [2])
      try shop.made("train", "large/configuration.yaml", "--steps", "3", "--resume")
    }
  }

  /// The clips, separated by 8192 samples of silence for SpecGAN, and by half a second for WaveGAN.
  private func expectJoined(_ shop: Workshop, count: Int, _ kind: ModelKind) throws {
    let clips = try (0..<count).map {
      try WAVFile(shop.folder.bytes(of: "shown/0\($0).wav")).samples
    }
    let silence = [Float](repeating: 0, count: kind == .specgan ? 8_192 : 8_000)
    let joined = try WAVFile(shop.folder.bytes(of: "shown/preview.wav"))
    #expect(joined.samples == Array(clips.joined(separator: silence)))
  }

  /// More clips from the last checkpoint, and the same ones from stored latents.
  @Test func aRunsLastCheckpointAndAnyNumber() throws {
    try withWorkshop { shop in
      try train(shop, .specgan)
      try shop.made("preview", "run", "--output", "shown", "--count", "5")
      let shown = try shop.contents(of: "shown")
      for (name, bytes) in try shop.contents(of: "run/previews/step-00000004")
      where name != "overview.png" {
        #expect(shown[name] == bytes, "\(name)")
      }
      try shop.made(
        "generate", "run", "--output", "again", "--latents", "shown/latents.safetensors")
      for index in 0..<5 {
        #expect(
          try shop.folder.bytes(of: "again/0000\(index).wav") == shown["0\(index).wav"] ?? [])
      }
    }
  }

  /// A run without previews can be previewed.
  @Test func aRunWithoutPreviewsHasEight() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "1")
      #expect(try shop.json("preview", "run", "--output", "shown")["count"] as? Int == 8)
      #expect(try shop.names(in: "shown").count == 8 + 8 + 4)
    }
  }

  // MARK: - Caches

  @Test func withoutACacheTheSoundsAreShownAlone() throws {
    try withWorkshop { shop in
      try train(shop, .wavegan)
      try shop.made("preview", "run", "--output", "beside")
      try FileManager.default.moveItem(
        atPath: shop.folder.path("cache"), toPath: shop.folder.path("elsewhere"))
      let alone = try shop.json("preview", "run", "--output", "alone")
      #expect(alone["real"] as? Int == 0 && alone["spectral_distance"] == nil)
      let (first, second) = (try shop.contents(of: "beside"), try shop.contents(of: "alone"))
      #expect(first.keys == second.keys)
      for name in first.keys where name != "manifest.jsonl" {
        #expect((first[name] == second[name]) == (name != "overview.png"))
      }
      let sheets = try ["beside", "alone"].map {
        try PNGFile(shop.folder.bytes(of: "\($0)/overview.png"))
      }
      #expect(sheets[0].width == sheets[1].width && sheets[0].height > 2 * sheets[1].height)
      try shop.made("preview", "run", "--output", "again", "--cache", "elsewhere")
      #expect(try shop.contents(of: "again") == first)
    }
  }

  /// A cache that replaced the run's own is used only when it is requested.
  @Test func anotherCacheIsTakenOnlyWhenAskedFor() throws {
    try withWorkshop { shop in
      try train(shop, .specgan)
      try shop.made("preprocess", "sounds/one", "--output", "cache", "--replace")
      let result = try shop.run(["preview", "run", "--output", "alone", "--json"])
      #expect(result.status == 0 && result.messages.contains("Warning: No real clips"))
      #expect(result.messages.contains("cache is not the cache that the run was trained on"))
      #expect(try shop.object(result.output)["real"] as? Int == 0)
      let asked = try shop.json("preview", "run", "--output", "asked", "--cache", "cache")
      #expect(asked["real"] as? Int == 2 && asked["spectral_distance"] is Double)
      try shop.write("no cache", as: "cache/cache.json")
      let damaged = try shop.made("preview", "run", "--output", "alone", "--replace")
      #expect(
        damaged.messages.contains("Warning: No real clips are shown for comparison: cache"))
    }
  }

  // MARK: - Bad input

  @Test func whatCannotBeIsNamed() throws {
    try withWorkshop { shop in
      try train(shop, .specgan)
      for count in ["0", "-1", "65"] {
        try shop.run(["preview", "run", "--output", "shown", "--count=\(count)"])
          .expectError(64, "--count is \(count)")
      }
      try shop.run(["preview", "run", "--output", "shown", "--cache", "no"])
        .expectError(66, "no is not a cache")
      try shop.made(
        "preprocess", "sounds", "--output", "other", "--config", "tiny.yaml", "--set",
        "audio.overlap=0.5")
      try shop.run(["preview", "run", "--output", "shown", "--cache", "other"])
        .expectError(65, "other was preprocessed with other settings", "audio.overlap")
      try FileManager.default.copyItem(
        atPath: shop.folder.path("run/checkpoints/step-00000004.safetensors"),
        toPath: shop.folder.path("latents.safetensors"))
      try shop.run(["preview", "latents.safetensors", "--output", ".", "--replace"])
        .expectError(73, ". contains files, but no manifest.jsonl", "--output")
      try shop.write("", as: "manifest.jsonl")
      try shop.run(["preview", "latents.safetensors", "--output", ".", "--replace"])
        .expectError(64, "latents.safetensors would be overwritten")
      #expect(try !shop.names(in: "").contains { ["shown", "00.wav"].contains($0) })
    }
  }

  private func train(_ shop: Workshop, _ kind: ModelKind) throws {
    try shop.made(
      "train", "tiny.yaml", "--model", kind.rawValue, "--steps", "4", "--set",
      "monitoring.preview_count=3", "--set", "training.checkpoint_steps=2")
  }
}
