import Foundation
import Networks
import SpecGANTensors
import SpecGANTestSupport
import Testing

private let functions = ["identity", "relu", "leaky_relu", "tanh"]
private let shapes = ["sounds": [5, 3], "pictures": [2, 3, 4]]

/// A layer of `tools/reference/batch_normalization.py`, its parameters and its moving statistics.
private struct Subject {
  let layer: any Layer
  let parameters: Parameters
  let statistics: Parameters

  init(
    _ shape: [Int], _ estimate: VarianceEstimate = .population, _ function: String = "leaky_relu"
  ) {
    var (layout, moving) = (ParameterLayout(), ParameterLayout())
    func layer<Function: Activation>(_: Function.Type) -> any Layer {
      BatchNormalization<Function>(
        shape: shape, estimate: estimate, name: "G/upconv_0/batch_normalization", in: &layout,
        statistics: &moving)
    }
    self.layer =
      switch function {
      case "identity": layer(Identity.self)
      case "relu": layer(ReLU.self)
      case "leaky_relu": layer(LeakyReLU.self)
      default: layer(HyperbolicTangent.self)
      }
    parameters = Parameters(initial: layout)
    statistics = Parameters(initial: moving)
  }

  func fill(_ read: (String) throws -> [Float]) throws {
    for (parameters, names) in [
      (parameters, ["gamma", "beta"]), (statistics, ["mean", "variance"]),
    ] {
      for (entry, name) in zip(parameters.layout.entries, names) {
        let values = try read(name)
        parameters[entry].withMutableSpan { span in
          for index in 0..<span.count { span[index] = values[index] }
        }
      }
    }
  }

  func randomize() {
    for (parameters, seed) in [(parameters, UInt64(5)), (statistics, 6)] {
      let values = randomNumbers(parameters.layout.count, seed: seed).map { 1 + $0 / 2 }
      parameters.block.copy(
        0..<values.count, of: Tensor(shape: [values.count], values).view, to: 0)
    }
  }

  func bench(_ normalization: Pass.Normalization, batch: Int, threads: Int = 2) -> LayerBench {
    LayerBench(
      layer, parameters, batch: batch, normalization: normalization,
      statistics: normalization == .moving ? statistics : nil, threads: threads)
  }
}

@Suite struct BatchNormalizationTests {
  @Test(arguments: ["sounds", "pictures"], functions)
  func passesEqualPyTorchs(_ kind: String, _ function: String) throws {
    let golden = try Golden("batch_normalization")
    let subject = Subject(try #require(shapes[kind]), .population, function)
    func read(_ name: String) throws -> [Float] {
      try golden.floats("\(kind)/\(function)/\(name)")
    }
    try subject.fill(read)
    let x = try read("x")
    for (mode, normalization) in [
      ("groups", Pass.Normalization.groups(of: 3)), ("moving", .moving),
    ] {
      let bench = subject.bench(normalization, batch: 6)
      // Sums have at most 3 · 6 terms. Rounding is relative to the inputs, up to 16, times γ/σ, up
      // to 2 and 4 for the smallest variances, of 1/8 and less.
      func expect(_ actual: [Float], _ name: String) throws {
        expectClose(
          actual, try read("\(mode)/\(name)"), terms: 18, scale: 16, "\(mode) \(name)")
      }
      try expect(bench.forward(x), "y")
      let backward = bench.backward(try read("\(mode)/cotangent"), at: x)
      try expect(backward.x, "x_cotangent")
      let entries = subject.parameters.layout.entries
      try expect(backward.gradient[entries[0]].values, "gamma_gradient")
      try expect(backward.gradient[entries[1]].values, "beta_gradient")
      try expect(bench.tangent(try read("\(mode)/direction"), at: x), "tangent")
    }
  }

  /// One group after the other.
  @Test(arguments: ["sounds", "pictures"], ["population", "unbiased"])
  func movingStatisticsEqualPyTorchs(_ kind: String, _ estimate: String) throws {
    let golden = try Golden("batch_normalization")
    let subject = Subject(
      try #require(shapes[kind]), estimate == "unbiased" ? .unbiased : .population, "relu")
    func read(_ name: String) throws -> [Float] { try golden.floats("\(kind)/relu/\(name)") }
    try subject.fill(read)
    let bench = LayerBench(
      subject.layer, subject.parameters, batch: 6, normalization: .groups(of: 3),
      statistics: subject.statistics)
    _ = bench.forward(try read("x"))
    for (entry, name) in zip(subject.statistics.layout.entries, ["mean", "variance"]) {
      let expected = try read("\(estimate)/\(name)")
      expectClose(subject.statistics[entry].values, expected, terms: 4, name)
    }
  }

  /// The variance that TensorFlow uses for each number of axes.
  @Test(arguments: [("unbiased", VarianceEstimate.unbiased), ("population", .population)])
  func movingStatisticsEqualTensorFlows(_ name: String, _ estimate: VarianceEstimate) throws {
    let golden = try Golden("tensorflow_layers")
    let subject = Subject([4, 5, 2], estimate, "identity")
    let bench = LayerBench(
      subject.layer, subject.parameters, batch: 3, normalization: .groups(of: 3),
      statistics: subject.statistics)
    _ = bench.forward(try golden.floats("statistics/x"))
    let entries = subject.statistics.layout.entries
    // TensorFlow sums 60 values of up to 10, or their squares, in float32.
    expectClose(
      subject.statistics[entries[0]].values,
      try golden.floats("statistics/mean").map { 0.01 * $0 }, terms: 60)
    expectClose(
      subject.statistics[entries[1]].values,
      try golden.floats("statistics/\(name)").map { 1 + 0.01 * ($0 - 1) }, terms: 60)
  }

  @Test(arguments: functions, [Pass.Normalization.groups(of: 2), .groups(of: 4), .moving])
  func obeysTheLawsOfLayers(_ function: String, _ normalization: Pass.Normalization) {
    let subject = Subject([3, 4, 5], .unbiased, function)
    subject.randomize()
    checkLayer(subject.bench(normalization, batch: 4))
  }

  @Test(arguments: [Pass.Normalization.groups(of: 20), .moving])
  func bitsDoNotDependOnThreads(_ normalization: Pass.Normalization) {
    let results = [1, 2, 3].map { threads in
      let subject = Subject([9, 5])
      subject.randomize()
      let bench = LayerBench(
        subject.layer, subject.parameters, batch: 40, normalization: normalization,
        statistics: subject.statistics, threads: threads)
      let x = randomNumbers(bench.inputCount, seed: 1)
      let backward = bench.backward(randomNumbers(bench.outputCount, seed: 2), at: x)
      return [
        bench.forward(x), bench.tangent(randomNumbers(bench.inputCount, seed: 3), at: x),
        backward.x, backward.gradient.block.values, subject.statistics.block.values,
      ]
    }
    #expect(results[0] == results[1])
    #expect(results[0] == results[2])
  }

  /// A critic's workspace holds real examples and generated ones.
  @Test func groupsDoNotKnowOfEachOther() {
    let subject = Subject([6, 5])
    subject.randomize()
    let x = randomNumbers(8 * 30, seed: 1)
    let together = subject.bench(.groups(of: 4), batch: 8).forward(x)
    let bench = subject.bench(.groups(of: 4), batch: 4)
    let halves = [Array(x[..<120]), Array(x[120...])].map { bench.forward($0) }
    #expect(together == halves[0] + halves[1])
  }

  @Test func underMovingStatisticsExamplesDoNotKnowOfEachOther() {
    let subject = Subject([6, 5])
    subject.randomize()
    let before = subject.statistics.block.values
    let x = randomNumbers(3 * 30, seed: 1)
    let together = subject.bench(.moving, batch: 3).forward(x)
    let bench = subject.bench(.moving, batch: 1)
    let single = (0..<3).map { bench.forward(Array(x[30 * $0..<30 * $0 + 30])) }
    #expect(together == Array(single.joined()))
    #expect(subject.statistics.block.values == before)
  }

  /// A constant input is subtracted completely, and nothing is divided by zero.
  @Test func aConstantBecomesBeta() {
    let subject = Subject([6, 1], .unbiased, "identity")
    subject.parameters.block.fill(0.75)
    let bench = subject.bench(.groups(of: 2), batch: 2)
    let x = [Float](repeating: 3.3, count: 12)
    #expect(bench.forward(x) == [Float](repeating: 0.75, count: 12))
    #expect(bench.backward(randomNumbers(12, seed: 1), at: x).x.allSatisfy { $0.isFinite })
  }

  /// NaN must remain visible, in its channel.
  @Test func notANumberGivesNotANumber() {
    let subject = Subject([2, 2], .unbiased, "relu")
    let results = subject.bench(.groups(of: 2), batch: 2).forward([.nan, 1, 2, 3, 4, 5, 6, 7])
    #expect(results.enumerated().allSatisfy { $1.isNaN == $0.isMultiple(of: 2) })
  }

  @Test func withoutBiasBetasGradientStays() {
    let subject = Subject([6, 5])
    let bench = subject.bench(.groups(of: 2), batch: 2)
    let gradient = bench.backward(
      randomNumbers(60, seed: 2), at: randomNumbers(60, seed: 1), includingBias: false
    ).gradient
    let entries = subject.parameters.layout.entries
    #expect(gradient[entries[0]].values.allSatisfy { $0 != 0 })
    #expect(gradient[entries[1]].values.allSatisfy { $0 == 0 })
  }

  @Test func groupsThatDoNotFitTrap() async {
    await #expect(processExitsWith: .signal(SIGILL)) {
      _ = Subject([2, 2]).bench(.groups(of: 2), batch: 3).forward(
        [Float](repeating: 0, count: 12))
    }
  }

  @Test func movingStatisticsThatAreNotThereTrap() async {
    await #expect(processExitsWith: .signal(SIGILL)) {
      let subject = Subject([2, 2])
      _ = LayerBench(subject.layer, subject.parameters, batch: 1).forward([0, 0, 0, 0])
    }
  }

  /// Otherwise a gradient penalty could be computed for it.
  @Test func itIsNotTwiceDifferentiable() {
    var (layout, statistics) = (ParameterLayout(), ParameterLayout())
    let layer = BatchNormalization<ReLU>(
      shape: [2, 2], estimate: .population, name: "a/b", in: &layout, statistics: &statistics)
    let network = Network([layer], layout: layout, statistics: statistics)
    #expect(TwiceDifferentiableNetwork(network) == nil)
  }
}
