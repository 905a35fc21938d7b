import ComplexModule
import RealModule
import SpecGANErrors
import SpecGANTestSupport
import Spectra
import Testing

/// Powers of two, and even lengths with odd factors, prime ones among them.
private let lengths = [2, 4, 6, 10, 12, 30, 34, 94, 126, 210, 256, 480, 1000, 1024, 4096]

/// Law 4's bound, as a share of a transform's largest element. A single-precision transform of
/// length N errs by about 2⁻²⁴·√(log₂ N) of the root mean square, here below 3·10⁻⁷ of the peak.
private let tolerance = 4e-7

@Suite struct RealFFTTests {
  @Test(arguments: lengths) func forwardIsTheDefinition(length: Int) throws {
    var fft = try RealFFT(length: length, batch: 3)
    let samples = noise(3 * length)
    var spectra = [Complex<Float>](zeros: 3 * fft.binCount)
    var result = spectra.mutableSpan
    fft.forward(samples.span, into: &result)
    for transform in 0..<3 {
      let frame = samples[transform * length..<(transform + 1) * length]
      let expected = NaiveDFT.forward(frame.map { Double($0) })
      let peak = expected.map(\.magnitude).max() ?? 0
      for (bin, wanted) in expected.enumerated() {
        let found = spectra[transform * fft.binCount + bin]
        let error = (Complex(Double(found.real), Double(found.imaginary)) - wanted).magnitude
        #expect(error <= tolerance * peak, "transform \(transform), bin \(bin)")
      }
    }
  }

  @Test(arguments: lengths) func inverseOfForwardIsLengthTimesTheFrame(length: Int) throws {
    var fft = try RealFFT(length: length, batch: 2)
    let samples = noise(2 * length)
    var spectra = [Complex<Float>](zeros: 2 * fft.binCount)
    var bins = spectra.mutableSpan
    fft.forward(samples.span, into: &bins)
    var back = [Float](repeating: 0, count: 2 * length)
    var frames = back.mutableSpan
    fft.inverse(spectra.span, into: &frames)
    // Each direction errs by 2⁻²⁴·√(log₂ N) of samples that reach 1.
    expectWithin(8e-7 * Float(length), back, samples.map { $0 * Float(length) })
  }

  @Test func imaginaryPartsOfTheFirstAndLastBinDoNotCount() throws {
    for length in [12, 256] {
      var fft = try RealFFT(length: length)
      var real = [Complex<Float>](zeros: fft.binCount)
      (real[0], real[2], real[length / 2]) = (3, Complex(1, 2), -2)
      var complex = real
      (complex[0], complex[length / 2]) = (Complex(3, 7), Complex(-2, 5))
      #expect(inverse(real, &fft) == inverse(complex, &fft))
    }
  }

  /// The contents of an earlier, larger batch must not change a result.
  @Test func aPartBatchDoesNotSeeWhatWasThereBefore() throws {
    let samples = noise(3 * 48)
    var fresh = try RealFFT(length: 48, batch: 8)
    var used = try RealFFT(length: 48, batch: 8)
    _ = forward([Float](repeating: .nan, count: 8 * 48), &used)
    _ = inverse([Complex<Float>](repeating: Complex(.nan, .nan), count: 8 * 25), &used)
    let expected = forward(samples, &fresh)
    let found = forward(samples, &used)
    #expect(found == expected)
    #expect(found.allSatisfy { $0.isFinite })
  }

  @Test(arguments: [-2, 0, 1, 255, 1 << 21]) func oddAndWildLengthsAreRefused(length: Int) {
    #expect(throws: SpecGANError.frameLength(found: length)) { _ = try RealFFT(length: length) }
  }

  private func forward(_ samples: [Float], _ fft: inout RealFFT) -> [Complex<Float>] {
    var spectra = [Complex<Float>](zeros: samples.count / fft.length * fft.binCount)
    var result = spectra.mutableSpan
    fft.forward(samples.span, into: &result)
    return spectra
  }

  private func inverse(_ spectra: [Complex<Float>], _ fft: inout RealFFT) -> [Float] {
    var samples = [Float](repeating: 0, count: spectra.count / fft.binCount * fft.length)
    var result = samples.mutableSpan
    fft.inverse(spectra.span, into: &result)
    return samples
  }
}
