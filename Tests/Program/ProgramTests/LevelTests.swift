import Foundation
import SpecGANTestSupport
import Testing

/// The level of written clips: nothing above −1 dBFS unless it is asked for.
@Suite struct LevelTests {
  /// A sine with a peak of 3 in floating point, which other programs write.
  private func loudWorkshop(_ body: (Workshop) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let shop = try Workshop(folder, clips: ["one/flite_slt"])
      let sine = (0..<16_384).map { 3 * sin(0.3 * Double($0)) }.map(Float.init)
      try folder.write(WAVBytes.float(sine), as: "loud.wav")
      try body(shop)
    }
  }

  private func peak(_ name: String, _ shop: Workshop) throws -> Float {
    try WAVFile(shop.folder.bytes(of: name)).samples.reduce(0) { max($0, abs($1)) }
  }

  @Test(arguments: ["pcm16", "pcm24", "float"]) func loudClipsAreTurnedDown(
    _ format: String
  ) throws {
    try loudWorkshop { shop in
      let command = ["invert", "loud.wav", "--format", format, "--output"]
      let result = try shop.run(command + ["protected"])
      #expect(result.messages.contains("1 was turned down to -1 dBFS, by up to 1"))
      #expect(result.messages.contains("--level as-is keeps the level."))
      #expect(try abs(peak("protected/loud.wav", shop) - 0.8912) < 2e-4)
      let report = try shop.object(shop.run(command + ["again", "--json"]).output)
      let gain = try #require((report["gains_db"] as? [Double])?.first)
      #expect(gain < -9 && gain > -13 && report["clipped_samples"] as? Int == 0)
      let free = try shop.object(
        shop.run(command + ["free", "--level", "as-is", "--json"]).output)
      #expect(free["gains_db"] as? [Double] == [0])
      if format == "float" {
        #expect(try peak("free/loud.wav", shop) > 2)
      } else {
        #expect(free["clipped_samples"] as? Int ?? 0 > 1_000)
      }
    }
  }

  @Test func quietClipsChangeOnlyIfTheyAreNormalized() throws {
    try loudWorkshop { shop in
      let clip = Fixtures.path("audio/digits/one/flite_slt.wav")
      let command = ["invert", clip, "--output"]
      for (name, options) in [
        ("protected", []), ("free", ["--level", "as-is"]), ("full", ["--level", "normalize"]),
        ("dithered", ["--dither"]), ("other", ["--dither", "--seed", "1", "--method", "best"]),
      ] {
        let result = try shop.run(command + [name] + options)
        #expect(result.status == 0 && !result.messages.contains("turned down"))
        #expect(result.messages.contains("1 was turned up by up to") == (name == "full"))
      }
      let protected = try shop.contents(of: "protected")
      #expect(try shop.contents(of: "free") == protected)
      #expect(try abs(peak("full/flite_slt.wav", shop) - 0.8912) < 1e-4)
      #expect(try shop.contents(of: "dithered") != protected)
      #expect(try shop.contents(of: "dithered") != shop.contents(of: "other"))
    }
  }

  @Test func trimmedClipsEndEarly() throws {
    try loudWorkshop { shop in
      let click = (0..<16_384).map { Float($0 == 100 ? 0.5 : 0) }
      try shop.folder.write(WAVBytes.float(click), as: "click.wav")
      let result = try shop.run(["invert", "click.wav", "--output", "cut", "--trim"])
      #expect(result.status == 0)
      // The click may be smeared over a frame, and fades out within 5 ms.
      let samples = try WAVFile(shop.folder.bytes(of: "cut/click.wav")).samples
      #expect((101...600).contains(samples.count))
    }
  }

  /// One gain for all clips of a path, so that their levels stay comparable.
  @Test(.training) func aPathHasOneGain() throws {
    try withWorkshop { shop in
      // Without training SpecGAN's clips are below the level of silence.
      try shop.made("train", "tiny.yaml", "--model", "wavegan", "--steps", "1")
      let way = try shop.json(
        "interpolate", "run", "--output", "way", "--count", "3", "--level", "normalize")
      let gains = try #require(way["gains_db"] as? [Double])
      #expect(gains.count == 3 && Set(gains).count == 1)
      let peaks = try (0..<3).map { try peak("way/0000\($0).wav", shop) }
      #expect(abs((peaks.max() ?? 0) - 0.8912) < 1e-4 && (peaks.min() ?? 1) < 0.8911)
    }
  }

  /// Previews and pages of the studio take the same levels as `generate`, and say what changed.
  @Test(.training) func previewsAndStudiosHaveLevels() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--model", "wavegan", "--steps", "1")
      let result = try shop.made(
        "preview", "run", "--count", "3", "--output", "full", "--level", "normalize")
      #expect(result.messages.contains("3 were turned up by up to"))
      for name in ["00", "01", "02"] {
        #expect(try abs(peak("full/\(name).wav", shop) - 0.8912) < 1e-4)
      }
      let free = try shop.json(
        "preview", "run", "--count", "3", "--output", "free", "--level", "as-is")
      #expect(free["gains_db"] as? [Double] == [0, 0, 0])
      #expect(try peak("free/00.wav", shop) < 0.8911)
      let export = try shop.json(
        "studio", "run", "--export", "sounds.html", "--level", "normalize")
      let gains = try #require(export["gains_db"] as? [Double])
      #expect(gains.count == export["count"] as? Int && gains.allSatisfy { $0 > 0 })
    }
  }

  /// The clips that a page of `evaluate` plays are turned down, too.
  @Test func clipsOnPagesAreTurnedDown() throws {
    try loudWorkshop { shop in
      try shop.made("preprocess", "loud.wav", "--output", "loud")
      try shop.made("preprocess", "loud.wav", "--output", "other")
      try shop.made(
        "evaluate", "loud.wav", "--real", "loud", "--held-out", "other", "--output", "scores")
      let page = String(decoding: try shop.folder.bytes(of: "scores/scores.html"), as: UTF8.self)
      let players = page.components(separatedBy: "data:audio/wav;base64,").dropFirst()
      #expect(!players.isEmpty)
      for player in players {
        let data = try #require(Data(base64Encoded: String(player.prefix { $0 != "\"" })))
        let peak = try WAVFile([UInt8](data)).samples.reduce(0) { max($0, abs($1)) }
        #expect(abs(peak - 0.8912) < 2e-4)
      }
    }
  }
}
