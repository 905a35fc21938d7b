import ComplexModule
import Foundation
import SpecGANTestSupport
import Spectra
import Testing

/// Frames and windows of any kind, as librosa, PyTorch and SciPy have them.
@Suite struct ConventionsTests {
  /// A case of `tools/reference/conventions.py`.
  struct Case: Sendable, CustomTestStringConvertible {
    let window: SpectrogramConfiguration.Window
    let frameLength: Int
    let frameStep: Int

    var name: String { "\(window)_\(frameLength)_\(frameStep)" }
    var testDescription: String { name }
    var configuration: SpectrogramConfiguration {
      var configuration = SpectrogramConfiguration()
      configuration.window = window
      configuration.frameLength = frameLength
      configuration.frameStep = frameStep
      return configuration
    }
  }

  static let cases = [
    Case(window: .hann, frameLength: 256, frameStep: 128),
    Case(window: .hamming, frameLength: 256, frameStep: 64),
    Case(window: .gaussian, frameLength: 64, frameStep: 16),
    Case(window: .hamming, frameLength: 90, frameStep: 45),
    Case(window: .gaussian, frameLength: 512, frameStep: 32),
    Case(window: .hann, frameLength: 100, frameStep: 25),
    Case(window: .hamming, frameLength: 6, frameStep: 1),
  ]

  /// Law 4 for any frame: within 4·10⁻⁷ of its largest element. Where the signal ends within a
  /// step, we have one frame more than the others.
  @Test(arguments: cases) func centeredFramesEqualTheOthers(_ convention: Case) throws {
    let golden = try Golden("conventions")
    let real = try golden.floats("\(convention.name)/real")
    let imaginary = try golden.floats("\(convention.name)/imaginary")
    let signal = try golden.floats("\(convention.name)/signal")
    var stft = try STFT(convention.configuration)
    let bins = stft.binCount
    let frames = stft.frameCount(of: signal.count, framing: .centered)
    #expect(frames == 1 + (signal.count + convention.frameStep - 1) / convention.frameStep)
    #expect(real.count == (1 + signal.count / convention.frameStep) * bins)
    var spectrum = [Complex<Float>](repeating: 0, count: frames * bins)
    var result = spectrum.mutableSpan
    stft.transform(signal.span, framing: .centered, into: &result)
    for start in stride(from: 0, to: real.count, by: bins) {
      let peak = (start..<start + bins).map { hypot(real[$0], imaginary[$0]) }.max() ?? 0
      for index in start..<start + bins {
        let found = spectrum[index]
        let error = hypot(found.real - real[index], found.imaginary - imaginary[index])
        #expect(error <= 4e-7 * peak, "frame \(start / bins), bin \(index - start)")
      }
    }
  }

  @Test(arguments: cases) func windowsEqualTheOthers(_ convention: Case) throws {
    let expected = try Golden("conventions").floats("\(convention.name)/window")
    // Both are rounded once from double precision.
    expectWithin(0x1p-24, convention.window.values(length: convention.frameLength), expected)
  }

  @Test(arguments: cases) func everySignalComesBack(_ convention: Case) throws {
    let signal = try Golden("conventions").floats("\(convention.name)/signal")
    var stft = try STFT(convention.configuration)
    let frames = stft.frameCount(of: signal.count, framing: .centered)
    var spectrum = [Complex<Float>](repeating: 0, count: frames * stft.binCount)
    var result = spectrum.mutableSpan
    stft.transform(signal.span, framing: .centered, into: &result)
    var back = [Float](repeating: .nan, count: signal.count)
    var samples = back.mutableSpan
    stft.inverse(spectrum.span, framing: .centered, into: &samples)
    // The transform errs by 4·10⁻⁷ of a frame's peak, which noise spreads thin.
    expectWithin(1e-6, back, signal)
  }
}
