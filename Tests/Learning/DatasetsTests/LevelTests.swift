import Foundation
import SpecGANDatasets
import SpecGANTestSupport
import Spectra
import Testing
import Waveforms

/// Signals with extreme levels: silence, a constant, full scale, and beyond.
@Suite struct LevelTests {
  /// One second of each signal. A constant band has a deviation of 0, which must not be a divisor.
  private static let signals: [String: [Float]] = [
    "silence": [Float](repeating: 0, count: 16_000),
    "dc": [Float](repeating: 0.5, count: 16_000),
    "square": (0..<16_000).map { $0 / 40 % 2 == 0 ? 1 : -1 },
    "nyquist": (0..<16_000).map { $0 % 2 == 0 ? 1 : -1 },
    "one": [1],
  ]

  @Test func everySignalAloneMakesAWholeCache() throws {
    for (name, samples) in Self.signals {
      try withTemporaryFolder { folder in
        try folder.sound("in/\(name).wav", samples)
        let summary = try preprocess([folder.path("in")], to: folder.path("cache"))
        let cache = try Cache(path: folder.path("cache"))
        try cache.verify()
        #expect(
          summary.usedCount == 1 && summary.beyondFullScale == [] && cache.count == 1, "\(name)")
        #expect(cache.moments[0].deviation.allSatisfy { $0 > 0 && $0.isFinite }, "\(name)")
        let spectrogram = try cache.spectrograms().values(0)
        #expect(spectrogram.allSatisfy { abs($0) <= 1 }, "\(name)")
      }
    }
  }

  /// 8 to 192 kHz and 1 to 8 channels: a constant signal stays constant, except near the edges of
  /// the resampler.
  @Test func everyRateAndNumberOfChannelsComesThrough() throws {
    try withTemporaryFolder { folder in
      let rates = [8000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000]
      for rate in rates {
        for channels in [1, 2, 3, 6, 8] {
          try folder.sound(
            "in/\(rate)-\(channels).wav", [Float](repeating: 0.25, count: rate * channels),
            channels: channels, rate: rate)
        }
      }
      let summary = try preprocess([folder.path("in")], to: folder.path("cache"))
      #expect(summary.usedCount == rates.count * 5 && summary.skippedFiles == [])
      let cache = try Cache(path: folder.path("cache"))
      try cache.verify()
      let slices = try cache.slices()
      for (index, source) in try cache.sources().enumerated() {
        #expect(source.slices == 1 && source.frames == source.sampleRate)
        // The resampler guarantees 2⁻²⁰ of the peak; its edges ring for a few hundred samples.
        let middle = slices.values(index)[2000..<14_000]
        #expect(middle.allSatisfy { abs($0 - 0.25) < 1e-6 }, "\(source.path)")
      }
    }
  }

  /// Reported per file and used unchanged, also by a second run, which decodes nothing.
  @Test func samplesBeyondFullScaleAreReportedAndUsed() throws {
    try withTemporaryFolder { folder in
      var samples = [Float](repeating: 0.5, count: 3000)
      (samples[0], samples[1000], samples[2999]) = (1.5, -2, 1)
      try folder.sound("in/loud.wav", samples)
      try folder.noise("in/quiet.wav")
      for decoded in [2, 0] {
        let summary = try preprocess([folder.path("in")], to: folder.path("cache"))
        #expect(summary.decodedCount == decoded && summary.usedCount == 2)
        #expect(summary.beyondFullScale.map(\.path) == [folder.path("in/loud.wav")])
        #expect(summary.beyondFullScale.map(\.samples) == [2])
        let cache = try Cache(path: folder.path("cache"))
        #expect(try cache.sources().map(\.beyondFullScale) == [2, nil])
        #expect(Array(try cache.slices().values(0).prefix(3000)) == samples)
      }
    }
  }
}
