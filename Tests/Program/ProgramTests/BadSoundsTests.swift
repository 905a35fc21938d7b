import Foundation
import SpecGANTestSupport
import Testing

/// Law 6 for folders of audio: a bad file is reported with its reason, and the others are used.
@Suite struct BadSoundsTests {
  @Test func aBadFileIsNamedAndTheRestGoesOn() throws {
    try withWorkshop { shop in
      let clean = try shop.folder.bytes(of: "cache/slices-00000.safetensors")
      for (name, bytes) in try Self.bad(shop) { try shop.folder.write(bytes, as: "sounds/\(name)") }
      let names = try Self.bad(shop).map(\.name).sorted()

      let result = try shop.run(["preprocess", "sounds", "--output", "cache"])
      #expect(result.status == 0 && result.output.isEmpty)
      let skipped = result.messages.split(separator: "\n").filter { $0.hasPrefix("skipped ") }
      #expect(skipped.count == names.count, "\(result.messages)")
      for name in names { #expect(skipped.contains { $0.hasPrefix("skipped sounds/\(name): ") }) }
      #expect(result.messages.contains("6 slices of 6 clips"))
      #expect(try shop.folder.bytes(of: "cache/slices-00000.safetensors") == clean)

      let strict = try shop.run(["preprocess", "sounds", "--output", "cache", "--strict", "--json"])
      #expect(strict.status == 65)
      let report = try shop.object(strict.output)
      let rows = try #require(report["skipped"] as? [[String: String]])
      #expect(rows.compactMap { $0["path"] }.sorted() == names.map { "sounds/\($0)" })
      #expect(rows.allSatisfy { $0["reason"]?.isEmpty == false })
      #expect(try shop.json("info", "cache")["skipped"] as? Int == names.count)
    }
  }

  @Test func aStrictRunOverGoodFilesSucceeds() throws {
    try withWorkshop { shop in
      _ = try shop.made("preprocess", "sounds", "--output", "cache", "--strict")
    }
  }

  @Test func whereNothingIsUsableNothingIsMade() throws {
    try withWorkshop { shop in
      let before = try shop.contents(of: "cache")
      for folder in ["bad", "empty"] {
        try FileManager.default.createDirectory(
          atPath: shop.folder.path(folder), withIntermediateDirectories: false)
      }
      for (name, bytes) in try Self.bad(shop) { try shop.folder.write(bytes, as: "bad/\(name)") }
      for output in ["cache", "other"] {
        try shop.run(["preprocess", "bad", "--output", output, "--json"])
          .expectError(65, "None of", "bad/")
        try shop.run(["preprocess", "empty", "--output", output]).expectError(65, "empty")
        try shop.run(["preprocess", "no", "--output", output])
          .expectError(66, "no does not exist")
        try shop.run(["preprocess", "sounds", "no", "--output", output])
          .expectError(66, "no does not exist")
      }
      try shop.run(["preprocess", "--output", "other"]).expectError(64)
      #expect(try shop.contents(of: "cache") == before)
      #expect(try shop.names(in: "") == ["bad", "cache", "empty", "sounds", "tiny.yaml"])
    }
  }

  /// A cut WAV is used to its end; both lengths are named, and `--strict` counts that.
  @Test func aWrongLengthIsNamedAndCounted() throws {
    try withWorkshop { shop in
      let clip = try shop.folder.bytes(of: "sounds/one/flite_slt.wav")
      try shop.folder.write(Array(clip.prefix(clip.count / 2)), as: "sounds/one/cut.wav")
      let given = (clip.count - 44) / 2
      let found = (clip.count / 2 - 44) / 2
      let remark = "has \(found) frames, but its header says \(given); all of them are used"
      for _ in 0..<2 {  // decoded, and reused
        let result = try shop.run(["preprocess", "sounds", "--output", "cache"])
        #expect(result.status == 0)
        #expect(result.messages.contains("remark sounds/one/cut.wav: \(remark).\n"))
      }
      let strict = try shop.run(["preprocess", "sounds", "--output", "cache", "--strict", "--json"])
      #expect(strict.status == 65)
      let report = try shop.object(strict.output)
      let rows = try #require(report["remarks"] as? [[String: String]])
      #expect(rows == [["path": "sounds/one/cut.wav", "remark": remark]])
      #expect(report["damaged"] as? Int == 0)
      let sources = try shop.lines(of: "cache/sources.jsonl")
      #expect(sources.compactMap { $0["remarks"] as? [String] } == [[remark]])
    }
  }

  /// The commands that read sounds without a cache say what `preprocess` says.
  @Test func everyCommandNamesAWrongLength() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "1")
      let clip = try shop.folder.bytes(of: "sounds/one/flite_slt.wav")
      try shop.folder.write(Array(clip.prefix(clip.count / 2)), as: "sounds/one/cut.wav")
      let found = (clip.count / 2 - 44) / 2
      for command in [
        ["invert", "sounds/one/cut.wav", "--output", "inverted"],
        ["score", "run", "sounds/one/cut.wav", "--output", "scores.safetensors"],
        ["evaluate", "sounds", "--real", "cache", "--count", "10"],
      ] {
        let result = try shop.run(command)
        #expect(result.status == 0)
        let words = "remark sounds/one/cut.wav: has \(found) frames, but its header says"
        #expect(result.messages.contains(words), "\(result.messages)")
      }
    }
  }

  /// Law: damage is skipped, or with `--allow-damaged` its rest is used and the damage named; a
  /// later run with the other choice gives what a first one would.
  @Test func damageIsSkippedOrAllowed() throws {
    try withWorkshop { shop in
      var flac = ConstantFLAC.bytes(blockCount: 4, value: 1000)
      flac[42 + 13 + 9] ^= 1  // in the second frame, of 13 bytes
      try shop.folder.write(flac, as: "sounds/one/damaged.flac")
      let allowing = ["preprocess", "sounds", "--output", "cache", "--allow-damaged"]
      let skipping = try shop.run(["preprocess", "sounds", "--output", "cache"])
      #expect(skipping.messages.contains("is damaged: frame 2 does not match its checksum"))
      #expect(skipping.messages.contains("--allow-damaged"))
      let skipped = try shop.contents(of: "cache")
      let rows = try shop.lines(of: "cache/sources.jsonl")
      #expect(rows.count { $0["damaged"] as? Bool == true && $0["skipped"] != nil } == 1)

      let allowed = try shop.run(allowing)
      #expect(allowed.status == 0 && !allowed.messages.contains("skipped sounds"))
      let words = "is damaged: frame 2 does not match its checksum; 98304 frames are used."
      #expect(allowed.messages.contains("remark sounds/one/damaged.flac: \(words)"))
      let used = try shop.contents(of: "cache")
      let row = try #require(
        shop.lines(of: "cache/sources.jsonl").first { $0["damaged"] as? Bool == true })
      #expect(row["frames"] as? Int == 98_304 && row["slices"] as? Int == 6)
      #expect(try shop.object(shop.run(allowing + ["--json"]).output)["damaged"] as? Int == 1)
      #expect(try shop.run(allowing + ["--strict"]).status == 65)
      #expect(try shop.contents(of: "cache") == used, "nothing changed")
      // A file of which nothing is intact is not read again either.
      try shop.folder.write(Array(flac.prefix(45)), as: "sounds/one/nothing.flac")
      try shop.made(allowing)
      #expect(try shop.object(shop.run(allowing + ["--json"]).output)["decoded"] as? Int == 0)
      try shop.remove("sounds/one/nothing.flac")
      try shop.made(allowing)

      try shop.made("preprocess", "sounds", "--output", "cache")
      #expect(try shop.contents(of: "cache") == skipped)
    }
  }

  /// The files that fuzzing found: each is used, or reported with its reason.
  @Test func whatFuzzingFoundIsTakenOrNamed() throws {
    try withTemporaryFolder { folder in
      let corpus = Fixtures.path("fuzz/decoding")
      let names = try FileManager.default.contentsOfDirectory(atPath: corpus)
      let preprocess = ["preprocess", corpus, "--output", "cache", "--threads", "2"]
      let result = try Program.run(preprocess, in: folder)
      #expect(result.status == 0 && !result.isKilled && result.output.isEmpty)
      let json = try Program.run(preprocess + ["--json"], in: folder).output
      let report = try #require(
        try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
      let found = try #require(report["skipped"] as? [[String: String]])
      let rows = try String(decoding: folder.bytes(of: "cache/sources.jsonl"), as: UTF8.self)
        .split(separator: "\n")
      #expect(rows.count == names.count)
      #expect(found.count == rows.count { $0.contains("\"skipped\"") })
      // A line for each unusable audio file, for each format, and for all files that are not audio.
      let lines = result.messages.split(separator: "\n").filter { $0.hasPrefix("skipped ") }
      let isOther = found.contains { $0["kind"] == "other" }
      #expect(
        lines.count
          == found.count { $0["kind"] == "sound" } + Set(found.compactMap { $0["format"] }).count
          + (isOther ? 1 : 0))
      #expect(!lines.isEmpty && lines.count < rows.count)
    }
  }

  /// Files that are not audio, are truncated, or contain values that are not finite.
  private static func bad(_ shop: Workshop) throws -> [(name: String, bytes: [UInt8])] {
    let clip = try shop.folder.bytes(of: "sounds/one/flite_slt.wav")
    let flac = ConstantFLAC.bytes(blockCount: 4, value: 1000)
    return [
      ("empty.wav", []), ("text.wav", Array("not a sound".utf8)),
      ("cut.flac", Array(flac.prefix(flac.count / 2))), ("header.wav", Array(clip.prefix(44))),
      ("picture.png", [137, 80, 78, 71, 13, 10, 26, 10]),
    ]
  }
}
