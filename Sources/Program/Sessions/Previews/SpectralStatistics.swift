internal import RealModule
package import SpecGANErrors
internal import SpecGANSettings
internal import SpecGANSynthesis
package import SpecGANWorkers
package import Spectra
package import Waveforms

/// How loud the sounds of a set are, band by band and time by time: their mean and deviation.
///
/// A sound is its magnitudes in decibels, averaged over ``bands`` equal parts of its bins, the
/// Nyquist bin left out, and ``times`` equal parts of its frames. What is 80 dB below a full-scale
/// sine is silence. It takes no trained classifier, and is the same for both models, since it
/// starts from what is heard.
package struct SpectralStatistics: Equatable, Sendable {
  /// Parts of the frequencies.
  package static let bands = 16
  /// Parts of the time.
  package static let times = 8

  /// Over the sounds, `[times, bands]`, in decibels.
  package let mean: [Double]
  /// The root mean square distance from the mean, likewise.
  package let deviation: [Double]

  /// The statistics of `waveforms`.
  ///
  /// - Precondition: there is at least one, and none is empty.
  /// - Throws: ``SpecGANError`` if a setting of `spectrogram` is out of range.
  package init(
    of waveforms: [Waveform], _ spectrogram: SpectrogramConfiguration, on workers: Workers
  ) throws(SpecGANError) {
    try self.init(of: waveforms.count, spectrogram, on: workers) { index throws(SpecGANError) in
      try waveforms[index].magnitudes(spectrogram)
    }
  }

  /// The statistics of `count` clips, whose `magnitudes` are of `spectrogram` in published frames.
  ///
  /// - Precondition: there is at least one, and none is empty.
  /// - Throws: as `magnitudes` does.
  package init(
    of count: Int, _ spectrogram: SpectrogramConfiguration, on workers: Workers,
    magnitudes: @Sendable (Int) throws(SpecGANError) -> MagnitudeSpectrogram
  ) throws(SpecGANError) {
    precondition(count > 0, "no sounds have no statistics")
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

  /// How far the two sets are from each other, in decibels; 0 for the same.
  ///
  /// The Fréchet distance of two normal distributions with diagonal covariances,
  /// `√Σ ((μ − μ′)² + (σ − σ′)²)`, over the root of the number of cells, so that it is a cell's
  /// root mean square. Source: Heusel et al. 2017, "GANs Trained by a Two Time-Scale Update Rule",
  /// equation 6.
  package func distance(to other: SpectralStatistics) -> Float {
    let squares = mean.indices.reduce(0) { sum, cell in
      let (means, deviations) = (
        mean[cell] - other.mean[cell], deviation[cell] - other.deviation[cell]
      )
      return sum + means * means + deviations * deviations
    }
    return Float((squares / Double(mean.count)).squareRoot())
  }

  /// The magnitude added to all: 80 dB below the peak of a full-scale sine, half the window's sum.
  private static func silence(_ spectrogram: SpectrogramConfiguration) -> Float {
    let window = spectrogram.window.values(length: spectrogram.frameLength)
    return 1e-4 * window.reduce(0, +) / 2
  }

  /// `[times, bands]`, in decibels.
  private static func levels(of magnitudes: MagnitudeSpectrogram, floor: Float) -> [Double] {
    let bins = magnitudes.binCount
    let logarithms = magnitudes.logarithms(floor: floor)
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
        levels.append(sum / Double(rows.count * columns.count) * 20 / .log(10))
      }
    }
    return levels
  }

  /// The `index`th of `parts` equal parts of `0 ..< count`; where there are fewer, some are in
  /// several.
  private static func part(_ index: Int, of parts: Int, from count: Int) -> Range<Int> {
    let first = index * count / parts
    return first..<max((index + 1) * count / parts, first + 1)
  }
}
