internal import RealModule
package import SpecGANPictures
package import Spectra

extension Picture {
  /// The range of the color scale, in dB: 80 dB up to the peak of a full-scale sine, with a Hann
  /// window of 256 samples.
  private static let decibels: ClosedRange<Float> = -44...36

  /// Creates a picture of a spectrogram in dB, with the same color scale for all spectrograms.
  ///
  /// If it has more frames than `mostColumns`, a column shows the maximum over several frames.
  ///
  /// - Parameters:
  ///   - magnitude: the spectrogram.
  ///   - mostColumns: the largest number of columns.
  ///   - scale: the width and height of one value, in pixels.
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
