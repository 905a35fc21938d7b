import Foundation
import Safetensors
import SpecGANTestSupport
import Testing

/// `specgan components`, from a cache to pictures and values.
@Suite struct ComponentsTests {
  /// Components of speech are waves: each has its energy at few frequencies, and the frequencies of
  /// the first ones increase.
  @Test func slicesOfSpeechAreMadeOfWaves() throws {
    try withWorkshop { shop in
      try shop.made("components", "cache", "--output", "pieces", "--count", "20000")
      let found = try SafetensorsFile(path: shop.folder.path("pieces/components.safetensors"))
      #expect(found.entry("waveform/components")?.shape == [25, 25])
      #expect(found.entry("spectrogram/components")?.shape == [25, 5, 5])
      let components = try found.floats("waveform/components")
      let peaks = (0..<8).map { Self.peak(Array(components[$0 * 25..<($0 + 1) * 25])) }
      // At least half of the energy at one frequency, to within the width of a main lobe.
      for peak in peaks { #expect(peak.share > 0.5) }
      #expect(peaks.map(\.turns) == peaks.map(\.turns).sorted())
      #expect((peaks.last?.turns ?? 0) >= 2 && (peaks.first?.turns ?? 9) <= 1.5)
    }
  }

  /// Returns the number of periods of a wave over its length, in quarters, and its share of the
  /// energy at that frequency.
  private static func peak(_ wave: [Float]) -> (turns: Double, share: Double) {
    var best = (turns: 0.0, share: 0.0)
    for quarter in 0..<48 {
      let turns = Double(quarter) / 4
      // The energy that sine and cosine explain together, by the inverse of their products.
      let angles = wave.indices.map { 2 * Double.pi * turns * Double($0) / Double(wave.count) }
      let (c, s) = (angles.map(cos), angles.map(sin))
      func sum(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
      let x = wave.map(Double.init)
      let (cc, cs, ss) = (sum(c, c), sum(c, s), sum(s, s))
      let (xc, xs) = (sum(x, c), sum(x, s))
      let determinant = cc * ss - cs * cs
      let explained =
        determinant > 1e-9
        ? (xc * xc * ss - 2 * xc * xs * cs + xs * xs * cc) / determinant : xc * xc / cc
      let share = explained / sum(x, x)
      if share > best.share { best = (turns, share) }
    }
    return best
  }

  @Test func numbersAndPicturesAreWhole() throws {
    try withWorkshop { shop in
      let report = try shop.json(
        "components", "cache", "--output", "pieces", "--count", "3000", "--length", "12", "--patch",
        "3x7", "--shown", "5", "--seed", "9")
      #expect(
        try shop.names(in: "pieces") == [
          "components.safetensors", "manifest.jsonl", "spectrogram.png", "waveform.png",
        ])
      #expect(report["cache"] as? String == "cache" && report["count"] as? Int == 3_000)
      for (name, shape) in [("waveform", [12]), ("spectrogram", [3, 7])] {
        let part = try #require(report[name] as? [String: Any])
        #expect(part["shape"] as? [Int] == shape)
        let size = shape.reduce(1, *)
        let variances = try #require(part["variances"] as? [Double])
        #expect(variances.count == size && variances == variances.sorted(by: >))
        let shares = try #require(part["shares"] as? [Double])
        #expect(abs(shares.reduce(0, +) - 1) < 1e-9)
        let file = try SafetensorsFile(path: shop.folder.path("pieces/components.safetensors"))
        #expect(file.entry("\(name)/components")?.shape == [size] + shape)
        #expect(file.entry("\(name)/mean")?.shape == shape)
        #expect(try file.floats("\(name)/variances", shape: [size]) == variances.map(Float.init))
        try expectOrthonormal(file.floats("\(name)/components"), size)
        let picture = try PNGFile(shop.folder.bytes(of: "pieces/\(name).png"))
        // Four across and two down, for five.
        #expect(picture.width > 4 * 60 && picture.height > 2 * 150)
      }
    }
  }

  private func expectOrthonormal(_ rows: [Float], _ size: Int) {
    for first in 0..<size {
      for second in 0...first {
        let product = inner(
          Array(rows[first * size..<(first + 1) * size]),
          Array(rows[second * size..<(second + 1) * size]))
        #expect(abs(product - (first == second ? 1 : 0)) < 1e-6)
      }
    }
  }

  @Test func aSeedIsTheSameBytesOnAnyThreads() throws {
    try withWorkshop { shop in
      var folders: [[String: [UInt8]]] = []
      for (seed, threads) in [("1", "1"), ("1", "3"), ("2", "1")] {
        try shop.made(
          "components", "cache", "--output", "pieces", "--count", "2000", "--seed", seed,
          "--threads", threads, "--replace")
        folders.append(try shop.contents(of: "pieces"))
      }
      #expect(folders[0] == folders[1] && folders[0] != folders[2])
    }
  }

  // MARK: - Bad input

  @Test func whatCannotBeIsNamed() throws {
    try withWorkshop { shop in
      for (option, value) in [
        ("--length", "0"), ("--length", "1025"), ("--count", "1"), ("--shown", "0"),
        ("--shown", "65"), ("--patch", "0x5"), ("--patch", "33x33"), ("--threads", "0"),
      ] {
        try shop.run(["components", "cache", "--output", "pieces", "\(option)=\(value)"])
          .expectError(64, "\(option) is \(value)")
      }
      for patch in ["5", "5x", "5x5x5", "axb", "99999999999999999999x1"] {
        try shop.run(["components", "cache", "--output", "pieces", "--patch", patch])
          .expectError(64, "--patch")
      }
      try shop.run(["components", "cache", "--output", "pieces", "--patch", "129x2"])
        .expectError(65, "129", "1 to 128")
      try shop.run(["components", "sounds", "--output", "pieces"])
        .expectError(66, "sounds is not a cache")
      try shop.write("a file", as: "pieces")
      try shop.run(["components", "cache", "--output", "pieces", "--count", "500"])
        .expectError(73, "pieces")
    }
  }

  /// Slices longer than the cache's, and clips that are all equal.
  @Test func shortAndSilentSoundsAreNamed() throws {
    try withTemporaryFolder { folder in
      let shop = try Workshop(folder, clips: ["one/flite_slt"])
      try shop.made(
        "preprocess", "sounds", "--output", "short", "--set", "audio.slice_length=256")
      try shop.run(["components", "short", "--output", "pieces", "--length", "300"])
        .expectError(65, "300", "1 to 256")
      try folder.write(
        WAVBytes.pcm16([Int16](repeating: 0, count: 9_000)), as: "silence.wav")
      try shop.made("preprocess", "silence.wav", "--output", "quiet")
      try shop.run(["components", "quiet", "--output", "pieces", "--count", "500"])
        .expectError(65, "All rows are equal")
      #expect(try !shop.names(in: "").contains("pieces"))
    }
  }
}
