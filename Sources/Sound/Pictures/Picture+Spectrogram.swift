extension Picture {
  /// A spectrogram, time to the right and frequency upwards, in the colours of `map`.
  ///
  /// `values` is `[frames, bins]`, the lowest frequency first; `range` is spread over the colours,
  /// what is outside takes the nearest one, and what is no number the lowest.
  ///
  /// - Parameters:
  ///   - values: the spectrogram, commonly logarithms.
  ///   - frames: how many columns it has.
  ///   - bins: how many rows it has.
  ///   - range: the values that become the first colour and the last.
  ///   - scale: the pixels across and down of one value.
  ///   - map: the colours.
  /// - Precondition: the sizes are positive and `values` fill them.
  package init(
    spectrogram values: [Float], frames: Int, bins: Int, range: ClosedRange<Float>,
    scale: Int = 2, map: ColorMap = .dusk
  ) {
    precondition(
      values.count == frames * bins, "\(values.count) values for \(frames) frames of \(bins) bins")
    precondition(scale > 0, "scale (=\(scale)) must be positive")
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
