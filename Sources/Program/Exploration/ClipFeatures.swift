internal import RealModule
internal import SpecGANErrors
package import SpecGANWorkers
package import Spectra

/// The mean levels of a clip in equal ranges of time and frequency, in dB, to compare clips by:
/// ``levels`` for clusters and directions, and finer ones for ``distance(from:)``.
///
/// A level has a floor 60 dB below a sine at full scale, which is added in power, so that inaudible
/// differences do not count.
package struct ClipFeatures: Sendable {
  /// The levels, `[times, bands]`, each range of time in turn.
  package let levels: [Float]
  /// The levels above the floor in 32 ranges of time and of frequency, or in as many as there are,
  /// filled up with zeros.
  private let cells: [SIMD8<Float>]

  /// The number of ranges of time, and of frequency.
  package static let (times, bands) = (16, 16)
  /// The number of levels.
  package static let count = times * bands
  private static let cellsPerAxis = 32
  private static let floor = -60.0
  /// The level above the floor from which a cell has its full weight, in dB: the sound then has the
  /// energy of the floor.
  private static let audibleLevel: Float = 3

  /// Computes the levels of `magnitudes`, of frames with the settings `configuration`.
  package init(_ magnitudes: MagnitudeSpectrogram, _ configuration: SpectrogramConfiguration) {
    let window = configuration.window.values(length: configuration.frameLength)
    let least = window.reduce(0, +) / 2 * Float(Double.pow(10, Self.floor / 20))
    let decibels = magnitudes.values.map { 10 * Float.log10($0 * $0 + least * least) }
    func means(_ times: Int, _ bands: Int) -> [Float] {
      Self.means(
        of: decibels, frames: magnitudes.frameCount, bins: magnitudes.binCount, times, bands)
    }
    levels = means(Self.times, Self.bands)
    let bottom = 20 * Float.log10(least)
    let fine = means(
      min(Self.cellsPerAxis, magnitudes.frameCount),
      min(Self.cellsPerAxis, magnitudes.binCount - 1))
    let lanes = SIMD8<Float>.scalarCount
    cells = stride(from: 0, to: fine.count, by: lanes).map { start in
      let rest = fine[start..<min(start + lanes, fine.count)].map { max($0 - bottom, 0) }
      return SIMD8(rest + [Float](repeating: 0, count: lanes - rest.count))
    }
  }

  /// Returns the means of the levels of `frames` frames in `times` by `bands` ranges, without the
  /// last bin.
  private static func means(
    of values: [Float], frames: Int, bins: Int, _ times: Int, _ bands: Int
  ) -> [Float] {
    var means: [Float] = []
    means.reserveCapacity(times * bands)
    for time in 0..<times {
      let rows = time * frames / times..<(time + 1) * frames / times
      for band in 0..<bands {
        let columns = band * (bins - 1) / bands..<(band + 1) * (bins - 1) / bands
        var sum: Float = 0
        for row in rows {
          for column in columns { sum += values[row * bins + column] }
        }
        means.append(sum / Float(max(rows.count * columns.count, 1)))
      }
    }
    return means
  }

  /// Returns the root mean square difference from `other` in dB, 0 between silent clips.
  ///
  /// The weight of a cell is the larger of the two levels above the floor, up to 3 dB. With equal
  /// weights, short sounds would be similar because of the silence after them.
  ///
  /// - Precondition: both are of spectrograms of equal size.
  package func distance(from other: ClipFeatures) -> Double {
    require(cells.count == other.cells.count, "features are of spectrograms of one size")
    var (sum, total) = (SIMD8<Float>(repeating: 0), SIMD8<Float>(repeating: 0))
    for index in cells.indices {
      let difference = cells[index] - other.cells[index]
      let weight = pointwiseMin(
        pointwiseMax(cells[index], other.cells[index]), .init(repeating: Self.audibleLevel))
      sum += weight * difference * difference
      total += weight
    }
    return total.sum() > 0 ? (Double(sum.sum()) / Double(total.sum())).squareRoot() : 0
  }
}

extension [ClipFeatures] {
  /// The largest number of clips whose nearest other one is looked for.
  private static let largestSample = 1_000

  /// Returns the distance below which a clip is a copy of one of these: half the median distance of
  /// each to the nearest other one, in dB; 0 if there is no other one. Equal clips do not count as
  /// others: a folder may have each sound twice. Of more than 1,000 clips the median is that of
  /// 1,000 at equal intervals.
  package func copyDistance(on workers: Workers) -> Double {
    guard count > 1 else { return 0 }
    let sample = Swift.min(count, Self.largestSample)
    let nearest = workers.map(sample) { place, _ in
      let index = place * count / sample
      return indices.lazy.map { self[index].distance(from: self[$0]) }.filter { $0 > 0 }.min() ?? 0
    }
    return nearest.sorted()[sample / 2] / 2
  }
}
