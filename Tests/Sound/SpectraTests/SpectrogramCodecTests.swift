import Foundation
import SpecGANTestSupport
import SpecGANErrors
import Spectra
import Testing

@Suite struct SpectrogramCodecTests {
  private func codec() throws -> SpectrogramCodec {
    let golden = try Golden("normalization")
    let moments = try Moments(
      mean: golden.floats("mean"), deviation: golden.floats("deviation"))
    return try SpectrogramCodec(configuration: .init(), moments: moments)
  }

  private func normalize(
    _ logs: [Float], _ codec: SpectrogramCodec
  ) -> [Float] {
    let bins = codec.normalizedBinCount
    var normalized = [Float](repeating: .nan, count: logs.count / (bins + 1) * bins)
    var result = normalized.mutableSpan
    codec.normalize(logMagnitudes: logs.span, into: &result)
    return normalized
  }

  /// A difference of numbers up to 14, over 3 deviations of at least 0.5: 2 · 2⁻²⁴ · 14 / 1.5.
  @Test func equalsTheReferenceProgram() throws {
    let golden = try Golden("normalization")
    let found = try normalize(golden.floats("log_magnitude_0"), codec())
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
    let found = try codec().magnitudes(of: normalized.span)
    let expected = try golden.floats("magnitude")
    #expect((found.frameCount, found.binCount) == (27, 129))
    #expect(found.framing == .published)
    #expect(found.values.count == expected.count)
    #expect(zip(found.values, expected).allSatisfy { abs($0 / $1 - 1) <= 2.5e-6 })
  }

  @Test func thereAndBackIsTheSameWhereNothingIsClippedOrDropped() throws {
    let logs = try Golden("normalization").floats("log_magnitude_1")
    let codec = try codec()
    let normalized = normalize(logs, codec)
    let back = codec.magnitudes(of: normalized.span)
    for frame in 0..<41 {
      for bin in 0..<128 where abs(normalized[frame * 128 + bin]) < 1 {
        let wanted = exp(logs[frame * 129 + bin])
        #expect(abs(back.values[frame * 129 + bin] / wanted - 1) <= 5e-6)  // both errors above
      }
      #expect(back.values[frame * 129 + 128] == exp(codec.moments.mean[128]))
    }
  }

  @Test func silenceAmongSilenceIsZeroAndFinite() throws {
    var stft = try STFT()
    let silence = [Float](repeating: 0, count: 16_384)
    let logs = stft.logMagnitudes(of: silence.span)
    var accumulator = MomentsAccumulator(binCount: 129)
    accumulator.add(logMagnitudes: logs.span)
    let codec = try SpectrogramCodec(
      configuration: .init(), moments: try accumulator.moments)
    let normalized = normalize(logs, codec)
    #expect(normalized.allSatisfy { $0 == 0 })
    let back = codec.magnitudes(of: normalized.span)
    #expect(back.values.allSatisfy { abs($0 / 1e-6 - 1) <= 2e-6 })
  }

  /// A clip's picture is that of its transform, and its way back is that of its magnitudes.
  @Test func aClipIsEncodedAndDecodedByTheParts() throws {
    let samples = randomNumbers(16_384, seed: 3)
    let golden = try Golden("normalization")
    let moments = try Moments(
      mean: golden.floats("mean"), deviation: golden.floats("deviation"))
    var inversion = InversionConfiguration()
    (inversion.method, inversion.iterations) = (.griffinLim, 3)
    let codec = try SpectrogramCodec(
      configuration: .init(), moments: moments, inversion: inversion, seed: 9)
    var stft = try STFT()
    let logs = stft.logMagnitudes(of: samples.span)
    let picture = try codec.encode(samples.span)
    #expect(picture == normalize(logs, codec))
    let (magnitudes, decoded) = try codec.decode(picture.span, clip: 5)
    #expect(magnitudes == codec.magnitudes(of: picture.span))
    let inverter = try Inverter(spectrogram: .init(), inversion: inversion, seed: 9)
    #expect(try decoded == inverter.invert(magnitudes, clip: 5))
    #expect(try decoded != inverter.invert(magnitudes, clip: 6), "its number matters")
  }

  @Test func rowsWithoutTheNyquistBinGiveTheSame() throws {
    let logs = try Golden("normalization").floats("log_magnitude_0")
    let codec = try codec()
    let rows = logs.enumerated().filter { $0.offset % 129 != 128 }.map(\.element)
    var picture = [Float](repeating: .nan, count: rows.count)
    var elements = picture.mutableSpan
    codec.normalize(withoutNyquist: rows.span, into: &elements)
    #expect(picture == normalize(logs, codec))
  }

  /// One transform serves for magnitudes and for their logarithms.
  @Test func logarithmsOfMagnitudesAreLogMagnitudes() throws {
    let samples = randomNumbers(5_000, seed: 4)
    var stft = try STFT()
    let magnitudes = stft.magnitudes(of: samples.span)
    #expect(
      magnitudes.logarithms(floor: stft.configuration.logFloor)
        == stft.logMagnitudes(of: samples.span))
  }

  @Test func otherBinsAreRefused() throws {
    let moments = try Moments(mean: [0, 0], deviation: [1, 1])
    #expect(throws: SpecGANError.binCount(found: 2, expected: 129)) {
      try SpectrogramCodec(configuration: .init(), moments: moments)
    }
  }
}
