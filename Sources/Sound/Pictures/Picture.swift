internal import SpecGANErrors

/// A raster image in sRGB.
package struct Picture: Equatable, Sendable {
  /// The width, in pixels.
  package let width: Int
  /// The height, in pixels.
  package let height: Int
  /// The red, green and blue of every pixel, rows from the top, each from the left.
  package private(set) var pixels: [UInt8]

  /// Creates a picture of one color.
  ///
  /// - Precondition: both sizes are positive.
  package init(width: Int, height: Int, color: SIMD3<UInt8>) {
    require(width > 0 && height > 0, "a picture cannot be \(width) by \(height) pixels")
    self.width = width
    self.height = height
    pixels = []
    pixels.reserveCapacity(3 * width * height)
    for _ in 0..<width * height { pixels += [color.x, color.y, color.z] }
  }

  /// The color of the pixel in column `x` from the left and row `y` from the top.
  package subscript(x: Int, y: Int) -> SIMD3<UInt8> {
    get {
      let start = offset(x, y)
      return [pixels[start], pixels[start + 1], pixels[start + 2]]
    }
    set {
      let start = offset(x, y)
      for channel in 0..<3 { pixels[start + channel] = newValue[channel] }
    }
  }

  /// Draws `other` with its upper left corner in column `x` and row `y`.
  ///
  /// - Precondition: `other` fits into the picture.
  package mutating func draw(_ other: Picture, x: Int, y: Int) {
    require(x >= 0 && x + other.width <= width, "columns \(x)… do not fit into \(width)")
    for row in 0..<other.height {
      let start = offset(x, y + row)
      let source = 3 * other.width * row
      pixels.replaceSubrange(
        start..<start + 3 * other.width, with: other.pixels[source..<source + 3 * other.width])
    }
  }

  private func offset(_ x: Int, _ y: Int) -> Int {
    require((0..<width).contains(x) && (0..<height).contains(y), "no pixel (\(x), \(y))")
    return 3 * (y * width + x)
  }
}
