import SpecGANErrors
import SpecGANRandomness
import Testing
import Waveforms

@Suite struct MasteringTests {
  private func clip(_ samples: [Float], channels: Int = 1) -> Waveform {
    Waveform(samples: samples, channels: channels, sampleRate: 1_000)
  }

  private func mastered(_ samples: [Float], _ level: OutputLevel) -> [Float] {
    let gain = level.gain(peak: clip(samples).peak)
    return Mastering().apply(to: clip(samples), gain: gain, number: 0).samples
  }

  /// −1 dBFS, to the 16 bits that it is a multiple of.
  @Test func theCeilingIsOneDecibelBelowFullScale() {
    #expect(abs(OutputLevel.ceiling - 0.891_250_9) < 0x1p-15)
  }

  @Test func onlyLoudClipsAreTurnedDown() {
    let loud: [Float] = [0.5, -4, 2]
    let ceiling = OutputLevel.ceiling
    #expect(mastered(loud, .protect) == [ceiling / 8, -ceiling, ceiling / 2])
    #expect(mastered([0.25, -ceiling], .protect) == [0.25, -ceiling])
    #expect(mastered([0.25, -0.5], .normalize) == [ceiling / 2, -ceiling])
    #expect(mastered(loud, .asIs) == loud)
    // Silence is not noise to be amplified.
    #expect(mastered([1e-6, 0], .normalize) == [1e-6, 0])
    #expect(mastered([0, 0], .normalize) == [0, 0] && mastered([], .normalize) == [])
  }

  /// No format rounds a clip at the ceiling above it.
  @Test(arguments: SampleFormat.allCases) func nothingIsStoredAboveTheCeiling(
    _ format: SampleFormat
  ) {
    for peak: Float in [0.9, 1, 1.7, 3e5] {
      let stored = clip(mastered([peak, -peak], .protect)).stored(as: format)
      #expect(stored.peak <= OutputLevel.ceiling * (1 + 0x1p-23))
    }
  }

  /// 5 ms at 1 kHz are five frames, whose factors fall from 5/6 to 1/6.
  @Test func trimmingEndsAfterTheLastAudibleSample() {
    var mastering = Mastering()
    mastering.trimsEnd = true
    let tail = [Float](repeating: 0.0009, count: 20)
    let found = mastering.apply(to: clip([0, 1, 0.5, 0.0011] + tail), gain: 1, number: 0)
    #expect(found.samples.prefix(4) == [0, 1, 0.5, 0.0011] && found.frameCount == 9)
    for (index, sample) in found.samples.dropFirst(4).enumerated() {
      #expect(abs(sample - 0.0009 * Float(5 - index) / 6) < 1e-9)
    }
    // Frames stay whole, a loud end fades, too, and silence is not cut.
    let stereo = clip([0, 0.1] + [Float](repeating: 0, count: 20), channels: 2)
    #expect(mastering.apply(to: stereo, gain: 1, number: 0).frameCount == 6)
    let loud = mastering.apply(
      to: clip([Float](repeating: 1, count: 9)), gain: 1, number: 0)
    let fade = (1...5).map { Float(6 - $0) / 6 }
    #expect(loud.samples == [1, 1, 1, 1] + fade)
    #expect(mastering.apply(to: clip([0, 0]), gain: 1, number: 0).samples == [0, 0])
  }

  /// Triangular noise of ±1 step has the variance 1/6; the mean of 20,000 has a deviation of 0.003,
  /// and their variance one of 0.001.
  @Test(arguments: [(SampleFormat.pcm16, Float(0x1p-15)), (.pcm24, 0x1p-23)])
  func ditherIsTriangular(_ format: SampleFormat, _ step: Float) {
    var mastering = Mastering()
    (mastering.format, mastering.ditherSeed) = (format, 7)
    let silence = clip([Float](repeating: 0, count: 20_000))
    let noise = mastering.apply(to: silence, gain: 1, number: 3).samples.map { Double($0 / step) }
    #expect(noise.allSatisfy { abs($0) < 1 })
    let mean = noise.reduce(0, +) / 20_000
    let variance = noise.map { $0 * $0 }.reduce(0, +) / 20_000
    #expect(abs(mean) < 0.015)
    #expect(abs(variance - 1.0 / 6) < 0.006)
    func first(_ number: Int) -> [Float] {
      Array(mastering.apply(to: silence, gain: 1, number: number).samples.prefix(8))
    }
    #expect(first(3) == first(3) && first(3) != first(4))
    mastering.format = .float
    #expect(mastering.apply(to: silence, gain: 1, number: 3) == silence)
  }
}
