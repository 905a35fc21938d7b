import Foundation
import Glibc
import SpecGANTestSupport
import Testing

/// `specgan classifier train`, from a cache to a file.
@Suite(.serialized, .training) struct ClassifierTests {
  private static let small = ["--channels", "4", "--epochs", "6"]

  /// Calls `body` with a workshop whose cache `tones` has three pitches in noise, with `counts`
  /// files each.
  private func withTones(
    _ counts: [Int], name: (Int) -> String = { "\($0).wav" }, _ body: (Workshop) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let shop = try Workshop(folder, clips: ["one/flite_slt"])
      for (label, count) in counts.enumerated() {
        let class_ = ["low", "middle", "high"][label]
        try FileManager.default.createDirectory(
          atPath: folder.path("tones/\(class_)"), withIntermediateDirectories: true)
        for index in 0..<count {
          let noise = randomNumbers(2_000, seed: UInt64(1_000 * label + index))
          let pitch = (300 + 900 * Float(label)) * (1 + 0.1 * noise[0])
          let samples = noise.enumerated().map { place, value in
            Int16(12_000 * sin(2 * .pi * pitch * Float(place) / 16_000) + 3_000 * value)
          }
          try folder.write(WAVBytes.pcm16(samples), as: "tones/\(class_)/\(name(index))")
        }
      }
      try shop.made(
        "preprocess", "tones", "--output", "tones.cache", "--set", "audio.slice_length=2048")
      try body(shop)
    }
  }

  private func train(_ options: String...) -> [String] {
    ["classifier", "train", "tones.cache", "--output", "tones.classifier"] + options
  }

  /// By chance, eleven or more of twelve are right once in 21,000 times.
  @Test func pitchesAreToldApart() throws {
    try withTones([40, 40, 40]) { shop in
      let line = try shop.run(train("--json") + Self.small)
      #expect(line.status == 0, "\(line.messages)")
      let report = try shop.object(line.output)
      #expect(try #require(report["test_accuracy"] as? Double) >= 11.0 / 12)
      #expect(try #require(report["validation_accuracy"] as? Double) >= 11.0 / 12)
      for key in ["test_loss", "validation_loss"] {
        #expect(try #require(report[key] as? Double) >= 0)
      }
      let test = try #require(report["test"] as? [String: Any])
      #expect(test["slices"] as? Int == 12 && test["files"] as? Int == 12)
      #expect(test["classes"] as? [Int] == [4, 4, 4])
      #expect(report["labels"] as? [String] == ["high", "low", "middle"])
      #expect(report["split_by"] as? String == "file" && report["unlabelled"] as? Int == 0)
      #expect(report["outcome"] as? String == "finished" && report["epochs"] as? Int == 6)
      let settings = try #require(report["settings"] as? [String: Any])
      #expect(settings["channels"] as? Int == 4 && settings["patience"] as? Int == 10)

      // The file contains the reported values.
      var told = try shop.json("info", "tones.classifier")
      #expect(told["kind"] as? String == "classifier" && told["whole"] as? Bool == true)
      told["output"] = report["output"]
      #expect(NSDictionary(dictionary: told) == NSDictionary(dictionary: report))
      let text = try shop.made("info", "tones.classifier").output
      #expect(
        text.contains("labels: high, low, middle\n") && text.contains("12 slices of 12 files"))
    }
  }

  /// Real drums, whose labels have one to thirty files.
  @Test func drumsAreTrainedToTheSameBytesOnAnyThreads() throws {
    try withTemporaryFolder { folder in
      let shop = try Workshop(folder, clips: ["one/flite_slt"])
      try shop.made("preprocess", Fixtures.path("audio/drums"), "--output", "drums")
      var files: [[UInt8]] = []
      for (seed, threads) in [("1", "1"), ("1", "3"), ("2", "2")] {
        let result = try shop.made(
          "classifier", "train", "drums", "--output", "c", "--channels", "2", "--epochs", "2",
          "--seed", seed, "--threads", threads, "--replace")
        #expect(result.output.isEmpty && result.messages.contains("split by file"))
        #expect(result.messages.contains("Test accuracy "))
        files.append(try folder.bytes(of: "c"))
      }
      #expect(files[0] == files[1] && files[0] != files[2])
    }
  }

  @Test func speakersAndTheUnlabelledAreTold() throws {
    try withTones([10, 10, 10], name: { "s\($0 % 5)_nohash_\($0 / 5).wav" }) { shop in
      try shop.copy("audio/digits/one/flite_slt.wav", as: "tones/loose.wav")
      try shop.made(
        "preprocess", "tones", "--output", "tones.cache", "--set", "audio.slice_length=2048")
      let result = try shop.run(train("--json", "--channels", "2", "--epochs", "1"))
      let report = try shop.object(result.output)
      #expect(report["split_by"] as? String == "speaker")
      let unlabelled = try #require(report["unlabelled"] as? Int)
      #expect(unlabelled > 0)
      #expect(result.messages.contains("; \(unlabelled) without a label are not used."))
      let parts = ["training", "validation", "test"].compactMap {
        (report[$0] as? [String: Any])?["slices"] as? Int
      }
      #expect(parts == [18, 6, 6])
    }
  }

  /// With `--progress json` every epoch is an object; 24 clips are in batches of four.
  @Test func progressIsTold() throws {
    try withTones([10, 10, 10]) { shop in
      let result = try shop.run(
        train("--progress", "json", "--channels", "2", "--epochs", "3"))
      let objects = try result.messages.split(separator: "\n").map {
        try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
      }
      let epochs = objects.filter { $0["validation_loss"] != nil }
      #expect(epochs.map { $0["epoch"] as? Int } == [1, 2, 3])
      for epoch in epochs {
        #expect(epoch["update"] as? Int == 6 && epoch["updates"] as? Int == 6)
        #expect(epoch["loss"] is Double && epoch["validation_accuracy"] is Double)
      }
      #expect(
        try shop.run(train("--quiet", "--replace", "--channels", "2", "--epochs", "1")).messages
          .isEmpty)
    }
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(CInt, CInt)])
  func aSignalKeepsTheBestSoFar(_ signal: CInt, _ status: CInt) throws {
    try withTones([20, 20, 20]) { shop in
      let command = train("--channels", "4", "--epochs", "100000", "--patience", "100000")
      let program = try Program.start(command, in: shop.folder)
      #expect(program.wait { program.messages.contains("epoch 1") })
      program.kill(signal)
      let result = program.wait()
      #expect(result.status == status && !result.isKilled, "\(result.messages)")
      #expect(result.messages.contains("Stopping") && result.output.isEmpty)
      let told = try shop.json("info", "tones.classifier")
      #expect(try #require(told["epochs"] as? Int) >= 1)
      #expect(told["outcome"] as? String == "interrupted")
    }
  }

  // MARK: - Bad input

  @Test func whatCannotBeIsNamed() throws {
    try withTones([3, 3, 3]) { shop in
      for (option, value) in [
        ("--channels", "0"), ("--channels", "1025"), ("--batch-size", "1"), ("--epochs", "0"),
        ("--patience", "0"), ("--learning-rate", "0"), ("--learning-rate", "nan"),
        ("--dropout", "1"), ("--dropout", "-0.1"), ("--threads", "0"),
      ] {
        try shop.run(train("\(option)=\(value)")).expectError(64, "\(option) is \(value)")
      }
      let folder = ["classifier", "train", "tones", "--output", "c"]
      try shop.run(folder).expectError(66, "tones is not a cache")
      try shop.run(["classifier", "train", "no", "--output", "c"]).expectError(66, "no")
      try shop.run(["classifier", "train", "tones.cache", "--output", "no/c"])
        .expectError(73, "no/c")
      try shop.run(["classifier", "train", "tones.cache", "--output", "tones"])
        .expectError(73, "tones")
      // One label.
      try shop.run(["classifier", "train", "cache", "--output", "c"])
        .expectError(65, "cache has one label")
      try shop.made(
        "preprocess", "tones", "--output", "slow", "--set", "audio.sample_rate=8000")
      try shop.run([
        "classifier", "train", "slow", "--output", "c", "--features", "published",
      ]).expectError(65, "8000", "15600")
      #expect(try !shop.names(in: "").contains { ["c", "tones.classifier"].contains($0) })
    }
  }

  @Test func aDamagedClassifierIsNamed() throws {
    try withTones([4, 4, 4]) { shop in
      let result = try shop.run(train("--channels", "2", "--epochs", "1"))
      #expect(result.status == 0, "\(result.messages)")
      var bytes = try shop.folder.bytes(of: "tones.classifier")
      bytes[bytes.count - 100] ^= 1
      try shop.folder.write(bytes, as: "flipped")
      try shop.folder.write(Array(bytes.prefix(bytes.count / 2)), as: "cut")
      try shop.run(["info", "flipped"]).expectError(65, "flipped is damaged")
      try shop.run(["info", "cut"]).expectError(65, "cut")
    }
  }
}
