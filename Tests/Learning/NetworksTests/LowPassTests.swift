import Foundation
import Networks
import SpecGANTestSupport
import Testing

@Suite struct LowPassTests {
  private func bench(
    _ shape: [Int], _ down: Int, _ across: Int, batch: Int = 1, threads: Int = 2
  ) -> LayerBench {
    LayerBench(
      LowPass(shape, down: down, across: across, name: "D/downconv_1/low_pass"),
      Parameters(ParameterLayout()), batch: batch, threads: threads)
  }

  @Test(arguments: 0..<6) func passesEqualPyTorchs(_ index: Int) throws {
    let golden = try Golden("low_pass")
    let name = "downsampling/\(index)"
    let shape = golden.shape("\(name)/x")
    let stride = Int(try golden.integers("factors")[index])
    let picture = Array((shape.count == 3 ? [1] : []) + shape.dropFirst())
    let bench = bench(picture, shape.count == 3 ? 1 : stride, stride, batch: shape[0])
    let x = try golden.floats("\(name)/x")
    // `2 · stride` taps along either axis; at an edge of a short axis all outputs read one input.
    let terms = 4 * stride * stride
    expectClose(bench.forward(x), try golden.floats("\(name)/y"), terms: terms)
    let backward = bench.backward(try golden.floats("\(name)/cotangent"), at: x)
    expectClose(backward.x, try golden.floats("\(name)/x_cotangent"), terms: terms)
  }

  @Test(
    arguments: [[1, 4], [2, 2], [4, 2], [3, 5], [1, 1]], [[3, 6, 5], [12, 1, 17], [1, 24, 16]])
  func obeysTheLawsOfLayers(_ strides: [Int], _ shape: [Int]) {
    checkLayer(bench(shape, strides[0], strides[1], batch: 2))
  }

  @Test func bitsDoNotDependOnThreads() {
    let results = [1, 2, 3].map { threads in
      let bench = bench([8, 12, 5], 2, 4, batch: 40, threads: threads)
      let x = randomNumbers(bench.inputCount, seed: 1)
      let cotangent = randomNumbers(bench.outputCount, seed: 2)
      return [bench.forward(x), bench.tangent(x, at: x), bench.backward(cotangent, at: x).x]
    }
    #expect(results[0] == results[1])
    #expect(results[0] == results[2])
    #expect(results[0][0] == results[0][1])
  }

  /// Also at the edges.
  @Test(arguments: 1...5) func constantsAreUnchanged(_ stride: Int) {
    let bench = bench([6, 16, 3], stride, stride)
    let y = bench.forward([Float](repeating: 2, count: bench.inputCount))
    // Weights such as 1/18 are not exact.
    expectClose(y, [Float](repeating: 2, count: bench.outputCount), terms: 4 * stride * stride)
  }

  /// A stride of 1 needs no filter.
  @Test func axesWithAStrideOf1AreNotFiltered() {
    let identity = bench([6, 16, 3], 1, 1)
    let x = randomNumbers(identity.inputCount, seed: 1)
    #expect(identity.forward(x) == x)
    #expect(identity.layer.multiplyAdds == 0)
    #expect(bench([6, 16, 3], 1, 4).layer.multiplyAdds == 8 * (6 * 16 * 3))
    #expect(bench([6, 16, 3], 2, 2).layer.multiplyAdds == 2 * 4 * (6 * 16 * 3))
  }

  /// The sampling frequency of the output and its multiples, away from the edges.
  @Test(arguments: [(2, 1), (4, 1), (4, 2)])
  func frequenciesThatWouldBecomeTheMeanAreRemoved(_ stride: Int, _ multiple: Int) {
    let bench = bench([1, 64, 1], 1, stride)
    let x = (0..<64).map { Float(cos(2 * Double.pi * Double($0 * multiple) / Double(stride))) }
    let y = bench.forward(x)
    #expect(y[stride..<64 - stride].allSatisfy { abs($0) < 0x1p-20 })
  }

  /// The distance between an output and the center of its taps, on which the kernel's own center
  /// depends: a line is moved by half a position.
  @Test(arguments: [2, 4]) func outputsAreHalfAPositionLate(_ stride: Int) {
    let bench = bench([1, 64, 1], 1, stride)
    let y = bench.forward((0..<64).map { Float($0) })
    for index in stride..<64 - stride { #expect(y[index] == Float(index) - 0.5) }
  }

  @Test func itIsPiecewiseLinear() {
    #expect(bench([4, 8, 1], 2, 2).layer is any PiecewiseLinear)
  }

  @Test func aStrideOfZeroTraps() async {
    await #expect(processExitsWith: .signal(SIGILL)) {
      _ = LowPass([4, 8, 1], down: 2, across: 0, name: "a")
    }
  }
}
