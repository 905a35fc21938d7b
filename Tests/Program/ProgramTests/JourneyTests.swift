import Foundation
import Safetensors
import SpecGANModels
import SpecGANTensors
import SpecGANTestSupport
import Testing

/// The complete workflow of a user: from the included folder of audio to new clips.
@Suite(.serialized, .training) struct JourneyTests {
  @Test(arguments: ModelKind.allCases)
  func soundsBecomeNewSounds(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      let shop = try Workshop(folder, clips: ["one/flite_slt"])
      try shop.made("init", "specgan.yaml")
      try shop.remove("cache")
      try shop.made(
        "preprocess", Fixtures.path("audio"), "--output", "cache", "--config", "specgan.yaml")
      try expectCache(shop)
      try expectStoppingChangesNothing(shop, kind)
      try expectRun(shop, kind)
      try expectPreviews(shop)
      try expectSounds(shop, kind)
      try expectScores(shop, kind)
      try expectInversion(shop)
      try expectInfo(shop, kind)
    }
  }

  /// 95 clips and a README, labelled by their first folder.
  private func expectCache(_ shop: Workshop) throws {
    let record = try #require(
      try JSONSerialization.jsonObject(with: Data(shop.folder.bytes(of: "cache/cache.json")))
        as? [String: Any])
    #expect(record["schema_version"] as? Int == 3)
    #expect(record["labels"] as? [String] == ["digits", "drums"])
    #expect((record["fingerprint"] as? String)?.count == 16)
    let counts = try #require(record["counts"] as? [String: Int])
    #expect(counts["used"] == 95 && counts["skipped"] == 1)
    let rows = try shop.lines(of: "cache/sources.jsonl")
    #expect(rows.count == 96)
    for row in rows {
      let path = try #require(row["path"] as? String)
      if path == "README.md" {
        #expect((row["skipped"] as? String)?.contains("not audio") == true)
        continue
      }
      #expect(
        row["skipped"] == nil && row["rate"] as? Int == 16_000 && row["channels"] as? Int == 1)
      #expect(row["label"] as? String == path.split(separator: "/").first.map(String.init))
      let wav = try WAVFile(shop.folder.readBytes(Fixtures.path("audio/\(path)")))
      #expect(row["frames"] as? Int == wav.samples.count)
      #expect(row["slices"] as? Int == (wav.samples.count + 16_383) / 16_384)
    }
    let slices = rows.reduce(0) { $0 + ($1["slices"] as? Int ?? 0) }
    #expect(counts["slices"] == slices)
    let shard = try SafetensorsFile(path: shop.folder.path("cache/slices-00000.safetensors"))
    #expect(shard.entry("slices")?.shape == [slices, 16_384, 1])
    #expect(try shard.integers("labels").allSatisfy { (0...1).contains($0) })
    let moments = try SafetensorsFile(path: shop.folder.path("cache/moments.safetensors"))
    #expect(try moments.floats("deviation", shape: [129]).allSatisfy { $0 > 0 })
  }

  /// Law 2, by the program.
  private func expectStoppingChangesNothing(_ shop: Workshop, _ kind: ModelKind) throws {
    func train(_ arguments: String...) throws {
      let result = try shop.run(
        ["train", "specgan.yaml", "--model", kind.rawValue, "--set", "network.dimension=4"]
          + ["--set", "training.batch_size=8"] + arguments)
      #expect(result.status == 0, "\(result.messages)")
    }
    try train("--steps", "5")
    let name = "run/checkpoints/step-00000005.safetensors"
    let once = try shop.folder.bytes(of: name)
    try shop.remove("run")
    try train("--steps", "3")
    try train("--steps", "5", "--resume")
    #expect(try shop.folder.bytes(of: name) == once)
  }

  /// A preview equals the clips that `generate` makes from the step's checkpoint with the run's
  /// seed, and with the stored latents of the previews.
  private func expectPreviews(_ shop: Workshop) throws {
    #expect(
      try shop.names(in: "run/previews") == [
        "latents.safetensors", "real", "step-00000001", "step-00000002", "step-00000003",
        "step-00000005",
      ])
    let real = try shop.contents(of: "run/previews/real")
    #expect(real.count == 16)
    for step in [3, 5] {
      let preview = try shop.contents(of: "run/previews/step-0000000\(step)")
      #expect(preview.count == 17)
      let checkpoint = "run/checkpoints/step-0000000\(step).safetensors"
      for source in [
        ["--count", "8", "--seed", "0"], ["--latents", "run/previews/latents.safetensors"],
      ] {
        let result = try shop.run(
          ["generate", checkpoint, "--output", "same", "--pictures", "--format", "pcm16"] + source)
        #expect(result.status == 0, "\(result.messages)")
        let generated = try shop.contents(of: "same")
        for index in 0..<8 {
          for suffix in ["wav", "png"] {
            #expect(preview["0\(index).\(suffix)"] == generated["0000\(index).\(suffix)"])
          }
        }
        try shop.remove("same")
      }
    }
  }

  private func expectRun(_ shop: Workshop, _ kind: ModelKind) throws {
    let names = try shop.names(in: "run")
    #expect(
      names.filter { !$0.hasPrefix("events.out.tfevents.") } == [
        "card.md", "checkpoints", "configuration.yaml", "log.jsonl", "previews", "report.html",
        "session.json",
      ])
    #expect(names.count == 7 + 2, "an event file a session")
    let checkpoints = try shop.names(in: "run/checkpoints")
    #expect(checkpoints == (try Self.keptSteps(shop)).map { "step-0000000\($0).safetensors" })
    let configuration = String(
      decoding: try shop.folder.bytes(of: "run/configuration.yaml"), as: UTF8.self)
    for line in ["model: \(kind.rawValue)", "  dimension: 4", "  batch_size: 8", "  run: run"] {
      #expect(configuration.contains(line + "\n"))
    }
    let log = try shop.lines(of: "run/log.jsonl")
    #expect(log.map { $0["step"] as? Int } == [1, 2, 3, 4, 5])
    for line in log {
      let keys: Set = [
        "step", "wall_seconds", "critic_loss", "wasserstein", "gradient_penalty", "generator_loss",
        "critic_gradient_norm", "generator_gradient_norm", "seconds_per_step", "real_mean",
        "generated_mean", "critic_learning_rate", "generator_learning_rate",
      ]
      let score: [Int: String] = [
        1: "spectral_distance", 2: "spectral_distance", 3: "stop_spectral_distance",
        5: "spectral_distance",
      ]
      let step = try #require(line["step"] as? Int)
      #expect(Set(line.keys) == keys.union([score[step]].compactMap(\.self)))
      let numbers = line.compactMapValues { $0 as? Double }
      let loss = try #require(numbers["critic_loss"])
      let penalty = try #require(numbers["gradient_penalty"])
      let distance = try #require(numbers["wasserstein"])
      let means = try (#require(numbers["real_mean"]), #require(numbers["generated_mean"]))
      #expect(abs(means.0 - means.1 - distance) <= 1e-5)
      // The penalty is without its weight of 10; float32 roundings of numbers about 10.
      #expect(abs(loss - (10 * penalty - distance)) < 1e-5)
    }
  }

  /// The steps with checkpoints: those of both stops, at 3 and 5, and that of the best score of
  /// each session.
  private static func keptSteps(_ shop: Workshop) throws -> [Int] {
    let scores = try shop.lines(of: "run/log.jsonl").compactMap { line -> (Double, Int)? in
      let score = line["spectral_distance"] ?? line["stop_spectral_distance"]
      return (score as? Double).flatMap { score in (line["step"] as? Int).map { (score, $0) } }
    }
    func best(upTo last: Int) -> Int? { scores.filter { $0.1 <= last }.min { $0 < $1 }?.1 }
    // The preview of the first stop came before its checkpoint.
    return Set([best(upTo: 3), best(upTo: 5), 3, 5].compactMap(\.self)).sorted()
  }

  /// The files beside clips.
  private static let lists = ["latents.safetensors", "manifest.jsonl"]

  private func expectSounds(_ shop: Workshop, _ kind: ModelKind) throws {
    let report = try shop.json(
      "generate", "run", "--output", "new", "--count", "5", "--seed", "7", "--pictures", "--raw",
      "raw.safetensors")
    #expect(report["count"] as? Int == 5 && report["step"] as? Int == 5)
    let wavs = (0..<5).map { "0000\($0).wav" }
    let pictures = (0..<5).map { "0000\($0).png" } + ["overview.png"]
    #expect(try shop.names(in: "new") == (wavs + pictures + Self.lists).sorted())
    let raw = try SafetensorsFile(path: shop.folder.path("raw.safetensors"))
    let shape = kind == .specgan ? [5, 128, 128, 1] : [5, 16_384, 1]
    #expect(raw.entry("samples")?.shape == shape)
    #expect(try raw.floats("samples").allSatisfy { abs($0) <= 1 })
    if kind == .specgan {
      // The settings are in the file; best uses random phases only where there is no energy.
      try shop.made("invert", "raw.safetensors", "--output", "inverted", "--seed", "7")
      for index in 0..<5 {
        #expect(
          try shop.folder.bytes(of: "inverted/raw-0000\(index).wav")
            == shop.folder.bytes(of: "new/\(wavs[index])"))
      }
    } else {
      try shop.run(["invert", "raw.safetensors", "--output", "inverted"])
        .expectError(65, "raw.safetensors: tensor 'samples' has waveforms")
    }
    for (index, name) in wavs.enumerated() {
      let wav = try WAVFile(shop.folder.bytes(of: "new/\(name)"))
      #expect(wav.tag == 1 && wav.channels == 1 && wav.rate == 16_000 && wav.bits == 16)
      #expect(wav.samples.count == 16_384)
      // An untrained SpecGAN generates the mean log-magnitudes of clips that end in silence.
      #expect(wav.level > (kind == .specgan ? 1e-6 : 1e-3), "\(name) is silent")
      if kind == .wavegan {
        let samples = try raw.floats("samples")[16_384 * index..<16_384 * (index + 1)]
        expectWithin(0x1p-16, wav.samples, Array(samples), "the raw output is the sound")
      }
    }
    for name in pictures.dropLast() {
      let png = try PNGFile(shop.folder.bytes(of: "new/\(name)"))
      #expect(png.height == 2 * 129)
      #expect(
        png.width == (kind == .specgan ? 2 * 256 + 8 : 256), "what was asked for, what it has")
    }
    let sheet = try PNGFile(shop.folder.bytes(of: "new/overview.png"))
    #expect(sheet.width > 4 * 256 && sheet.height > 2 * 258)
    let latents = try SafetensorsFile(path: shop.folder.path("new/latents.safetensors"))
    #expect(latents.names == ["z"])
    #expect(try latents.floats("z", shape: [5, 100]).allSatisfy { (-1..<1).contains($0) })
    try expectSoundsMadeAgain(shop, wavs)
  }

  private func expectSoundsMadeAgain(_ shop: Workshop, _ wavs: [String]) throws {
    let sounds = try wavs.map { try shop.folder.bytes(of: "new/\($0)") }
    #expect(Set(sounds).count == 5)
    try shop.made(
      "generate", "run", "--output", "again", "--seed", "7", "--latents", "new/latents.safetensors")
    #expect(try wavs.map { try shop.folder.bytes(of: "again/\($0)") } == sounds)
    try shop.made("generate", "run", "--output", "fewer", "--count", "2", "--seed", "7")
    #expect(
      try wavs.prefix(2).map { try shop.folder.bytes(of: "fewer/\($0)") } == Array(sounds.prefix(2))
    )
    let best = try shop.json(
      "generate", "run/checkpoints/step-00000005.safetensors", "--output", "best", "--count", "5",
      "--seed", "7", "--keep", "2", "--keep-by", "critic")
    let numbers = try #require(best["numbers"] as? [Int])
    let scores = try #require(best["scores"] as? [Double])
    #expect(numbers.count == 2 && scores == scores.sorted(by: >))
    #expect(try shop.names(in: "best") == ["00000.wav", "00001.wav"] + Self.lists)
    for (place, number) in numbers.enumerated() {
      #expect(try shop.folder.bytes(of: "best/\(wavs[place])") == sounds[number])
    }
    let all = try shop.json("score", "run", "raw.safetensors", "--output", "all.safetensors")
    let values = try #require(all["values"] as? [Double])
    #expect(values.indices.sorted { values[$0] > values[$1] }.prefix(2) == numbers[...])
  }

  private func expectScores(_ shop: Workshop, _ kind: ModelKind) throws {
    let report = try shop.json(
      "score", "run", Fixtures.path("audio/digits/one/flite_slt.wav"), "new/00000.wav",
      "raw.safetensors", "--output", "scores.safetensors")
    let scores = try SafetensorsFile(path: shop.folder.path("scores.safetensors"))
    let values = try scores.floats("values", shape: [7])
    let norms = try scores.floats("gradient_norms", shape: [7])
    #expect((report["values"] as? [Double])?.map { Float($0) } == values)
    #expect((report["gradient_norms"] as? [Double])?.map { Float($0) } == norms)
    #expect(norms.allSatisfy { $0 > 0 && $0.isFinite })
    #expect(Set(values).count >= 6)
    if kind == .wavegan {
      // The WAV and the raw output are equal to within 16 bits.
      #expect(abs(values[1] - values[2]) <= 0x1p-16 * norms[2] * 128 * 2)
    }
  }

  private func expectInversion(_ shop: Workshop) throws {
    let report = try shop.json(
      "invert", "cache", "new/00000.wav", "--output", "back", "--iterations", "2")
    let slices = try SafetensorsFile(path: shop.folder.path("cache/slices-00000.safetensors"))
    let count = try #require(slices.entry("slices")?.shape.first)
    #expect(report["count"] as? Int == count + 1)
    #expect((report["spectral_convergence_db"] as? [Any])?.count == count + 1)
    let names = try shop.names(in: "back")
    #expect(names.count == count + 2 && names.contains("cache-00000.wav"))
    #expect(names.contains("00000.wav"))
    #expect(try WAVFile(shop.folder.bytes(of: "back/cache-00001.wav")).samples.count == 16_384)
  }

  private func expectInfo(_ shop: Workshop, _ kind: ModelKind) throws {
    let cache = try shop.json("info", "cache")
    #expect(cache["kind"] as? String == "cache" && cache["whole"] as? Bool == true)
    #expect(cache["files"] as? Int == 96 && cache["skipped"] as? Int == 1)
    let run = try shop.json("info", "run")
    #expect(run["kind"] as? String == "run" && run["whole"] as? Bool == true)
    #expect(try run["checkpoints"] as? [Int] == Self.keptSteps(shop))
    #expect(run["logged_steps"] as? Int == 5)
    let checkpoint = try shop.json("info", "run/checkpoints/step-00000003.safetensors")
    #expect(checkpoint["model"] as? String == kind.rawValue && checkpoint["step"] as? Int == 3)
    #expect(checkpoint["resumable"] as? Bool == true)
    #expect(checkpoint["fingerprint"] as? String == cache["fingerprint"] as? String)
    let tensors = try shop.json("info", "new/latents.safetensors")
    #expect((tensors["tensors"] as? [String: [Int]]) == ["z": [5, 100]])
    #expect(try shop.made("info", "run").output.contains("run of \(kind.rawValue), intact"))
  }
}

extension TemporaryFolder {
  /// Returns the bytes of the file at `path`.
  func readBytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: path)))
  }
}
