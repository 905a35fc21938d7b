import Foundation
import Glibc
import Networks
import SpecGANChecksums
import SpecGANFiles
import SpecGANRuns
import SpecGANTensors
import SpecGANTestSupport
import Testing

/// TensorBoard's own reader and server, on a run that was killed and resumed.
@Suite struct TensorBoardTests {
  @Test(.python(.tensorBoard)) func everyEventIsReadBack() throws {
    let python = try #require(ReferencePython.tensorBoard.path)
    try withWorkshop { shop in
      try trainWithAKill(shop)
      let found = try found(by: python, in: shop)
      let entries = try RunLog.entries(path: shop.folder.path("run/log.jsonl"))
      #expect(entries.map(\.step) == Array(1...entries.count))
      try expectFiles(found.files, entries)
      let previews = try shop.names(in: "run/previews").compactMap {
        $0.hasPrefix("step-") ? Int($0.dropFirst("step-".count)) : nil
      }
      try expectCurves(found.read.scalars, entries, previews)
      #expect(previews.starts(with: [1, 2, 3, 5, 10]) && previews.last == entries.count)
      let real = [1, 4, entries.count - 3].compactMap { start in previews.first { $0 >= start } }
      try expectPictures(found.read.images, previews, real, in: shop)
      try expectSounds(found.read.audio, previews, real, in: shop)
      try expectHistograms(found.read.histograms, previews, in: shop)
      try expectSettings(found.read, in: shop)
      try expectServed(found.served, found.read)
    }
  }

  /// A penalty in steps 1, 5 and 9, and curves at even steps, at which it never has a value, and at
  /// those of previews: 1, 2, 3, 5 and 10.
  @Test(.python(.tensorBoard)) func aValueThatIsNotInEveryStepHasItsPoints() throws {
    let python = try #require(ReferencePython.tensorBoard.path)
    try withWorkshop { shop in
      try shop.write(
        """
        network: {dimension: 2}
        training: {batch_size: 2, loss: rpgan, critic_updates: 1, penalty_interval: 4}
        monitoring: {preview_count: 1, scalar_steps: 2}
        """, as: "tiny.yaml")
      try shop.made("train", "tiny.yaml", "--steps", "10")
      let penalties = try RunLog.entries(path: shop.folder.path("run/log.jsonl")).compactMap {
        entry in entry.gradientPenalty.map { (step: entry.step, value: $0) }
      }
      #expect(penalties.map(\.step) == [1, 5, 9])
      let points = try #require(
        found(by: python, in: shop).read.scalars["critic/gradient_penalty"])
      #expect(points.map { Int($0[0]) } == penalties.map(\.step))
      #expect(points.map { Float($0[1]) } == penalties.map(\.value))
    }
  }

  /// Trains to step 3; resumes and is killed after a checkpoint, with its last record truncated;
  /// and resumes to the next checkpoint and one step more.
  private func trainWithAKill(_ shop: Workshop) throws {
    try shop.write(
      """
      network: {dimension: 2}
      training: {batch_size: 8, critic_updates: 1, seed: 3, checkpoint_steps: 20}
      monitoring: {preview_count: 2, preview_steps: 10, scalar_steps: 3}
      """, as: "tiny.yaml")
    try shop.made("train", "tiny.yaml", "--steps", "3")
    let program = try Program.start(["train", "tiny.yaml", "--resume"], in: shop.folder)
    #expect(program.wait { (try? shop.lines(of: "run/log.jsonl").count >= 27) == true })
    program.kill(SIGKILL)
    #expect(program.wait().isKilled)
    let name = try #require(events(shop).last)
    let bytes = try shop.folder.bytes(of: "run/\(name)")
    try shop.folder.write(Array(bytes.dropLast(5)), as: "run/\(name)")
    let step = try #require(RunFolder(path: shop.folder.path("run")).checkpointSteps().last)
    try shop.made("train", "tiny.yaml", "--resume", "--steps", "\(step + 4)")
  }

  private func events(_ shop: Workshop) throws -> [String] {
    try shop.names(in: "run").filter { $0.hasPrefix("events.out.tfevents.") }
  }

  private func found(by python: String, in shop: Workshop) throws -> Found {
    let script = "\(Fixtures.repository)/tools/reference/read_events.py"
    let result = try RunningProgram(python, [script, "run"], in: shop.folder).wait()
    try #require(result.status == 0, "\(result.messages)")
    return try JSONDecoder().decode(Found.self, from: Data(result.output.utf8))
  }
}

// MARK: - What is expected

extension TensorBoardTests {
  /// One file per session, which begins by voiding the events after the checkpoint from which it
  /// resumes.
  private func expectFiles(_ files: [Found.File], _ entries: [RunLog.Entry]) throws {
    try #require(files.count == 3)
    #expect(files.map(\.version) == Array(repeating: "brain.Event:2", count: 3))
    #expect(files.map(\.starts) == [[1], [4], [entries.count - 3]])
    #expect(files.allSatisfy { $0.records > 3 })
  }

  private func expectSettings(_ read: Found.Read, in shop: Workshop) throws {
    let yaml = String(
      decoding: try shop.folder.bytes(of: "run/configuration.yaml"), as: UTF8.self)
    let texts = try #require(read.texts["configuration"])
    #expect(texts.count == 3 && texts.last == "```yaml\n\(yaml)```")
    let values = read.hyperparameters
    #expect(values["training.batch_size"] == "8.0" && values["network.conditional"] == "False")
    #expect(values["training.loss"] == "wgan-gp" && values["spectrogram.log_floor"] == "1e-06")
    #expect(values["paths.run"] == nil && values["model"] == "specgan")
  }

  private func expectCurves(
    _ curves: [String: [[Double]]], _ entries: [RunLog.Entry], _ previews: [Int]
  ) throws {
    let written = entries.filter { $0.step % 3 == 0 || previews.contains($0.step) }
    let expected: [String: (RunLog.Entry) -> Float] = [
      "critic/loss": { $0.criticLoss }, "critic/wasserstein": { $0.wasserstein },
      "critic/real_mean": { $0.realMean ?? .nan },
      "critic/generated_mean": { $0.generatedMean ?? .nan },
      "critic/learning_rate": { $0.criticLearningRate ?? .nan },
      "generator/learning_rate": { $0.generatorLearningRate ?? .nan },
      "critic/gradient_penalty": { $0.gradientPenalty ?? .nan },
      "critic/gradient_norm": { $0.criticGradientNorm }, "generator/loss": { $0.generatorLoss },
      "generator/gradient_norm": { $0.generatorGradientNorm },
      "time/seconds_per_step": { Float($0.secondsPerStep) },
    ]
    for (tag, value) in expected {
      let points = try #require(curves[tag])
      #expect(points.map { Int($0[0]) } == written.map(\.step), "\(tag)")
      #expect(points.map { Float($0[1]) } == written.map(value), "\(tag)")
    }
    let weights = try ["critic", "generator"].map { try #require(curves["\($0)/weight_norm"]) }
    #expect(weights.allSatisfy { $0.map { Int($0[0]) } == written.map(\.step) })
    let distances = try #require(curves["generator/spectral_distance"])
    #expect(distances.map { Int($0[0]) } == previews)
    for (point, entry) in zip(distances, written.filter { previews.contains($0.step) }) {
      #expect(entry.spectralDistance == nil || entry.spectralDistance == Float(point[1]))
    }
    for name in ["real", "generated"] {
      let levels = try #require(curves["audio/rms_\(name)"])
      #expect(levels.map { Int($0[0]) } == previews)
      #expect(levels.allSatisfy { $0[1] > 0 && $0[1] < 1 }, "\(levels)")
    }
    #expect(curves.count == expected.count + 5)
  }

  private func expectPictures(
    _ pictures: [String: [[Int]]], _ previews: [Int], _ real: [Int], in shop: Workshop
  ) throws {
    #expect(
      pictures.keys.sorted() == [
        "picture/overview", "picture/preview/00", "picture/preview/01", "picture/real/00",
        "picture/real/01",
      ])
    for (tag, found) in pictures {
      let isReal = tag.contains("real")
      #expect(found.map { $0[0] } == (isReal ? real : previews), "\(tag)")
      for numbers in found {
        #expect(numbers[1] == numbers[3] && numbers[2] == numbers[4], "\(tag), its size")
        try expectFile(tag, "png", numbers[5], step: numbers[0], in: shop)
      }
    }
  }

  private func expectSounds(
    _ sounds: [String: [[Double]]], _ previews: [Int], _ real: [Int], in shop: Workshop
  ) throws {
    #expect(
      sounds.keys.sorted()
        == ["sound/preview/00", "sound/preview/01", "sound/real/00", "sound/real/01"])
    for (tag, found) in sounds {
      #expect(found.map { Int($0[0]) } == (tag.contains("real") ? real : previews), "\(tag)")
      for numbers in found {
        #expect(Array(numbers[1...2]) == [16_000, 16_384])
        try expectFile(tag, "wav", Int(numbers[3]), step: Int(numbers[0]), in: shop)
      }
    }
  }

  /// Expects that the value of `tag` at `step` has the checksum of the run's file.
  private func expectFile(
    _ tag: String, _ suffix: String, _ checksum: Int, step: Int, in shop: Workshop
  ) throws {
    let run = RunFolder(path: shop.folder.path("run"))
    let folder =
      tag.contains("real") ? run.realExamplesFolder : run.previewFolder(step: step)
    let stem = try #require(tag.split(separator: "/").last)
    let (expected, _) = try CRC32.ofFile("\(folder)/\(stem).\(suffix)")
    #expect(checksum == Int(expected.value), "\(tag) at \(step)")
  }

  private func expectHistograms(
    _ histograms: [String: [[Double]]], _ previews: [Int], in shop: Workshop
  ) throws {
    let run = RunFolder(path: shop.folder.path("run"))
    let checkpoint = try Checkpoint(path: run.checkpointPath(step: try #require(previews.last)))
    let weights =
      checkpoint.generator.parameters.slices
      + checkpoint.critic(on: Engine(threads: 1)).parameters.slices
    #expect(histograms.count == weights.count + 1)
    for (name, slice) in weights {
      let found = try #require(histograms["weights/\(name)"])
      #expect(found.map { Int($0[0]) } == previews, "\(name)")
      #expect(found.allSatisfy { Int($0[1]) == slice.count && $0[1] == $0[2] }, "\(name)")
      let (values, last) = (slice.values, found[found.count - 1])
      #expect(Float(last[3]) == values.min() && Float(last[4]) == values.max(), "\(name)")
    }
    let output = try #require(histograms["generator/output"])
    #expect(output.allSatisfy { $0[1] == 2 * 16_384 && $0[1] == $0[2] })
  }

  /// The server lists the same tags as the reader; it may keep a subset of the points.
  private func expectServed(_ served: Found.Served, _ read: Found.Read) throws {
    #expect(served.tags["scalars"] == read.scalars.keys.sorted())
    #expect(served.tags["images"] == read.images.keys.sorted())
    #expect(served.tags["audio"] == read.audio.keys.sorted())
    #expect(served.tags["histograms"] == read.histograms.keys.sorted())
    #expect(served.points == read.scalars["critic/loss"])
    let pictures = try #require(read.images["picture/preview/00"]).map { [$0[0], $0[5]] }
    #expect(!served.pictures.isEmpty && served.pictures.allSatisfy { pictures.contains($0) })
    let sounds = try #require(read.audio["sound/preview/00"]).map { [Int($0[0]), Int($0[3])] }
    #expect(!served.sounds.isEmpty && served.sounds.allSatisfy { sounds.contains($0) })
    #expect(!served.histograms.isEmpty && served.histograms.allSatisfy { $0[1] == 2 * 16_384 })
  }
}

/// The output of `tools/reference/read_events.py`.
private struct Found: Decodable {
  struct File: Decodable {
    let name, version: String
    let records: Int
    let starts: [Int]
  }

  struct Read: Decodable {
    let scalars: [String: [[Double]]]
    let images: [String: [[Int]]]
    let audio, histograms: [String: [[Double]]]
    let texts: [String: [String]]
    let hyperparameters: [String: String]
  }

  struct Served: Decodable {
    let tags: [String: [String]]
    let points, histograms: [[Double]]
    let pictures, sounds: [[Int]]
  }

  let files: [File]
  let read: Read
  let served: Served
}
