import Foundation
import SpecGANTestSupport
import Testing

/// Random crops of long files, and early stopping, through the program.
@Suite(.serialized, .training) struct PatienceTests {
  @Test func aRunOfBothStopsGoesOnAndGenerates() throws {
    try withTemporaryFolder { folder in
      let shop = try workshop(folder)
      let once = try shop.json("train", "tiny.yaml", "--steps", "60")
      #expect(once["outcome"] as? String == "stopped_improving")
      let end = try #require(once["step"] as? Int)
      let best = try #require(once["best_step"] as? Int)
      #expect(end == best + 3)
      let checkpoint = try #require(once["best_checkpoint"] as? String)
      #expect(try shop.json("info", checkpoint)["step"] as? Int == best)
      #expect(try shop.json("info", "run")["best_step"] as? Int == best)

      try FileManager.default.moveItem(
        atPath: shop.folder.path("run"), toPath: shop.folder.path("once"))
      for step in [1, 2, end - 1] { try train(shop, to: step) }
      let told = try train(shop, to: 60)
      #expect(told.contains("has not improved since step \(best) ("))
      #expect(told.contains("training.patience=6"))
      for step in [best, end] {
        let name = "checkpoints/" + (step < 10 ? "step-0000000\(step)" : "step-000000\(step)")
        #expect(
          try shop.folder.bytes(of: "run/\(name).safetensors")
            == shop.folder.bytes(of: "once/\(name).safetensors"))
      }
      let scores = try ["once", "run"].map { name in
        try shop.lines(of: "\(name)/log.jsonl").map { $0["spectral_distance"] as? Double }
      }
      #expect(scores[0] == scores[1] && scores[0].count == end)
      let before = try shop.contents(of: "run/checkpoints")
      #expect(try train(shop, to: 60).contains("has not improved since step \(best) ("))
      #expect(try shop.contents(of: "run/checkpoints") == before)
      try shop.made("generate", checkpoint, "--output", "new", "--count", "2")
      #expect(try WAVFile(shop.folder.bytes(of: "new/00001.wav")).samples.count == 16_384)
    }
  }

  /// The messages of training.
  @discardableResult
  private func train(_ shop: Workshop, to steps: Int) throws -> String {
    try shop.made("train", "tiny.yaml", "--steps", "\(steps)", "--resume").messages
  }

  @Test func settingsThatMakeNoSenseAreRefusedBeforeAnyWork() throws {
    try withTemporaryFolder { folder in
      let shop = try workshop(folder)
      try shop.run(["train", "tiny.yaml", "--set", "monitoring.preview_count=0"])
        .expectError(65, "training.patience is '3'; use 0")
      try shop.run(["train", "tiny.yaml", "--set", "audio.first_slice_only=true"])
        .expectError(65, "training.random_crops is 'true'; use false")
      try shop.made("preprocess", "sounds/one", "--output", "short")
      try shop.run(["train", "tiny.yaml", "--cache", "short"])
        .expectError(65, "short has no audio that is longer than a slice")
      #expect(try !shop.names(in: "").contains("run"))
    }
  }

  /// Creates a configuration with a file of several slices, a learning rate so high that the score
  /// soon gets worse, and a score after each step.
  private func workshop(_ folder: TemporaryFolder) throws -> Workshop {
    let shop = try Workshop(folder, clips: ["one/flite_slt"])
    let samples = try ["one", "two", "three", "four", "five"].flatMap {
      try PCM16.clip("digits/\($0)/flite_kal16.wav")
    }
    try folder.write(WAVBytes.pcm16(samples.map { Int16($0 * 0x1p15) }), as: "sounds/long.wav")
    try shop.write(
      """
      model: wavegan
      network: {dimension: 4}
      training: {batch_size: 8, seed: 3, learning_rate: 0.01, checkpoint_steps: 100,
        random_crops: true, patience: 3}
      monitoring: {preview_count: 1, preview_steps: 1, tensorboard: false, report: false}

      """, as: "tiny.yaml")
    try shop.made("preprocess", "sounds", "--output", "cache", "--config", "tiny.yaml")
    return shop
  }
}
