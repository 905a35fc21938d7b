import Foundation
import SpecGANErrors
import SpecGANTestSupport
import Testing
import Waveforms

@Suite struct ResamplingTests {
  private func floats(_ name: String) throws -> [Float] {
    let bytes = try bytes(of: Fixtures.path("golden/\(name)"))
    return stride(from: 0, to: bytes.count, by: 4).map { index in
      Float(bitPattern: bytes[index..<index + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) })
    }
  }

  /// `tools/reference/resampling.py` made these with Python's soxr.
  @Test(arguments: [8000, 44_100, 48_000])
  func agreesWithPythonsSoxr(rate: Int) throws {
    let sound = Waveform(
      samples: try floats("resampling-\(rate).f32"), channels: 2, sampleRate: rate)
    let expected = try floats("resampling-\(rate)-16000.f32")
    let result = try sound.resampled(to: 16_000)
    // soxr rounds the length, librosa pads it up to the next whole frame, and so do we.
    #expect(result.samples.count - expected.count == (rate == 48_000 ? 2 : 0))
    let errors = zip(result.samples, expected).map { abs($0 - $1) }
    // The filters are the same, of 20 bits; builds differ in the order of their sums.
    #expect(errors.max() ?? 1 <= 0x1p-20)
  }

  /// Law: a tone below both Nyquist frequencies is the same tone at the other rate.
  @Test(arguments: [8000, 22_050, 44_100, 48_000, 96_000], [16_000, 44_100])
  func keepsATone(rate: Int, wanted: Int) throws {
    func tone(_ count: Int, _ rate: Int) -> [Float] {
      (0..<count).map { Float(0.5 * sin(2 * .pi * 1000 * Double($0) / Double(rate))) }
    }
    let sound = Waveform(samples: tone(rate / 2, rate), channels: 1, sampleRate: rate)
    let result = try sound.resampled(to: wanted)
    let expected = tone(wanted / 2, wanted)
    // soxr.h allows HQ a roll-off of 0.01 dB, a factor of 1 ± 1.2e-3, within the band it keeps.
    let inside = wanted / 20..<wanted / 2 - wanted / 20  // the tone's ends are steps
    let errors = inside.map { abs(result.samples[$0] - expected[$0]) }
    #expect(errors.max() ?? 1 <= 0.5 * 1.2e-3)
  }

  @Test func removesWhatTheLowerRateCannotHold() throws {
    let samples = (0..<48_000).map { Float(sin(2 * .pi * 9000 * Double($0) / 48_000)) }
    let sound = Waveform(samples: samples, channels: 1, sampleRate: 48_000)
    let result = try sound.resampled(to: 16_000)
    // 20 bits below full scale, times two for the ripple of the stop band.
    #expect(result.samples[2000..<14_000].map(abs).max() ?? 1 <= 0x1p-19)
  }

  @Test(arguments: [1, 2, 3, 441, 1000, 44_099, 100_000], [8000, 16_000, 48_000])
  func hasTheLengthLibrosaGives(frames: Int, wanted: Int) throws {
    let sound = Waveform(
      samples: [Float](repeating: 0.5, count: frames), channels: 1, sampleRate: 44_100)
    let result = try sound.resampled(to: wanted)
    #expect(result.frameCount == (frames * wanted + 44_099) / 44_100)
    #expect(result.sampleRate == wanted)
  }

  @Test(arguments: [(768_000, 1000), (1000, 768_000), (44_101, 15_999)])
  func goesAsFarAsTheRatesDo(rate: Int, wanted: Int) throws {
    let sound = Waveform(
      samples: [Float](repeating: 0.5, count: rate / 4), channels: 1, sampleRate: rate)
    let result = try sound.resampled(to: wanted)
    #expect(abs(result.samples[result.frameCount / 2] - 0.5) <= 1e-3)
  }

  /// A caller's data throws, in release builds too.
  @Test(arguments: [0, -16_000, Int.max]) func refusesRatesThatAreNone(rate: Int) {
    let sound = Waveform(samples: [0], channels: 1, sampleRate: 16_000)
    #expect(throws: SpecGANError.rate(found: rate)) { try sound.resampled(to: rate) }
  }

  @Test func keepsChannelsApart() throws {
    let left = (0..<4000).map { Float(sin(Double($0) / 10)) }
    let sound = Waveform(
      samples: left.flatMap { [$0, 0, -$0] }, channels: 3, sampleRate: 44_100)
    let alone = Waveform(samples: left, channels: 1, sampleRate: 44_100)
    let result = try sound.resampled(to: 16_000).samples
    for (frame, value) in try alone.resampled(to: 16_000).samples.enumerated() {
      #expect(Array(result[3 * frame..<3 * frame + 3]) == [value, 0, -value])
    }
  }

  @Test func refusesWhatOverflows() throws {
    let samples = (0..<1000).map { Float($0.isMultiple(of: 2) ? 3.4e38 : -3.4e38) }
    let sound = Waveform(samples: samples, channels: 1, sampleRate: 8000)
    let expected = SpecGANError.unresampled(
      rate: 8000, wanted: 16_000, reason: "its samples are too large")
    #expect(throws: expected) { try sound.resampled(to: 16_000) }
  }
}
