internal import SpecGANErrors

extension Picture {
  /// Creates a picture of a spectrogram, time to the right and frequency upwards, in the colors of
  /// `map`.
  ///
  /// `values` is `[frames, bins]`, the lowest frequency first. `range` covers all colors; values
  /// outside get the closest one, and a NaN the lowest.
  ///
  /// - Parameters:
  ///   - values: the spectrogram, usually logarithms.
  ///   - frames: the number of frames.
  ///   - bins: the number of bins.
  ///   - range: the values of the first and the last color.
  ///   - scale: the width and height of one value, in pixels.
  ///   - map: the colors.
  /// - Precondition: the sizes are positive, and `values` has `frames * bins` elements.
  package init(
    spectrogram values: [Float], frames: Int, bins: Int, range: ClosedRange<Float>,
    scale: Int = 2, map: ColorMap = .dusk
  ) {
    require(
      values.count == frames * bins, "\(values.count) values for \(frames) frames of \(bins) bins")
    require(scale > 0, "scale (=\(scale)) must be positive")
    self.init(width: frames * scale, height: bins * scale, color: map.colors[0])
    let width = range.upperBound - range.lowerBound
    for frame in 0..<frames {
      for bin in 0..<bins {
        let value = values[frame * bins + bin]
        let color = map[(value - range.lowerBound) / width]
        fill(x: frame * scale, y: (bins - 1 - bin) * scale, size: scale, color)
      }
    }
  }

  private mutating func fill(x: Int, y: Int, size: Int, _ color: SIMD3<UInt8>) {
    for row in y..<y + size {
      for column in x..<x + size { self[column, row] = color }
    }
  }
}
