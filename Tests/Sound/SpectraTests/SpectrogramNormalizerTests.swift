import Foundation
import SpecGANErrors
import SpecGANTestSupport
import Spectra
import Testing

@Suite struct SpectrogramNormalizerTests {
  private func normalizer() throws -> SpectrogramNormalizer {
    let golden = try Golden("normalization")
    let moments = try Moments(
      mean: golden.floats("mean"), deviation: golden.floats("deviation"))
    return try SpectrogramNormalizer(configuration: .init(), moments: moments)
  }

  private func normalize(
    _ logs: [Float], _ normalizer: SpectrogramNormalizer
  ) -> [Float] {
    let bins = normalizer.normalizedBinCount
    var normalized = [Float](repeating: .nan, count: logs.count / (bins + 1) * bins)
    var result = normalized.mutableSpan
    normalizer.normalize(logMagnitudes: logs.span, into: &result)
    return normalized
  }

  /// A difference of numbers up to 14, over 3 deviations of at least 0.5: 2 · 2⁻²⁴ · 14 / 1.5.
  @Test func equalsTheReferenceProgram() throws {
    let golden = try Golden("normalization")
    let found = try normalize(golden.floats("log_magnitude_0"), normalizer())
    let expected = try golden.floats("normalized")
    #expect(found.count == 27 * 128 && expected.count == found.count)
    expectWithin(1.2e-6, found, expected)
    #expect(found.contains(1) || found.contains(-1), "something is clipped")
    #expect(found.allSatisfy { abs($0) <= 1 })
  }

  /// The exponent reaches 14 and errs by three roundings of it: 3 · 2⁻²⁴ · 14 in the magnitude.
  @Test func theWayBackEqualsTheReferenceProgram() throws {
    let golden = try Golden("normalization")
    let normalized = try golden.floats("normalized")
    let found = try normalizer().magnitudes(of: normalized.span)
    let expected = try golden.floats("magnitude")
    #expect((found.frameCount, found.binCount) == (27, 129))
    #expect(found.framing == .published)
    #expect(found.values.count == expected.count)
    #expect(zip(found.values, expected).allSatisfy { abs($0 / $1 - 1) <= 2.5e-6 })
  }

  @Test func thereAndBackIsTheSameWhereNothingIsClippedOrDropped() throws {
    let logs = try Golden("normalization").floats("log_magnitude_1")
    let normalizer = try normalizer()
    let normalized = normalize(logs, normalizer)
    let back = normalizer.magnitudes(of: normalized.span)
    for frame in 0..<41 {
      for bin in 0..<128 where abs(normalized[frame * 128 + bin]) < 1 {
        let wanted = exp(logs[frame * 129 + bin])
        #expect(abs(back.values[frame * 129 + bin] / wanted - 1) <= 5e-6)  // both errors above
      }
      #expect(back.values[frame * 129 + 128] == exp(normalizer.moments.mean[128]))
    }
  }

  @Test func silenceAmongSilenceIsZeroAndFinite() throws {
    var stft = try STFT()
    let silence = [Float](repeating: 0, count: 16_384)
    let logs = stft.logMagnitudes(of: silence.span)
    var accumulator = MomentsAccumulator(binCount: 129)
    accumulator.add(logMagnitudes: logs.span)
    let normalizer = try SpectrogramNormalizer(
      configuration: .init(), moments: accumulator.moments)
    let normalized = normalize(logs, normalizer)
    #expect(normalized.allSatisfy { $0 == 0 })
    let back = normalizer.magnitudes(of: normalized.span)
    #expect(back.values.allSatisfy { abs($0 / 1e-6 - 1) <= 2e-6 })
  }

  @Test func otherBinsAreRefused() throws {
    let moments = try Moments(mean: [0, 0], deviation: [1, 1])
    #expect(throws: SpecGANError.binCount(found: 2, expected: 129)) {
      try SpectrogramNormalizer(configuration: .init(), moments: moments)
    }
  }
}
