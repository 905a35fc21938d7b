internal import Foundation
package import Scores
package import SpecGANPictures

extension Picture {
  private static let columns = 4
  private static let gap = 28
  private static let panelSize = (width: 240, height: 150)
  private static let ink: SIMD3<UInt8> = [40, 40, 48]
  private static let faint: SIMD3<UInt8> = [120, 120, 130]

  /// Returns a picture of the first `count` components, four in a row, each above its number and
  /// its share of the variance.
  package static func components(
    of found: PrincipalComponents, count: Int, _ panel: (ArraySlice<Float>) -> Picture
  ) -> Picture {
    let shares = found.shares
    let panels = (0..<min(count, found.dimension)).map { index in
      panel(found[index]).captioned("\(index + 1)", percentage(shares[index]))
    }
    let rows = stride(from: 0, to: panels.count, by: columns).map {
      Array(panels[$0..<min($0 + columns, panels.count)])
    }
    let sheet = sideBySide(rows, gap: gap)
    var picture = Picture(
      width: sheet.width + 2 * gap, height: sheet.height + 2 * gap, color: [255, 255, 255])
    picture.draw(sheet, x: gap, y: gap)
    return picture
  }

  /// Returns a share in percent, with more decimals for small ones.
  private static func percentage(_ share: Double) -> String {
    let percent = 100 * share
    let digits = percent < 0.1 ? 3 : percent < 1 ? 2 : 1
    return String(format: "%.\(digits)f%%", percent)
  }

  /// Returns a component as a curve over a line at zero, scaled so that a sine wave of its length
  /// fits.
  package static func panel(curve component: ArraySlice<Float>) -> Picture {
    let (width, height) = panelSize
    var picture = Picture(width: width, height: height, color: [246, 247, 250])
    picture.fill(x: 0, y: height / 2, width: width, height: 1, [205, 208, 216])
    // A wave of unit norm has an amplitude of √(2 / n).
    let wave = (2 / Float(component.count)).squareRoot()
    let largest = max(component.reduce(0) { max($0, abs($1)) }, wave)
    let values =
      component.count > 1 ? Array(component) : [component.first ?? 0, component.first ?? 0]
    picture.draw(
      curve: values, range: -largest...largest, margin: 10, thickness: 2.5, [34, 84, 168])
    return picture
  }

  /// Returns a component as a patch, time to the right and frequency upwards: red above zero and
  /// blue below.
  package static func panel(patch component: ArraySlice<Float>, frames: Int, bins: Int) -> Picture {
    let largest = max(component.reduce(0) { max($0, abs($1)) }, .leastNormalMagnitude)
    return Picture(
      spectrogram: Array(component), frames: frames, bins: bins, range: -largest...largest,
      scale: max(panelSize.height / max(frames, bins), 1), map: .balance)
  }

  /// Returns the picture above `number`, at its left edge, and `share`, at its right one.
  private func captioned(_ number: String, _ share: String) -> Picture {
    let scale = 2
    let (margin, line) = (10, Picture.characterSize.height * scale)
    let least = Picture.width(of: number + "  " + share, scale: scale)
    var picture = Picture(
      width: max(width, least), height: height + margin + line, color: [255, 255, 255])
    picture.draw(self, x: 0, y: 0)
    picture.write(number, x: 0, y: height + margin, scale: scale, Self.ink)
    let left = picture.width - Picture.width(of: share, scale: scale)
    picture.write(share, x: left, y: height + margin, scale: scale, Self.faint)
    return picture
  }
}
