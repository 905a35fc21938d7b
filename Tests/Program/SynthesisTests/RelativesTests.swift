import Foundation
import SpecGANModels
import SpecGANSynthesis
import SpecGANTensors
import SpecGANTestSupport
import Testing

/// Relatives of latents.
@Suite struct RelativesTests {
  private let gan = GAN.model(.specgan, .init())

  @Test func theOriginalIsFirstAndAtDistanceZero() {
    let chosen = ChosenLatents(drawnFor: gan, numbers: [5, 2], seed: 9)
    let relatives = chosen.withRelatives(atDistances: [0, 0.5], count: 2)
    #expect(relatives.numbers == [5, 5, 5, 5, 5, 2, 2, 2, 2, 2])
    let rows = (0..<10).map { relatives.latents.examples($0..<$0 + 1).values }
    let originals = (0..<2).map { chosen.latents.examples($0..<$0 + 1).values }
    for (first, original) in [(0, originals[0]), (5, originals[1])] {
      #expect(rows[first] == original && rows[first + 1] == original)
      #expect(rows[first + 2] == original && rows[first + 3] != original)
      #expect(rows[first + 3] != rows[first + 4])
    }
  }

  /// A relative depends on the seed, the number of its clip and its place alone.
  @Test func relativesDependOnTheirClipAlone() {
    func relatives(_ numbers: [Int], seed: UInt64) -> [[Float]] {
      let found = ChosenLatents(drawnFor: gan, numbers: numbers, seed: seed)
        .withRelatives(atDistances: [0.3], count: 3)
      return (0..<found.count).map { found.latents.examples($0..<$0 + 1).values }
    }
    let both = relatives([4, 7], seed: 1)
    #expect(relatives([7], seed: 1) == Array(both[4...]))
    #expect(relatives([7], seed: 2) != Array(both[4...]))
  }

  /// Truncated latents are the same draws, scaled to the bound.
  @Test func truncationScalesTheLatents() {
    let (all, some) = (
      ChosenLatents(drawnFor: gan, count: 3, seed: 3),
      ChosenLatents(drawnFor: gan, count: 3, seed: 3, truncation: 0.25)
    )
    #expect(some.latents.values == all.latents.values.map { $0 * 0.25 })
    #expect(some.numbers == all.numbers && some.labels == all.labels)
  }

  /// Elements have the variance of random latents, 1/3, at every distance, and a correlation of
  /// cos(πd/2) with the original.
  @Test(arguments: [0.1, 0.5, 1.0]) func distancesAreAngles(_ distance: Double) {
    let chosen = ChosenLatents(drawnFor: gan, count: 1, seed: 3)
    let found = chosen.withRelatives(atDistances: [distance], count: 500)
    let original = chosen.latents.values.map(Double.init)
    var (square, product) = (0.0, 0.0)
    let energy = original.reduce(0) { $0 + $1 * $1 }
    for row in 1...500 {
      let values = found.latents.examples(row..<row + 1).values.map(Double.init)
      square += values.reduce(0) { $0 + $1 * $1 } / 500
      product += zip(values, original).reduce(0) { $0 + $1.0 * $1.1 } / 500
    }
    let (near, far) = (cos(distance * .pi / 2), sin(distance * .pi / 2))
    let expected = near * near * energy + far * far * Double(original.count) / 3
    // Six deviations of the means: elements have a variance of 1/3, their squares one of 4/45.
    let spread = (Double(original.count) / 500).squareRoot()
    let cross = 2 * near * far * (energy / 3 / 500).squareRoot()
    #expect(abs(square - expected) < 6 * (far * far * (4.0 / 45).squareRoot() * spread + cross))
    #expect(abs(product - near * energy) < 6 * far * (energy / 3 / 500).squareRoot())
  }
}
