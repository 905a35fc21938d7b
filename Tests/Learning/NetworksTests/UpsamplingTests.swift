import Foundation
import Networks
import SpecGANTestSupport
import Testing

@Suite struct UpsamplingTests {
  private func bench(
    _ interpolation: Upsampling.Interpolation, _ shape: [Int], _ down: Int, _ across: Int,
    batch: Int, threads: Int = 2
  ) -> LayerBench {
    LayerBench(
      Upsampling(
        interpolation, shape, heightFactor: down, widthFactor: across, name: "G/upconv_0/resize"),
      Parameters(ParameterLayout()), batch: batch, threads: threads)
  }

  @Test(arguments: Upsampling.Interpolation.allCases.filter { $0 != .lowPass }, 0..<5)
  func passesEqualTensorFlows(_ interpolation: Upsampling.Interpolation, _ index: Int) throws {
    let golden = try Golden("tensorflow_layers")
    let name = "\(interpolation.rawValue)/\(index)"
    let shape = golden.shape("\(name)/x")
    let factors = try golden.integers("factors")[2 * index..<2 * index + 2].map(Int.init)
    let bench = bench(
      interpolation, Array(shape.dropFirst()), factors[0], factors[1], batch: shape[0])
    #expect([shape[0]] + bench.layer.outputShape == golden.shape("\(name)/y"))
    let x = try golden.floats("\(name)/x")
    let (y, expected) = (bench.forward(x), try golden.floats("\(name)/y"))
    if interpolation == .nearest { #expect(y == expected) }
    // 4 taps along either axis. The gradient adds those of all outputs that read a position, at
    // most 8 · 16.
    expectClose(y, expected, terms: 16)
    let backward = bench.backward(try golden.floats("\(name)/cotangent"), at: x)
    expectClose(backward.x, try golden.floats("\(name)/x_cotangent"), terms: 128)
  }

  @Test(arguments: 0..<6) func lowPassEqualsPyTorchs(_ index: Int) throws {
    let golden = try Golden("low_pass")
    let name = "upsampling/\(index)"
    let shape = golden.shape("\(name)/x")
    let factor = Int(try golden.integers("factors")[index])
    let picture = Array((shape.count == 3 ? [1] : []) + shape.dropFirst())
    let bench = bench(.lowPass, picture, shape.count == 3 ? 1 : factor, factor, batch: shape[0])
    let x = try golden.floats("\(name)/x")
    // Two taps along either axis; the gradient adds those of all outputs that read a position.
    expectClose(bench.forward(x), try golden.floats("\(name)/y"), terms: 4)
    let backward = bench.backward(try golden.floats("\(name)/cotangent"), at: x)
    expectClose(backward.x, try golden.floats("\(name)/x_cotangent"), terms: 4 * factor * factor)
  }

  @Test(
    arguments: Upsampling.Interpolation.allCases, [[1, 4], [2, 2], [4, 1], [3, 5], [1, 1]])
  func obeysTheLawsOfLayers(_ interpolation: Upsampling.Interpolation, _ factors: [Int]) {
    checkLayer(bench(interpolation, [3, 6, 5], factors[0], factors[1], batch: 2))
  }

  @Test(arguments: Upsampling.Interpolation.allCases)
  func bitsDoNotDependOnThreads(_ interpolation: Upsampling.Interpolation) {
    let results = [1, 2, 3].map { threads in
      let bench = bench(interpolation, [3, 6, 5], 2, 4, batch: 40, threads: threads)
      let x = randomNumbers(bench.inputCount, seed: 1)
      return [
        bench.forward(x), bench.backward(randomNumbers(bench.outputCount, seed: 2), at: x).x,
      ]
    }
    #expect(results[0] == results[1])
    #expect(results[0] == results[2])
  }

  /// The weights add up to one, and at whole positions the result is the source itself, except with
  /// half-pixel centers, where it is nearly so.
  @Test(arguments: Upsampling.Interpolation.allCases)
  func constantsAndPositionsStay(_ interpolation: Upsampling.Interpolation) {
    let bench = bench(interpolation, [1, 8, 1], 1, 4, batch: 1)
    #expect(bench.forward([Float](repeating: 2, count: 8)) == [Float](repeating: 2, count: 32))
    let x = smallIntegers(8, seed: 1)
    let y = bench.forward(x)
    let found = stride(from: 0, to: 32, by: 4).map { y[$0] }
    guard interpolation == .lowPass else { return #expect(found == x) }
    let before = [x[0]] + x.dropLast()
    #expect(found == zip(x, before).map { 0.625 * $0 + 0.375 * $1 })
  }

  /// Multiplications are counted only if there are any.
  @Test func onlyInterpolationsMultiply() {
    func count(_ interpolation: Upsampling.Interpolation) -> Int {
      bench(interpolation, [3, 6, 5], 2, 4, batch: 1).layer.multiplyAdds
    }
    #expect(count(.nearest) == 0)
    #expect(count(.linear) == 2 * (3 * 24 * 5) + 2 * (6 * 24 * 5))
    #expect(count(.lowPass) == count(.linear))
    #expect(count(.cubic) == 2 * count(.linear))
  }

  @Test(arguments: Upsampling.Interpolation.allCases)
  func itIsPiecewiseLinear(_ interpolation: Upsampling.Interpolation) {
    #expect(bench(interpolation, [1, 8, 1], 1, 4, batch: 1).layer is any PiecewiseLinear)
  }

  @Test func noFactorTraps() async {
    await #expect(processExitsWith: .signal(SIGILL)) {
      _ = Upsampling(.linear, [1, 8, 1], heightFactor: 1, widthFactor: 0, name: "a")
    }
  }
}
