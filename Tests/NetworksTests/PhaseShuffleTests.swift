import Networks
import TestSupport
import Testing

@Suite struct PhaseShuffleTests {
  private let layer = PhaseShuffle(length: 9, channels: 4, index: 0)

  private func bench(_ shifts: [[Int]], groupSize: Int) -> LayerBench {
    LayerBench(
      layer, Parameters(ParameterLayout()), batch: 3,
      shifts: PhaseShifts(shifts, groupSize: groupSize))
  }

  /// A shift copies: exact.
  @Test(arguments: -2...2)
  func equalsTheReferenceProgram(_ shift: Int) throws {
    let golden = try Golden("layers")
    let name = "phase_shuffle/\(shift)"
    let bench = bench([[shift]], groupSize: 3)
    #expect(bench.forward(try golden.floats(name + "/x")) == (try golden.floats(name + "/y")))
    let backward = bench.backward(
      try golden.floats(name + "/cotangent"),
      at: randomNumbers(bench.inputCount, seed: 1))
    // Reflected positions are sums of two.
    expectClose(backward.x, try golden.floats(name + "/x_cotangent"), terms: 2)
  }

  @Test(arguments: -3...3)
  func obeysTheLawsOfLayers(_ shift: Int) {
    checkLayer(bench([[shift]], groupSize: 3))
  }

  @Test func groupsHaveShiftsOfTheirOwn() {
    let x = randomNumbers(3 * 36, seed: 1)
    let mixed = bench([[1], [0], [-2]], groupSize: 1).forward(x)
    for (example, shift) in [1, 0, -2].enumerated() {
      let alone = bench([[shift]], groupSize: 3).forward(x)
      let part = example * 36..<(example + 1) * 36
      #expect(mixed[part] == alone[part])
    }
  }

  @Test func withoutShiftsNothingMoves() {
    let bench = LayerBench(layer, Parameters(ParameterLayout()), batch: 3)
    let x = randomNumbers(bench.inputCount, seed: 1)
    #expect(bench.forward(x) == x)
  }
}
