internal import RealModule
package import SpecGANErrors
internal import SpecGANSettings
internal import SpecGANSynthesis
package import SpecGANWorkers
package import Spectra
package import Waveforms

/// The mean and deviation of the levels of a set of clips, by band and time.
///
/// The levels of a clip are its magnitudes in dB, averaged over ``bands`` equal parts of its bins,
/// without the Nyquist bin, and ``times`` equal parts of its frames. A noise whose bins lie 54 dB
/// below a full-scale sine is added in power, so that inaudible backgrounds do not count. The
/// statistics need no trained classifier, and are the same for both models, because they are
/// computed from waveforms.
package struct SpectralStatistics: Equatable, Sendable {
  /// The number of parts of the frequency axis.
  package static let bands = 16
  /// The number of parts of the time axis.
  package static let times = 8

  /// The mean over the clips, `[times, bands]`, in dB.
  package let mean: [Double]
  /// The population standard deviation over the clips, `[times, bands]`, in dB.
  package let deviation: [Double]

  /// Computes the statistics of `waveforms`.
  ///
  /// - Precondition: there is at least one clip, and none is empty.
  /// - Throws: ``SpecGANError`` if a setting of `spectrogram` is out of range.
  package init(
    of waveforms: [Waveform], _ spectrogram: SpectrogramConfiguration, on workers: Workers
  ) throws(SpecGANError) {
    try self.init(of: waveforms.count, spectrogram, on: workers) { index throws(SpecGANError) in
      try waveforms[index].magnitudes(spectrogram)
    }
  }

  /// Computes the statistics of `count` clips from their `magnitudes`, which have the settings
  /// `spectrogram` and the framing of the reference.
  ///
  /// - Precondition: there is at least one clip, and none is empty.
  /// - Throws: the errors of `magnitudes`.
  package init(
    of count: Int, _ spectrogram: SpectrogramConfiguration, on workers: Workers,
    magnitudes: @Sendable (Int) throws(SpecGANError) -> MagnitudeSpectrogram
  ) throws(SpecGANError) {
    require(count > 0, "statistics need at least one clip")
    let floor = Self.silence(spectrogram)
    let results = workers.map(count) { index, _ in
      Result { () throws(SpecGANError) in
        Self.levels(of: try magnitudes(index), floor: floor)
      }
    }
    var levels: [[Double]] = []
    for result in results { levels.append(try result.get()) }
    let count = Double(levels.count)
    let mean = (0..<Self.bands * Self.times).map { cell in
      levels.reduce(0) { $0 + $1[cell] } / count
    }
    self.mean = mean
    deviation = mean.indices.map { cell in
      let squares = levels.reduce(0) { sum, levels in
        let distance = levels[cell] - mean[cell]
        return sum + distance * distance
      }
      return (squares / count).squareRoot()
    }
  }

  /// Returns the distance of two sets in dB; 0 if their statistics are equal.
  ///
  /// The Fréchet distance of two normal distributions with diagonal covariances,
  /// `√Σ ((μ − μ′)² + (σ − σ′)²)`, divided by the square root of the number of cells, so that it is
  /// a root mean square over cells. Source: Heusel et al. 2017, "GANs Trained by a Two Time-Scale
  /// Update Rule", equation 6.
  package func distance(to other: SpectralStatistics) -> Float {
    let squares = mean.indices.reduce(0) { sum, cell in
      let (means, deviations) = (
        mean[cell] - other.mean[cell], deviation[cell] - other.deviation[cell]
      )
      return sum + means * means + deviations * deviations
    }
    return Float((squares / Double(mean.count)).squareRoot())
  }

  /// Returns the magnitude whose square is added to all: 54 dB below the peak of a full-scale sine,
  /// which is half the window's sum.
  private static func silence(_ spectrogram: SpectrogramConfiguration) -> Float {
    let window = spectrogram.window.values(length: spectrogram.frameLength)
    return .pow(10, -54.0 / 20) * window.reduce(0, +) / 2
  }

  /// Returns the levels of a clip, `[times, bands]`, in dB.
  private static func levels(of magnitudes: MagnitudeSpectrogram, floor: Float) -> [Double] {
    let bins = magnitudes.binCount
    // The square of a larger magnitude could overflow.
    let largest: Float = 1e18
    let squares = MagnitudeSpectrogram(
      frameCount: magnitudes.frameCount, binCount: bins,
      values: magnitudes.values.map { $0 > largest ? largest * largest : $0 * $0 },
      framing: magnitudes.framing)
    let logarithms = squares.logarithms(floor: floor * floor)
    let frames = logarithms.count / bins
    var levels: [Double] = []
    for time in 0..<times {
      let rows = part(time, of: times, from: frames)
      for band in 0..<bands {
        let columns = part(band, of: bands, from: bins - 1)
        var sum = 0.0
        for row in rows {
          for column in columns { sum += Double(logarithms[row * bins + column]) }
        }
        levels.append(sum / Double(rows.count * columns.count) * 10 / .log(10))
      }
    }
    return levels
  }

  /// Returns part `index` of `parts` equal parts of `0 ..< count`. Parts overlap if `count` is less
  /// than `parts`.
  private static func part(_ index: Int, of parts: Int, from count: Int) -> Range<Int> {
    let first = index * count / parts
    return first..<max((index + 1) * count / parts, first + 1)
  }
}
