import Foundation
import Scores
import SpecGANEvaluation
import SpecGANPictures
import SpecGANTestSupport
import SpecGANWorkers
import Testing

/// Pictures of principal components show their values.
@Suite struct ComponentPicturesTests {
  private static func isInk(_ color: SIMD3<UInt8>) -> Bool { color.x < 100 && color.z > 120 }

  /// In each column the line is at the wave's value; a wave of unit norm fills the height but for
  /// the margins.
  @Test func aCurveFollowsItsComponent() {
    let count = 25
    let wave = (0..<count).map { index in
      Float((2 / Double(count)).squareRoot() * cos(2 * .pi * 2 * Double(index) / Double(count)))
    }
    let picture = Picture.panel(curve: wave[...])
    let (margin, middle) = (10, Double(picture.height) / 2)
    for index in 1..<count - 1 {
      let x = margin + index * (picture.width - 2 * margin) / (count - 1)
      let rows = (0..<picture.height).filter { Self.isInk(picture[x, $0]) }
      let found = Double(rows.reduce(0, +)) / Double(max(rows.count, 1))
      let expected = middle - Double(wave[index] / wave[0]) * (middle - Double(margin))
      // Two turns over 220 columns rise by 3.7 rows a column, and a line is 2.5 thick.
      #expect(!rows.isEmpty && abs(found - expected) < 5, "\(index): \(found), \(expected)")
    }
  }

  /// Time goes to the right and frequency up; red is above zero and blue below.
  @Test func aPatchShowsItsSigns() {
    let (frames, bins) = (3, 2)
    let values: [Float] = [1, -1, 0, 1, -1, 0]
    let picture = Picture.panel(patch: values[...], frames: frames, bins: bins)
    let scale = picture.width / frames
    #expect(picture.height == bins * scale)
    for frame in 0..<frames {
      for bin in 0..<bins {
        let color = picture[
          frame * scale + scale / 2, picture.height - 1 - bin * scale - scale / 2]
        let value = values[frame * bins + bin]
        let balance = Int(color.x) - Int(color.z)
        #expect(value == 0 ? abs(balance) < 30 : balance.signum() == (value > 0 ? 1 : -1))
        #expect(value == 0 || abs(balance) > 80, "\(frame), \(bin): \(color)")
      }
    }
  }

  /// In order, four in a row, each with a caption.
  @Test func aSheetShowsTheFirstComponentsInOrder() throws {
    let features = try Features(randomNumbers(50 * 6, seed: 1), dimension: 6)
    let found = try PrincipalComponents(of: features, workers: Workers(count: 1))
    var drawn: [[Float]] = []
    let sheet = Picture.components(of: found, count: 5) { component in
      drawn.append(Array(component))
      return Picture(width: 240, height: 150, color: [UInt8(40 * drawn.count), 0, 0])
    }
    #expect(drawn == (0..<5).map { Array(found[$0]) })
    for (index, place) in [(28, 28), (296, 28), (564, 28), (832, 28)].enumerated() {
      #expect(sheet[place.0 + 5, place.1 + 5] == [UInt8(40 * (index + 1)), 0, 0])
    }
    let below = (0..<sheet.height).first { sheet[33, $0] == [200, 0, 0] }
    #expect((below ?? 0) > 28 + 150, "the fifth begins a row, below a caption")
    let caption = (178..<(below ?? 178)).contains { y in
      (28..<268).contains { sheet[$0, y].x < 100 }
    }
    #expect(caption)
  }
}
