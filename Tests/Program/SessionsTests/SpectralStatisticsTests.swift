import Foundation
import SpecGANRandomness
import SpecGANSessions
import SpecGANTestSupport
import SpecGANWorkers
import Spectra
import Testing
import Waveforms

/// The distance of sets of clips, compared with NumPy, and its laws.
@Suite struct SpectralStatisticsTests {
  private let workers = Workers(count: 2)

  /// A bin is accurate to 4·10⁻⁷ of its frame's peak, which is below 64, and its magnitude is at
  /// least 0.0064 with the added floor: its level is accurate to 0.035 dB. A cell averages 128
  /// bins, few of which are so quiet beside such a high peak, so a tolerance of 0.005 dB is
  /// generous; an edge that is wrong by one bin changes the level by 0.1 dB.
  @Test func theyAreNumPys() throws {
    let golden = try Golden("spectral_distance")
    let (digits, drums) = try (statistics(of: "digits"), statistics(of: "drums"))
    for (name, statistics) in [("digits", digits), ("drums", drums)] {
      expectWithin(
        0.005, statistics.mean.map { Float($0) }, try golden.floats("\(name)/mean"), "mean")
      expectWithin(
        0.005, statistics.deviation.map { Float($0) }, try golden.floats("\(name)/deviation"),
        "deviation")
    }
    expectWithin(0.005, [digits.distance(to: drums)], try golden.floats("distance"), "distance")
  }

  /// Noise below −65 dB can hardly be heard, and hardly counts.
  @Test func theDistanceIsZeroForTheSameAndRisesWithNoise() throws {
    let sounds = try waveforms(in: "digits")
    let real = try statistics(of: sounds)
    #expect(real.distance(to: real) == 0)
    #expect(try statistics(of: sounds.reversed()).distance(to: real) < 1e-5)
    let distances = try [0.001, 0.01, 0.1, 1].map { level in
      try statistics(of: sounds.enumerated().map { noisy($1, level: level, row: UInt64($0)) })
        .distance(to: real)
    }
    #expect(distances == distances.sorted(), "\(distances)")
    #expect(distances[0] < 0.1 && distances[2] > 1, "\(distances)")
    // One repeated clip has a large distance, however good it is.
    let collapsed = try statistics(of: Array(repeating: sounds[0], count: sounds.count))
    #expect(collapsed.deviation.allSatisfy { $0 < 1e-9 })
    let squares = real.deviation.reduce(0) { $0 + $1 * $1 } / Double(real.deviation.count)
    #expect(Double(collapsed.distance(to: real)) >= squares.squareRoot())
  }

  /// Channels are mixed to one, and few frames are enough.
  @Test func anySoundHasThem() throws {
    let mono = try waveforms(in: "digits")
    let stereo = try mono.map { try $0.mixed(to: 2) }
    #expect(try statistics(of: stereo) == statistics(of: mono))
    let click = Waveform(samples: [1], channels: 1, sampleRate: 16_000)
    #expect(try statistics(of: [click]).mean.allSatisfy { $0.isFinite })
  }

  @Test func threadsChangeNoBit() throws {
    let sounds = try waveforms(in: "digits")
    let alone = try SpectralStatistics(of: sounds, .init(), on: Workers(count: 1))
    #expect(try alone == statistics(of: sounds))
  }

  private func statistics(of waveforms: [Waveform]) throws -> SpectralStatistics {
    try SpectralStatistics(of: waveforms, .init(), on: workers)
  }

  private func statistics(of folder: String) throws -> SpectralStatistics {
    try statistics(of: waveforms(in: folder))
  }

  /// Returns the clips of a folder of `Fixtures/audio`, cut or padded to one second.
  private func waveforms(in folder: String) throws -> [Waveform] {
    let top = Fixtures.path("audio/\(folder)")
    return try FileManager.default.subpathsOfDirectory(atPath: top)
      .filter { $0.hasSuffix(".wav") }.sorted().map { name in
        let samples = try AudioFile.read("\(top)/\(name)").samples.prefix(16_384)
        let silence = [Float](repeating: 0, count: 16_384 - samples.count)
        return Waveform(samples: samples + silence, channels: 1, sampleRate: 16_000)
      }
  }

  private func noisy(_ waveform: Waveform, level: Float, row: UInt64) -> Waveform {
    let stream = RandomStream(seed: 2, stream: row)
    var noisy = waveform
    for index in noisy.samples.indices {
      noisy.samples[index] += level * (2 * stream.uniform(at: UInt64(index)) - 1)
    }
    return noisy
  }
}
