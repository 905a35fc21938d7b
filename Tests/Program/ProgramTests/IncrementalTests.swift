import Foundation
import SpecGANTestSupport
import Testing

/// The output of a second `preprocess`.
@Suite struct IncrementalTests {
  @Test func theSummarySaysWhatWasDecodedAndWhatReused() throws {
    try withWorkshop { shop in
      var report = try shop.json("preprocess", "sounds", "--output", "cache")
      #expect(report["decoded"] as? Int == 0 && report["taken_over"] as? Int == 6)
      try shop.folder.write(Array("no sound".utf8), as: "sounds/bad.wav")
      try shop.copy("audio/digits/four/flite_slt.wav", as: "sounds/four/new.wav")
      let result = try shop.made("preprocess", "sounds", "--output", "cache")
      #expect(result.messages.contains("2 files decoded, 6 reused."))
      report = try shop.json("preprocess", "sounds", "--output", "cache")
      #expect(report["decoded"] as? Int == 0 && report["taken_over"] as? Int == 8)
      #expect((report["skipped"] as? [Any])?.count == 1)
      _ = try shop.json("preprocess", "sounds", "--output", "fresh")
      #expect(try shop.contents(of: "cache") == shop.contents(of: "fresh"))
      #expect(try shop.run(["preprocess", "sounds", "--output", "cache", "--strict"]).status == 65)
    }
  }

  /// Beyond ±1: reported, and used. A NaN or an infinity: skipped, with the frame it is in.
  @Test func loudSamplesAreReportedAndWhatIsNoNumberIsSkipped() throws {
    try withWorkshop { shop in
      var samples = [Float](repeating: 0.25, count: 4000)
      samples[5] = 1.25
      try shop.folder.write(WAVBytes.float(samples), as: "sounds/loud.wav")
      for (name, value) in [("nan", Float.nan), ("infinity", -.infinity)] {
        samples[1234] = value
        try shop.folder.write(WAVBytes.float(samples), as: "sounds/\(name).wav")
      }
      for _ in 0..<2 {
        let result = try shop.made("preprocess", "sounds", "--output", "cache")
        let lines = result.messages.split(separator: "\n")
        #expect(
          lines.contains("loud sounds/loud.wav: 1 sample beyond ±1, used unchanged."),
          "\(result.messages)")
        for name in ["nan", "infinity"] {
          #expect(
            lines.contains {
              $0.hasPrefix("skipped sounds/\(name).wav: ") && $0.contains("frame 1234")
            })
        }
      }
      let report = try shop.json("preprocess", "sounds", "--output", "cache")
      let loud = try #require(report["beyond_full_scale"] as? [[String: Any]])
      #expect(loud.count == 1 && loud[0]["path"] as? String == "sounds/loud.wav")
      #expect(loud[0]["samples"] as? Int == 1)
      let rows = try shop.lines(of: "cache/sources.jsonl")
      #expect(rows.compactMap { $0["beyond_full_scale"] as? Int } == [1])
    }
  }
}
