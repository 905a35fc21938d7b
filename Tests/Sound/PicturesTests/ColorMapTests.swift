import Foundation
import SpecGANPictures
import Testing

@Suite struct ColorMapTests {
  /// A byte rounds an intensity near black by up to 1.5e-4, which moves a lightness of 0.14 by up
  /// to 1.5e-4 / (3 · 0.14²) = 2.6e-3; lighter colors move less.
  @Test func lightnessRisesEvenly() {
    let found = ColorMap.dusk.colors.map(lightness)
    #expect(found.count == 256)
    for (index, pair) in zip(found, found.dropFirst()).enumerated() {
      #expect(pair.1 > pair.0, "at \(index)")
    }
    for (index, value) in found.enumerated() {
      #expect(abs(value - (0.14 + 0.83 * Double(index) / 255)) < 2.6e-3, "at \(index)")
    }
  }

  @Test func aPositionTakesTheNearestColor() {
    let map = ColorMap.dusk
    #expect(map[0] == map.colors[0] && map[1] == map.colors[255])
    #expect(map[0.4 / 255] == map.colors[0] && map[0.6 / 255] == map.colors[1])
    #expect(map[-1] == map.colors[0] && map[2] == map.colors[255] && map[.nan] == map.colors[0])
  }

  /// Returns the OKLab lightness of an sRGB color, the inverse of the conversion of the map.
  private func lightness(_ color: SIMD3<UInt8>) -> Double {
    let rgb = (0..<3).map { channel in
      let value = Double(color[channel]) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    let long = cbrt(0.4122214708 * rgb[0] + 0.5363325363 * rgb[1] + 0.0514459929 * rgb[2])
    let middle = cbrt(0.2119034982 * rgb[0] + 0.6806995451 * rgb[1] + 0.1073969566 * rgb[2])
    let short = cbrt(0.0883024619 * rgb[0] + 0.2817188376 * rgb[1] + 0.6299787005 * rgb[2])
    return 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
  }
}
