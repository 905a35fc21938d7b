internal import RealModule
package import SpecGANPictures
package import Spectra

extension Picture {
  /// What 80 dB below the spectrum of a full-scale sine under a Hann window of 256, and that,
  /// become.
  private static let decibels: ClosedRange<Float> = -44...36

  /// A spectrogram in decibels, on one scale for all.
  ///
  /// Where it has more frames than `mostColumns`, a column shows the loudest of several.
  ///
  /// - Parameters:
  ///   - magnitude: the spectrogram.
  ///   - mostColumns: the most columns of values.
  ///   - scale: the pixels across and down of one value.
  package init(decibels magnitude: MagnitudeSpectrogram, mostColumns: Int, scale: Int = 2) {
    let bins = magnitude.binCount
    let framesPerColumn = (magnitude.frameCount - 1) / mostColumns + 1
    let columns = (magnitude.frameCount - 1) / framesPerColumn + 1
    var loudest = [Float](repeating: 0, count: columns * bins)
    for frame in 0..<magnitude.frameCount {
      let column = frame / framesPerColumn
      for bin in 0..<bins {
        loudest[column * bins + bin] = max(
          loudest[column * bins + bin], magnitude.values[frame * bins + bin])
      }
    }
    self.init(
      spectrogram: loudest.map { 20 * .log10(max($0, 1e-12)) }, frames: columns, bins: bins,
      range: Self.decibels, scale: scale)
  }
}
