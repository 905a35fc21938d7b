internal import SpecGANErrors

extension Picture {
  /// Fills `width` by `height` pixels from column `x` and row `y` with `color`.
  ///
  /// - Precondition: the pixels are in the picture.
  package mutating func fill(x: Int, y: Int, width: Int, height: Int, _ color: SIMD3<UInt8>) {
    for row in y..<y + height {
      for column in x..<x + width { self[column, row] = color }
    }
  }

  /// Draws a line through `values`, evenly spaced over the picture's width; larger values are
  /// higher.
  ///
  /// - Parameters:
  ///   - values: the values.
  ///   - range: the values at the bottom and at the top.
  ///   - margin: the free space at every side, in pixels.
  ///   - thickness: the thickness of the line, in pixels; it is antialiased.
  ///   - color: the color of the line.
  /// - Precondition: there are at least two values, and the range is not empty.
  package mutating func draw(
    curve values: [Float], range: ClosedRange<Float>, margin: Int, thickness: Double,
    _ color: SIMD3<UInt8>
  ) {
    require(values.count > 1, "a curve has at least two points, not \(values.count)")
    require(range.lowerBound < range.upperBound, "the range must not be empty")
    let across = Double(width - 1 - 2 * margin) / Double(values.count - 1)
    let down = Double(height - 1 - 2 * margin) / Double(range.upperBound - range.lowerBound)
    let points = values.enumerated().map { index, value in
      SIMD2(
        Double(margin) + across * Double(index),
        Double(margin) + down * Double(range.upperBound - value))
    }
    for y in 0..<height {
      for x in 0..<width {
        let pixel = SIMD2(Double(x), Double(y))
        // Only the segments around this column can be close.
        let piece = Int((Double(x - margin) / across).rounded(.down))
        let reach = Int((thickness / across).rounded(.up)) + 1
        let ends = [piece - reach, piece + reach + 1].map { min(max($0, 0), points.count - 1) }
        guard ends[0] < ends[1] else { continue }
        let near = ends[0]..<ends[1]
        let squared = near.reduce(Double.infinity) {
          min($0, squaredDistance(pixel, points[$1], points[$1 + 1]))
        }
        let cover = min(max((thickness + 1) / 2 - squared.squareRoot(), 0), 1)
        if cover > 0 { mix(x, y, color, cover) }
      }
    }
  }

  private mutating func mix(_ x: Int, _ y: Int, _ color: SIMD3<UInt8>, _ share: Double) {
    let (old, new) = (SIMD3<Double>(self[x, y]), SIMD3<Double>(color))
    self[x, y] = SIMD3<UInt8>((old + share * (new - old)).rounded(.toNearestOrEven))
  }
}

/// Returns the squared distance from `point` to the segment from `start` to `end`.
private func squaredDistance(
  _ point: SIMD2<Double>, _ start: SIMD2<Double>, _ end: SIMD2<Double>
) -> Double {
  let (way, offset) = (end - start, point - start)
  let length = (way * way).sum()
  let share = length > 0 ? min(max((way * offset).sum() / length, 0), 1) : 0
  let rest = offset - share * way
  return (rest * rest).sum()
}
