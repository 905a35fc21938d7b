import Foundation
import SpecGANErrors
import SpecGANTestSupport
import Spectra
import Testing

/// Pictures whose high bins are merged.
@Suite struct BinMergingTests {
  /// 512 samples in a frame: 64 bins, and 192 in 64 bands.
  private var configuration: SpectrogramConfiguration {
    var configuration = SpectrogramConfiguration(
      frameLength: 512, frameStep: 256, logFloor: 1e-2, clipDeviations: 3)
    (configuration.mergedBins, configuration.firstMergedBin) = (3, 64)
    return configuration
  }

  /// Returns the root mean squares of the bins of each band, `[frames, 129]`, in double precision.
  private func bands(_ magnitudes: MagnitudeSpectrogram) -> [Double] {
    (0..<magnitudes.frameCount).flatMap { frame -> [Double] in
      let row = magnitudes.values[frame * 257..<(frame + 1) * 257].map(Double.init)
      let merged = (0..<64).map { band -> Double in
        let bins = row[64 + 3 * band..<67 + 3 * band]
        return (bins.reduce(0) { $0 + $1 * $1 } / 3).squareRoot()
      }
      return row[..<64] + merged + [row[256]]
    }
  }

  private func moments(_ clip: [Float]) throws -> Moments {
    var stft = try STFT(configuration)
    let magnitudes = stft.magnitudes(of: clip)
    var accumulator = MomentsAccumulator(binCount: 129)
    let logs = bands(magnitudes).map { Float(log($0 + 1e-2)) }
    accumulator.add(logMagnitudes: logs.span)
    return try accumulator.moments
  }

  @Test func aPictureHasTheBandsOfTheSettings() throws {
    #expect(configuration.binCount == 257 && configuration.bandCount == 129)
    #expect(SpectrogramConfiguration().bandCount == 129)
    var wider = configuration
    (wider.frameLength, wider.mergedBins) = (640, 4)
    #expect(wider.bandCount == 129)  // 64 + 256 / 4 + 1
  }

  /// A band's element is that of the root mean square of its bins. The logarithm, at most 5 here,
  /// errs by 2 roundings, and the transform by 4·10⁻⁷ of the frame's peak, 0.01 of which is the
  /// floor: together far below 10⁻³.
  @Test func aPictureShowsTheEnergyOfEachBand() throws {
    let clip = randomNumbers(4_096, seed: 5)
    let moments = try moments(clip)
    let codec = try SpectrogramCodec(configuration: configuration, moments: moments)
    #expect(codec.normalizedBinCount == 128)
    let picture = try codec.encode(clip.span)
    var stft = try STFT(configuration)
    let expected = bands(stft.magnitudes(of: clip))
    #expect(picture.count == 16 * 128)
    for frame in 0..<16 {
      for band in 0..<128 {
        let wanted =
          (log(expected[frame * 129 + band] + 1e-2) - Double(moments.mean[band]))
          / Double(3 * moments.deviation[band])
        #expect(abs(Double(picture[frame * 128 + band]) - min(max(wanted, -1), 1)) < 1e-3)
      }
    }
  }

  /// Decoding gives every bin of a band the band's magnitude, so that a frame keeps its energy, and
  /// encoding these magnitudes would give the same bands again.
  @Test func decodingSpreadsABandOverItsBins() throws {
    let clip = randomNumbers(4_096, seed: 6)
    let codec = try SpectrogramCodec(configuration: configuration, moments: try moments(clip))
    let picture = try codec.encode(clip.span)
    let decoded = codec.magnitudes(of: picture.span)
    #expect(decoded.frameCount == 16 && decoded.binCount == 257)
    var stft = try STFT(configuration)
    let (found, wanted) = (bands(decoded), bands(stft.magnitudes(of: clip)))
    for frame in 0..<16 {
      for band in 0..<64 {
        let first = frame * 257 + 64 + 3 * band
        #expect(Set(decoded.values[first..<first + 3]).count == 1)
      }
      for band in 0..<128 where abs(picture[frame * 128 + band]) < 1 {
        let (found, wanted) = (found[frame * 129 + band], wanted[frame * 129 + band] + 1e-2)
        #expect(abs(found / wanted - 1) < 1e-4)
      }
    }
  }

  /// Merging a merged spectrogram changes nothing, and both have the energy of the original: sums
  /// of 3 squares, in single precision.
  @Test func mergingTwiceIsMergingOnce() throws {
    var stft = try STFT(configuration)
    let magnitudes = stft.magnitudes(of: randomNumbers(4_096, seed: 7))
    let once = magnitudes.merged(configuration)
    expectWithin(2e-5, once.merged(configuration).values, once.values)
    let energies = [magnitudes, once].map { $0.values.reduce(0.0) { $0 + Double($1) * Double($1) } }
    #expect(abs(energies[1] / energies[0] - 1) < 1e-6)
    #expect(
      magnitudes.merged(SpectrogramConfiguration(frameLength: 512, frameStep: 256)).values
        == magnitudes.values)
  }

  /// A clip that comes back has the bands of the picture, though not its bins. Inversion errs in
  /// the bands about as much as without merging: by at most 0.3 dB more, where the table of
  /// `tools/benchmark/merging` has at most 0.2.
  @Test func noiseKeepsItsBands() throws {
    let clip = randomNumbers(16_384, seed: 8)
    var stft = try STFT(configuration)
    let original = stft.magnitudes(of: clip, framing: .centered)
    let inverter = try Inverter(spectrogram: configuration)
    func error(_ wanted: MagnitudeSpectrogram) throws -> Double {
      let back = try inverter.invert(wanted, length: clip.count)
      let found = bands(stft.magnitudes(of: back, framing: .centered))
      return zip(found, bands(original)).reduce(0) { $0 + abs(20 * log10($1.0 / $1.1)) }
        / Double(found.count)
    }
    let (single, merged) = try (error(original), error(original.merged(configuration)))
    #expect(merged < single + 0.3, "\(merged) dB with merged bins, \(single) dB without")
  }

  /// The largest sample that decoding accepts is 2⁶⁴; its square is not a float.
  @Test func theLoudestSamplesHaveFiniteBands() throws {
    var stft = try STFT(configuration)
    let logs = stft.logBandMagnitudes(of: [Float](repeating: 0x1p63, count: 1_024).span)
    #expect(logs.allSatisfy(\.isFinite) && logs.contains { $0 > 40 })
  }

  @Test(arguments: [
    (0, 64, "spectra.mergedBins"), (65, 64, "spectra.mergedBins"),
    (3, 65, "spectra.firstMergedBin"), (3, -2, "spectra.firstMergedBin"),
    (3, 256, "spectra.firstMergedBin"), (3, 259, "spectra.firstMergedBin"),
  ])
  func aPartOfABandIsRefused(_ row: (merged: Int, first: Int, code: String)) throws {
    var configuration = configuration
    (configuration.mergedBins, configuration.firstMergedBin) = (row.merged, row.first)
    let error = #expect(throws: SpecGANError.self) { try configuration.check() }
    #expect(error?.code.rawValue == row.code)
  }

  /// Settings without merged bins are stored as before, so that caches keep their fingerprints.
  @Test func onlyMergedBinsAreStored() throws {
    let encoder = JSONEncoder()
    func text(_ configuration: SpectrogramConfiguration) throws -> String {
      String(decoding: try encoder.encode(configuration), as: UTF8.self)
    }
    #expect(try !text(SpectrogramConfiguration()).contains("merged"))
    let stored = try text(configuration)
    #expect(stored.contains("\"merged_bins\":3") && stored.contains("\"first_merged_bin\":64"))
    let read = try JSONDecoder().decode(
      SpectrogramConfiguration.self, from: Data(stored.utf8))
    #expect(read == configuration)
  }
}
