import Foundation
import SpecGANExploration
import SpecGANTestSupport
import Spectra
import Testing
import Waveforms

/// Descriptors of clips whose properties are known.
@Suite struct SoundProfilerTests {
  private static let rate = 16_000
  private static let length = 16_384

  private func profile(
    _ configuration: SpectrogramConfiguration = .init(), _ sample: (_ time: Double) -> Double
  ) throws -> [SoundDescriptor: Double]? {
    let samples = (0..<Self.length).map { Float(sample(Double($0) / Double(Self.rate))) }
    var stft = try STFT(configuration)
    let profiler = SoundProfiler(configuration, sampleRate: Self.rate)
    return profiler.profile(of: stft.magnitudes(of: samples.span))
  }

  private func sine(_ frequency: Double, _ time: Double) -> Double {
    sin(2 * .pi * frequency * time)
  }

  @Test func aSineHasItsLevelAndItsFrequency() throws {
    let found = try #require(try profile { 0.1 * sine(1_000, $0) })
    // The energy of a windowed sine varies with its phase by less than 0.1 dB.
    #expect(abs(try #require(found[.loudness]) + 20) < 0.1)
    // A bin is 62.5 Hz; the main lobe of the window is symmetric.
    #expect(abs(try #require(found[.brightness]) - log2(1_000)) < 0.02)
    #expect(abs(try #require(found[.pitch]) - log2(1_000)) < 0.01)
    #expect(try #require(found[.boom]) < -25)
    #expect(try #require(found[.noisiness]) < -25)
  }

  @Test func aPeriodCountsEvenIfTheFundamentalIsWeak() throws {
    let found = try #require(
      try profile { time in
        0.01 * sine(250, time) + 0.2 * sine(500, time) + 0.2 * sine(750, time)
          + 0.2 * sine(1_000, time)
      })
    #expect(abs(try #require(found[.pitch]) - log2(250)) < 0.02)
  }

  @Test func noiseHasNoPitchAndIsFlat() throws {
    let noise = randomNumbers(Self.length, seed: 4)
    let found = try #require(try profile { 0.5 * Double(noise[Int($0 * Double(Self.rate) + 0.5)]) })
    #expect(found[.pitch] == nil)
    // The mean of 128 frames, half of them independent, deviates by 1/√64 per bin, which lowers the
    // logarithm's mean by half the square of that, 0.03 dB; the first bins share energy with zero.
    #expect(try #require(found[.noisiness]) > -0.5)
  }

  @Test func aLowSineBooms() throws {
    let found = try #require(try profile { 0.5 * sine(60, $0) })
    #expect(try #require(found[.boom]) > -0.5)
  }

  @Test func silenceIsNoClip() throws {
    #expect(try profile { _ in 0 } == nil)
    #expect(try profile { 0.0002 * sine(500, $0) } == nil)  // −74 dBFS
  }

  @Test func attackAndDecayAreTimes() throws {
    // 100 ms up to the peak, then down by 20 dB in 200 ms.
    let found = try #require(
      try profile { time in
        let level = time < 0.3 ? 200 * (time - 0.3) : 100 * (0.3 - time)
        return level < -60 ? 0 : pow(10, level / 20) * sine(900, time)
      })
    // A frame is 16 ms long and comes each 8 ms; 40 dB of the rise count, which take 200 ms.
    #expect(abs(exp2(try #require(found[.attack])) - 0.2) < 0.016)
    #expect(abs(exp2(try #require(found[.decay])) - 0.2) < 0.016)
  }

  /// Silence around a clip changes nothing.
  @Test func silenceAroundChangesNothing() throws {
    func clip(_ start: Double) throws -> [SoundDescriptor: Double] {
      try #require(
        try profile { time in
          time < start ? 0 : exp(-20 * (time - start)) * sine(440, time - start)
        })
    }
    // By whole frames.
    let (early, late) = (try clip(0.08), try clip(0.4))
    #expect(early.count == late.count)
    for (descriptor, value) in early {
      #expect(abs(value - (try #require(late[descriptor]))) < 1e-3, "\(descriptor)")
    }
  }
}
