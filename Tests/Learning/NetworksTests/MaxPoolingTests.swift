import Networks
import SpecGANTestSupport
import Testing

@Suite struct MaxPoolingTests {
  private static let windows = [[2, 2], [1, 4], [3, 1], [1, 1], [6, 8]]

  private func bench(_ window: [Int], batch: Int = 3, threads: Int = 2) -> LayerBench {
    LayerBench(
      MaxPooling([6, 8, 5], down: window[0], across: window[1], name: "pool"),
      Parameters(ParameterLayout()), batch: batch, threads: threads)
  }

  /// Returns, by the definition, the maximum of each window and the index of the first value that
  /// equals it.
  private func largest(_ x: [Float], _ window: [Int], batch: Int) -> [(value: Float, place: Int)] {
    var found: [(value: Float, place: Int)] = []
    for example in 0..<batch {
      for line in stride(from: 0, to: 6, by: window[0]) {
        for column in stride(from: 0, to: 8, by: window[1]) {
          for channel in 0..<5 {
            let places = (0..<window[0]).flatMap { down in
              (0..<window[1]).map { across in
                ((example * 6 + line + down) * 8 + column + across) * 5 + channel
              }
            }
            let value = places.map { x[$0] }.max() ?? 0
            found.append((value, places.first { x[$0] == value } ?? -1))
          }
        }
      }
    }
    return found
  }

  /// Few different values, so that many windows have equal ones.
  @Test(arguments: windows) func passesAreTheDefinition(_ window: [Int]) {
    let bench = bench(window)
    #expect(bench.layer.outputShape == [6 / window[0], 8 / window[1], 5])
    let x = randomNumbers(bench.inputCount, seed: 4).map { ($0 * 3).rounded() }
    let found = largest(x, window, batch: 3)
    #expect(bench.forward(x) == found.map(\.value))
    let direction = randomNumbers(bench.inputCount, seed: 5)
    #expect(bench.tangent(direction, at: x) == found.map { direction[$0.place] })
    let cotangent = randomNumbers(bench.outputCount, seed: 6)
    var expected = [Float](repeating: 0, count: bench.inputCount)
    for (index, entry) in found.enumerated() { expected[entry.place] = cotangent[index] }
    #expect(bench.backward(cotangent, at: x).x == expected)
  }

  @Test(arguments: windows) func obeysTheLawsOfLayers(_ window: [Int]) {
    checkLayer(bench(window))
  }

  @Test func bitsDoNotDependOnThreads() {
    let results = [1, 3].map { threads in
      let bench = bench([2, 2], batch: 40, threads: threads)
      let x = randomNumbers(bench.inputCount, seed: 1)
      return [
        bench.forward(x), bench.backward(randomNumbers(bench.outputCount, seed: 2), at: x).x,
      ]
    }
    #expect(results[0] == results[1])
  }

  /// NaN must remain visible at any position of its window.
  @Test(arguments: [0, 5, 40, 45]) func notANumberGivesNotANumber(_ place: Int) {
    let bench = bench([2, 2], batch: 1)
    var x = randomNumbers(bench.inputCount, seed: 1)
    x[place] = .nan
    let y = bench.forward(x)
    #expect(y[0].isNaN && y.count(where: \.isNaN) == 1)
  }

  @Test func windowsThatDoNotFillThePictureTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = MaxPooling([6, 8, 5], down: 4, across: 2, name: "pool")
    }
  }
}
