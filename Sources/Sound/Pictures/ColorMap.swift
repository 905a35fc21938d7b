internal import Glibc

// Ottosson, "A perceptual color space for image processing", 2020,
// https://bottosson.github.io/posts/oklab, for the conversion and its constants.

/// A perceptually uniform color map for values from 0 to 1.
package struct ColorMap: Sendable {
  /// The colors in sRGB, from that of 0 to that of 1.
  package let colors: [SIMD3<UInt8>]

  /// A map from dark violet over red and orange to pale yellow.
  ///
  /// In OKLab, lightness rises evenly from 0.14 to 0.97, hue turns evenly from 285° to 452°, and
  /// chroma rises to 0.18 and falls again, always below the gamut of sRGB.
  package static let dusk = ColorMap(
    colors: (0..<256).map { index in
      let position = Double(index) / 255
      return color(
        lightness: 0.14 + 0.83 * position,
        chroma: 0.18 * sin(.pi * (0.12 + 0.82 * position)),
        hue: (285 + 167 * position) * .pi / 180)
    })

  /// A map from blue over white to red, for signed values: white is in the middle.
  ///
  /// In OKLab, lightness falls evenly from 0.99 in the middle to 0.45 at both ends, and chroma
  /// rises to 0.17 and falls a little.
  package static let balance = ColorMap(
    colors: (0..<255).map { index in
      let position = Double(index) / 127 - 1
      return color(
        lightness: 0.99 - 0.54 * abs(position), chroma: 0.17 * sin(0.62 * .pi * abs(position)),
        hue: (position < 0 ? 255 : 32) * .pi / 180)
    })

  /// Returns the color of `position`; a NaN and values below 0 get the first color, values above 1
  /// the last.
  package subscript(position: Float) -> SIMD3<UInt8> {
    let last = colors.count - 1
    guard position > 0 else { return colors[0] }
    return position < 1 ? colors[Int((position * Float(last)).rounded())] : colors[last]
  }

  // MARK: - OKLab

  private static func color(lightness: Double, chroma: Double, hue: Double) -> SIMD3<UInt8> {
    let a = chroma * cos(hue)
    let b = chroma * sin(hue)
    let long = cube(lightness + 0.3963377774 * a + 0.2158037573 * b)
    let middle = cube(lightness - 0.1055613458 * a - 0.0638541728 * b)
    let short = cube(lightness - 0.0894841775 * a - 1.2914855480 * b)
    return [
      encoded(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
      encoded(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
      encoded(-0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short),
    ]
  }

  private static func cube(_ x: Double) -> Double { x * x * x }

  /// Returns the sRGB byte of a linear intensity. Source: IEC 61966-2-1.
  private static func encoded(_ linear: Double) -> UInt8 {
    let value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow(linear, 1 / 2.4) - 0.055
    return UInt8((255 * min(max(value, 0), 1)).rounded())
  }
}
