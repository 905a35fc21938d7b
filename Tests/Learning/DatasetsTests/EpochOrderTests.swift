import SpecGANDatasets
import Testing

/// The sequence of examples that training reads.
@Suite struct EpochOrderTests {
  @Test(arguments: [0, 1, 7] as [UInt32]) func everyEpochHasEachExampleOnce(_ variant: UInt32) {
    var order = EpochOrder(count: 9, seed: 3, variant: variant)
    for epoch in 0..<4 {
      #expect((9 * epoch..<9 * (epoch + 1)).map { order[$0] }.sorted() == Array(0..<9))
    }
  }

  /// The default variant gives the order of versions without variants, so that old runs resume
  /// exactly.
  @Test func theFirstVariantIsTheDefault() {
    var (plain, first) = (
      EpochOrder(count: 9, seed: 3), EpochOrder(count: 9, seed: 3, variant: 0)
    )
    #expect((0..<27).map { plain[$0] } == (0..<27).map { first[$0] })
    #expect((0..<9).map { plain[$0] } == [5, 3, 2, 8, 4, 0, 7, 6, 1])
  }

  @Test func variantsDiffer() {
    let rows = (0..<8).map { variant in
      var order = EpochOrder(count: 9, seed: 3, variant: UInt32(variant))
      return (0..<18).map { order[$0] }
    }
    #expect(Set(rows).count == 8)
  }
}
