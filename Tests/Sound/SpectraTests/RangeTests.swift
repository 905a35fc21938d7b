import Foundation
import SpecGANErrors
import SpecGANTestSupport
import Spectra
import Testing

/// The largest magnitudes of a dataset, normalization by range, and the bounds of decoded
/// magnitudes.
@Suite struct RangeTests {
  private let floor: Float = 1e-2
  /// 20 frames of silence and 20 of noise that becomes quieter from bin to bin.
  private var logs: [Float] {
    let noise = randomNumbers(20 * 129, seed: 9).enumerated().map {
      abs($1) * 50 * expf(-Float($0 % 129) / 20)
    }
    return ([Float](repeating: 0, count: 20 * 129) + noise).map { logf($0 + floor) }
  }

  private func codec(
    _ change: (inout SpectrogramConfiguration) -> Void = { _ in }
  ) throws -> SpectrogramCodec {
    var configuration = SpectrogramConfiguration(logFloor: floor)
    configuration.normalization = .range
    change(&configuration)
    var accumulator = MomentsAccumulator(binCount: 129)
    accumulator.add(logMagnitudes: logs.span)
    return try SpectrogramCodec(
      configuration: configuration, moments: accumulator.moments.normalizing(configuration))
  }

  private func normalize(_ logs: [Float], _ codec: SpectrogramCodec) -> [Float] {
    var normalized = [Float](repeating: .nan, count: logs.count / 129 * 128)
    var result = normalized.mutableSpan
    codec.normalize(logMagnitudes: logs.span, into: &result)
    return normalized
  }

  /// Whatever the portions; the level of a frame to the error of its sum, 10⁻⁵ / 2.
  @Test func peaksAreTheLargest() throws {
    let logs = logs
    let bins = (0..<129).map { bin in
      stride(from: bin, to: logs.count, by: 129).map { logs[$0] }.max() ?? 0
    }
    let levels = (0..<40).map { frame in
      logs[frame * 129..<(frame + 1) * 129].reduce(0.0) { $0 + exp(2 * Double($1)) }
    }
    for frames in [1, 7, 40] {
      var merged = MomentsAccumulator(binCount: 129)
      for first in stride(from: 0, to: 40, by: frames) {
        var portion = MomentsAccumulator(binCount: 129)
        let end = min(first + frames, 40) * 129
        portion.add(logMagnitudes: logs.span.extracting(first * 129..<end))
        merged.merge(portion)
      }
      let peaks = try #require(try merged.moments.peaks)
      #expect(peaks.bins == bins)
      #expect(abs(Double(peaks.frame) - log(levels.max() ?? 0) / 2) < 1e-5)
    }
  }

  /// The largest sample that is decoded, 2⁶⁴, gives magnitudes whose squares overflow.
  @Test func levelsOfTheLoudestAudioAreFinite() throws {
    var accumulator = MomentsAccumulator(binCount: 129)
    let loud = [Float](repeating: logf(0x1p70), count: 129)
    accumulator.add(logMagnitudes: loud.span)
    let level = try #require(try accumulator.moments.peaks).frame
    #expect(abs(level - (logf(0x1p70) + logf(129) / 2)) < 1e-4)
  }

  /// Silence is −1 in every bin. The largest magnitude is below +1 by 3 dB or more, which is a part
  /// of the range from the floor; without clipping the way back is exact to rounding.
  @Test func theRangeReachesFromSilenceToTheLargest() throws {
    let codec = try codec()
    let normalized = normalize(logs, codec)
    #expect(normalized.prefix(20 * 128).allSatisfy { abs($0 + 1) < 1e-5 })
    let peaks = try #require(codec.moments.peaks).bins
    for bin in 0..<128 {
      let largest = stride(from: bin, to: normalized.count, by: 128).map { normalized[$0] }.max()
      let range = max(peaks[bin] - logf(floor) + 3 * logf(10) / 20, 1)
      #expect(largest ?? 2 <= 1 - 2 * (3 * logf(10) / 20) / range + 1e-5, "bin \(bin)")
      #expect(largest ?? 0 > -0.9)
    }
    let back = codec.magnitudes(of: normalized.span)
    for (index, value) in logs.enumerated() where index % 129 < 128 {
      #expect(abs(back.values[index] / expf(value) - 1) < 2e-5)
    }
  }

  /// The Nyquist bin comes back as the mean of the data, and not as the middle of its range.
  @Test func theNyquistBinKeepsItsMean() throws {
    let mean = stride(from: 128, to: logs.count, by: 129).reduce(0) { $0 + logs[$1] } / 40
    let codec = try codec()
    #expect(abs(codec.moments.mean[128] - mean) < 1e-5)
    #expect(
      codec.magnitudes(of: normalize(logs, codec).span).values[128] == expf(codec.moments.mean[128])
    )
  }

  /// A bin without any audio has a range of one neper, so that noise of the network is not
  /// amplified.
  @Test func aSilentBinHasARange() throws {
    var accumulator = MomentsAccumulator(binCount: 129)
    let silence = [Float](repeating: logf(floor), count: 3 * 129)
    accumulator.add(logMagnitudes: silence.span)
    var configuration = SpectrogramConfiguration(logFloor: floor)
    configuration.normalization = .range
    let moments = try accumulator.moments.normalizing(configuration)
    #expect(moments.deviation.allSatisfy { abs($0 * 3 - 0.5) < 1e-6 })
  }

  @Test func theFloorIsSubtracted() throws {
    let codec = try codec { $0.subtractsFloor = true }
    let back = codec.magnitudes(of: normalize(logs, codec).span)
    #expect(back.values.allSatisfy { $0 >= 0 })
    for (index, value) in logs.enumerated() where index % 129 < 128 {
      // A rounding of ln 10⁻² and one of the exponential of the sum.
      #expect(abs(back.values[index] - (expf(value) - floor)) < 2e-5 * expf(value))
    }
  }

  /// Everything at +1 is far above the data, also bin by bin if the moments are those of the paper.
  @Test(arguments: SpectrogramConfiguration.Normalization.allCases, [Float(0), 3, 12])
  func headroomBoundsMagnitudes(
    _ normalization: SpectrogramConfiguration.Normalization, _ headroom: Float
  ) throws {
    func loud(_ headroom: Float?) throws -> (MagnitudeSpectrogram, Peaks) {
      let codec = try codec { ($0.normalization, $0.headroom) = (normalization, headroom) }
      let ones = [Float](repeating: 1, count: 2 * 128)
      return (codec.magnitudes(of: ones.span), try #require(codec.moments.peaks))
    }
    let (free, peaks) = try loud(nil)
    let bounds = peaks.bins.map { expf($0) * powf(10, headroom / 20) }
    if headroom < 3 {
      #expect((0..<128).allSatisfy { free.values[$0] > bounds[$0] })
    }
    let bounded = try loud(headroom).0
    for (index, value) in bounded.values.enumerated() {
      #expect(value <= bounds[index % 129] * (1 + 1e-5))
    }
    let level = bounded.values.prefix(129).reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(level <= expf(peaks.frame) * powf(10, headroom / 60) * (1 + 1e-4))
  }

  /// NaN is an error of the network, not a loud sound.
  @Test func headroomDoesNotHideNaN() throws {
    let codec = try codec { $0.headroom = 3 }
    let picture = [Float](repeating: .nan, count: 128)
    let magnitudes = codec.magnitudes(of: picture.span).values
    #expect(magnitudes.prefix(128).allSatisfy { $0.isNaN })
  }

  /// Moments of other programs, and of version 0.2, have no largest magnitudes.
  @Test func withoutPeaksNothingIsBounded() throws {
    let known = try codec()
    let moments = try Moments(mean: known.moments.mean, deviation: known.moments.deviation)
    var configuration = known.configuration
    configuration.headroom = 0
    let codec = try SpectrogramCodec(configuration: configuration, moments: moments)
    let ones = [Float](repeating: 1, count: 128)
    #expect(codec.magnitudes(of: ones.span).values == known.magnitudes(of: ones.span).values)
  }

  @Test func badPeaksAreRefused() {
    let numbers: [Float] = [0, 1]
    for peaks in [
      Peaks(bins: [0], frame: 0), Peaks(bins: [0, .nan], frame: 0),
      Peaks(bins: [0, 0], frame: .infinity),
    ] {
      #expect(throws: SpecGANError.self) {
        _ = try Moments(mean: numbers, deviation: numbers, peaks: peaks)
      }
    }
    for headroom: Float in [-1, 61, .nan] {
      var configuration = SpectrogramConfiguration()
      configuration.headroom = headroom
      #expect(throws: SpecGANError.headroom(found: headroom)) { try configuration.check() }
    }
  }

  /// Settings at their defaults are left out, so that old caches keep their fingerprints.
  @Test func newSettingsAreWrittenOnlyIfTheyAreSet() throws {
    let encoder = JSONEncoder()
    let old =
      #"{"clip_deviations":3,"frame_length":256,"frame_step":128,"log_floor":0.5,"window":"hann"}"#
    encoder.outputFormatting = .sortedKeys
    var configuration = SpectrogramConfiguration(logFloor: 0.5)
    let written = try encoder.encode(configuration)
    #expect(String(decoding: written, as: UTF8.self) == old)
    #expect(
      try JSONDecoder().decode(SpectrogramConfiguration.self, from: Data(old.utf8)) == configuration
    )
    (configuration.normalization, configuration.subtractsFloor) = (.range, true)
    configuration.headroom = 3
    let text = try encoder.encode(configuration)
    #expect(try JSONDecoder().decode(SpectrogramConfiguration.self, from: text) == configuration)
    #expect(configuration.encoding.headroom == nil && !configuration.encoding.subtractsFloor)
  }
}
