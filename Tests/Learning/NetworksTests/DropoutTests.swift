import Networks
import SpecGANTestSupport
import Testing

@Suite struct DropoutTests {
  private func bench(
    _ rate: Float = 0.25, update: Int? = 3, index: Int = 0, batch: Int = 4, threads: Int = 2
  ) -> LayerBench {
    LayerBench(
      Dropout([10, 20, 5], rate: rate, index: index, name: "dropout"),
      Parameters(ParameterLayout()), batch: batch,
      dropout: update.map { DropoutDraws(seed: 1, update: $0, batch: 4) }, threads: threads)
  }

  private let ones = [Float](repeating: 1, count: 4_000)

  /// The share that is dropped is binomial: of 4,000 at 0.25 its deviation is 0.007, of which five
  /// are allowed.
  @Test func aPartIsDroppedAndTheRestScaled() {
    let y = bench().forward(ones)
    #expect(Set(y) == [0, 1 / 0.75])
    let share = Float(y.count { $0 == 0 }) / 4_000
    #expect(abs(share - 0.25) < 5 * 0.007, "\(share)")
  }

  @Test func nothingIsDroppedInUseOrAtARateOfZero() {
    #expect(bench(update: nil).forward(ones) == ones)
    #expect(bench(0).forward(ones) == ones)
  }

  @Test func allPassesOfAnUpdateDropTheSame() {
    let bench = bench()
    let y = bench.forward(ones)
    #expect(bench.backward(ones, at: ones).x == y)
    #expect(bench.tangent(ones, at: ones) == y)
  }

  @Test func updatesExamplesAndLayersDropOthers() {
    let y = bench().forward(ones)
    #expect(bench(update: 4).forward(ones) != y)
    #expect(bench(index: 1).forward(ones) != y)
    #expect(y[0..<1_000] != y[1_000..<2_000])
  }

  @Test func obeysTheLawsOfLayers() { checkLayer(bench()) }

  @Test func bitsDoNotDependOnThreads() {
    #expect(bench(threads: 1).forward(ones) == bench(threads: 3).forward(ones))
  }
}
