import ComplexModule
import Foundation
import RealModule
import SpecGANErrors
import SpecGANTestSupport
import Spectra
import Testing

/// Law 4: an element is exact to this share of its frame's largest one.
private let shareOfPeak: Float = 4e-7

private let cases = [
  "impulse", "chirp", "silence", "speech", "noise_1", "noise_255", "noise_257", "noise_16384",
]

@Suite struct STFTTests {
  @Test(arguments: cases) func equalsThePublishedConvention(name: String) throws {
    let golden = try Golden("stft")
    let spectrum = try transform(golden.floats("\(name)/signal"))
    let real = try golden.floats("\(name)/real")
    let imaginary = try golden.floats("\(name)/imaginary")
    #expect(spectrum.count == real.count)
    for start in stride(from: 0, to: real.count, by: 129) {
      let frame = start..<start + 129
      let peak = frame.map { hypot(real[$0], imaginary[$0]) }.max() ?? 0
      for index in frame {
        let found = spectrum[index]
        let error = hypot(found.real - real[index], found.imaginary - imaginary[index])
        #expect(error <= shareOfPeak * peak, "frame \(start / 129), bin \(index - start)")
      }
    }
  }

  /// An error of e in a magnitude m is one of e / (m + floor) in its logarithm, if small; the
  /// logarithm itself and its storage are exact to two roundings of a number up to 14: 2·10⁻⁶.
  @Test(arguments: cases) func logMagnitudesAreAsExactAsTheirBinsAreLoud(name: String) throws {
    let golden = try Golden("stft")
    var stft = try STFT()
    let signal = try golden.floats("\(name)/signal")
    let logs = stft.logMagnitudes(of: signal.span)
    let expected = try golden.floats("\(name)/log_magnitude")
    #expect(logs.count == expected.count)
    for start in stride(from: 0, to: expected.count, by: 129) {
      let peak = exp(expected[start..<start + 129].max() ?? 0)
      for index in start..<start + 129 {
        let tolerance = 2e-6 + log1p(shareOfPeak * peak / exp(expected[index])) * 1.0001
        #expect(
          abs(logs[index] - expected[index]) <= tolerance,
          "frame \(start / 129), bin \(index - start)")
      }
    }
  }

  /// Samples that a frame's middle half sees come back; a published signal's first ones lie at a
  /// window's edge and fade.
  @Test(arguments: Framing.allCases, [1, 127, 128, 129, 255, 257, 1000, 2048, 16_384])
  func inverseOfTransformIsTheSignal(framing: Framing, length: Int) throws {
    let samples = noise(length)
    let back = try inverse(transform(samples, framing), framing, length: length)
    let inside = framing == .published ? min(length, 64) : 0
    // The transform errs by 4·10⁻⁷ of a frame's peak, which a signal of noise spreads thin.
    expectWithin(1e-6, Array(back[inside...]), Array(samples[inside...]))
    #expect(back.allSatisfy { abs($0) <= 1.001 })
  }

  @Test func otherStepsInvertAsWell() throws {
    var configuration = SpectrogramConfiguration()
    (configuration.frameLength, configuration.frameStep) = (90, 17)
    let samples = noise(1000)
    let spectrum = try transform(samples, .centered, configuration)
    let back = try inverse(spectrum, .centered, length: 1000, configuration)
    expectWithin(1e-6, back, samples)
  }

  @Test func centeredFramesAreThePublishedOnesOneStepLater() throws {
    let samples = noise(2048)
    let published = try transform(samples, .published)
    let centered = try transform(samples, .centered)
    #expect(centered.count == published.count + 129)
    // Not the same bits: a frame's place in its batch decides which vector code transforms it.
    for (late, early) in zip(centered[129...], published) {
      #expect((late - early).magnitude <= 1e-5)
    }
  }

  @Test func framesAreCountedAsPublished() throws {
    let stft = try STFT()
    let lengths = [0, 1, 128, 129, 16_384]
    #expect(lengths.map { stft.frameCount(of: $0) } == [0, 1, 1, 2, 128])
    #expect(lengths.map { stft.frameCount(of: $0, framing: .centered) } == [1, 2, 2, 3, 129])
  }

  @Test func hannWindowIsPeriodic() {
    let window = SpectrogramConfiguration.Window.hann.values(length: 8)
    let expected: [Double] = [0, 0.146446609, 0.5, 0.853553391, 1, 0.853553391, 0.5, 0.146446609]
    expectWithin(1e-7, window, expected.map { Float($0) })
  }

  @Test func magnitudesOfHugeAndTinySignalsAreRight() throws {
    var stft = try STFT()
    let samples = noise(1024)
    let plain = stft.magnitudes(of: samples.span).values
    for exponent in [-70, 90] {  // squares would leave the range of single precision
      let scale = Float(sign: .plus, exponent: exponent, significand: 1)
      let loud = samples.map { $0 * scale }
      let scaled = stft.magnitudes(of: loud.span)
      #expect(zip(scaled.values, plain).allSatisfy { abs($0 / scale - $1) <= 1e-5 })
    }
  }

  @Test func settingsOutOfRangeAreRefused() {
    for length in [0, 255, 8194] {
      expect(.frameLength(found: length)) { $0.frameLength = length }
    }
    expect(.frameStep(found: 129, frameLength: 256)) { $0.frameStep = 129 }
    expect(.frameStep(found: 0, frameLength: 256)) { $0.frameStep = 0 }
    expect(.logFloor(found: 0)) { $0.logFloor = 0 }
    expect(.logFloor(found: 2)) { $0.logFloor = 2 }
    expect(.clipDeviations(found: 101)) { $0.clipDeviations = 101 }
    expect(.clipDeviations(found: .infinity)) { $0.clipDeviations = .infinity }
  }

  private func expect(
    _ error: SpecGANError, when change: (inout SpectrogramConfiguration) -> Void
  ) {
    var configuration = SpectrogramConfiguration()
    change(&configuration)
    #expect(throws: error) { _ = try STFT(configuration) }
    #expect(error.description.contains("spectrogram."))
    #expect(error.description.hasSuffix("."))
  }
}

private func transform(
  _ samples: [Float], _ framing: Framing = .published,
  _ configuration: SpectrogramConfiguration = .init()
) throws -> [Complex<Float>] {
  var stft = try STFT(configuration)
  let frames = stft.frameCount(of: samples.count, framing: framing)
  var spectrum = [Complex<Float>](zeros: frames * stft.binCount)
  var result = spectrum.mutableSpan
  stft.transform(samples.span, framing: framing, into: &result)
  return spectrum
}

private func inverse(
  _ spectrum: [Complex<Float>], _ framing: Framing, length: Int,
  _ configuration: SpectrogramConfiguration = .init()
) throws -> [Float] {
  var stft = try STFT(configuration)
  var samples = [Float](repeating: .nan, count: length)
  var result = samples.mutableSpan
  stft.inverse(spectrum.span, framing: framing, into: &result)
  return samples
}
