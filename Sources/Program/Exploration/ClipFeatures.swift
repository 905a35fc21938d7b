internal import RealModule
package import SpecGANWorkers
package import Spectra

/// The mean levels of a clip in equal ranges of time and frequency, in dB, to compare clips by.
///
/// A level has a floor 60 dB below a sine at full scale, which is added in power, so that inaudible
/// differences do not count.
package struct ClipFeatures: Sendable {
  /// The levels, `[times, bands]`, each range of time in turn.
  package let levels: [Float]

  /// The number of ranges of time, and of frequency.
  package static let (times, bands) = (16, 16)
  /// The number of levels.
  package static let count = times * bands
  private static let floor = -60.0

  /// Computes the levels of `magnitudes`, of frames with the settings `configuration`.
  package init(_ magnitudes: MagnitudeSpectrogram, _ configuration: SpectrogramConfiguration) {
    let (frames, bins) = (magnitudes.frameCount, magnitudes.binCount - 1)
    let window = configuration.window.values(length: configuration.frameLength)
    let least = window.reduce(0, +) / 2 * Float(Double.pow(10, Self.floor / 20))
    var levels: [Float] = []
    levels.reserveCapacity(Self.count)
    for time in 0..<Self.times {
      let rows = time * frames / Self.times..<(time + 1) * frames / Self.times
      for band in 0..<Self.bands {
        let columns = band * bins / Self.bands..<(band + 1) * bins / Self.bands
        var sum: Float = 0
        for row in rows {
          for column in columns {
            let magnitude = magnitudes.values[row * magnitudes.binCount + column]
            sum += 10 * .log10(magnitude * magnitude + least * least)
          }
        }
        levels.append(sum / Float(max(rows.count * columns.count, 1)))
      }
    }
    self.levels = levels
  }

  /// Returns the root mean square difference of the levels from those of `other`, in dB.
  package func distance(from other: ClipFeatures) -> Double {
    var sum: Float = 0
    for (level, otherLevel) in zip(levels, other.levels) {
      sum += (level - otherLevel) * (level - otherLevel)
    }
    return (Double(sum) / Double(levels.count)).squareRoot()
  }
}

extension [ClipFeatures] {
  /// Returns the distance below which a clip is a copy of one of these: half the median distance of
  /// each to the nearest other one, in dB; 0 if there is no other one. Equal clips do not count as
  /// others: a folder may have each sound twice.
  package func copyDistance(on workers: Workers) -> Double {
    guard count > 1 else { return 0 }
    let nearest = workers.map(count) { index, _ in
      indices.lazy.map { self[index].distance(from: self[$0]) }.filter { $0 > 0 }.min() ?? 0
    }
    return nearest.sorted()[count / 2] / 2
  }
}
