import Networks
import SpecGANTensors
import SpecGANTestSupport
import Testing

/// One layer and its parameters, with functions that return the results of its passes.
struct LayerBench {
  let layer: any Layer
  let parameters: Parameters
  let batch: Int
  let pass: Pass

  init(
    _ layer: any Layer, _ parameters: Parameters, batch: Int, shifts: PhaseShifts = .init(),
    normalization: Pass.Normalization = .moving, statistics: Parameters? = nil,
    dropout: DropoutDraws? = nil, styles: Styles? = nil, noise: NoiseInputs? = nil,
    threads: Int = 2
  ) {
    self.layer = layer
    self.parameters = parameters
    self.batch = batch
    let engine = Engine(threads: threads)
    layer.reserveScratch(on: engine)
    engine.fillScratch(.nan)
    var pass = Pass(parameters: parameters, examples: 0..<batch, engine: engine)
    pass.shifts = shifts
    pass.normalization = normalization
    pass.statistics = statistics
    pass.dropout = dropout
    pass.styles = styles
    pass.noise = noise
    pass.kept = KeptMemory(
      layer, examples: batch, cotangents: batch, tangents: batch, on: engine)
    self.pass = pass
  }

  var inputCount: Int { batch * layer.inputShape.reduce(1, *) }
  var outputCount: Int { batch * layer.outputShape.reduce(1, *) }

  func forward(_ x: [Float]) -> [Float] {
    let y = output()
    layer.forward(input(x), into: y, pass)
    return y.values
  }

  func tangent(_ direction: [Float], at x: [Float]) -> [Float] {
    let result = output()
    layer.tangent(
      input(direction), x: input(x), y: output(forward(x)), into: result, pass)
    return result.values
  }

  func backward(
    _ cotangent: [Float], at x: [Float], includingBias: Bool = true
  ) -> (x: [Float], gradient: Parameters) {
    let (y, yCotangent) = (output(forward(x)), output(cotangent))
    let xCotangent = Tensor(shape: [batch] + layer.inputShape).view
    xCotangent.fill(.nan)
    let x = input(x)
    layer.backward(yCotangent, x: x, y: y, into: xCotangent, pass)
    let gradient = Parameters(parameters.layout)
    layer.accumulateGradient(
      x: x, yCotangent: yCotangent, includingBias: includingBias, into: gradient, pass)
    return (xCotangent.values, gradient)
  }

  private func input(_ values: [Float]) -> TensorView {
    Tensor(shape: [batch] + layer.inputShape, values).view
  }

  private func output(_ values: [Float]) -> TensorView {
    Tensor(shape: [batch] + layer.outputShape, values).view
  }

  private func output() -> TensorView {
    let y = Tensor(shape: [batch] + layer.outputShape).view
    y.fill(.nan)
    return y
  }
}

/// Checks law 3 for any layer: the tangent against differences of the layer, the two passes against
/// each other, and the weight gradient against differences.
///
/// Differences of float32 results are exact except for rounding, 2⁻²⁴ / h of a result's size, if
/// the layer is linear between `x ± h ẋ`. An element with a kink in between, a few in a thousand
/// per h = 2⁻¹¹, has an error of its own size. Together that is below 2 % in norm; a wrong pass has
/// an error of 100 %.
func checkLayer(_ bench: LayerBench, sourceLocation: SourceLocation = #_sourceLocation) {
  let x = randomNumbers(bench.inputCount, seed: 11)
  let direction = randomNumbers(bench.inputCount, seed: 12)
  let cotangent = randomNumbers(bench.outputCount, seed: 13)
  let step: Float = 0x1p-11

  let tangent = bench.tangent(direction, at: x)
  let difference = zip(
    bench.forward(zip(x, direction).map { $0 + step * $1 }),
    bench.forward(zip(x, direction).map { $0 - step * $1 })
  ).map { ($0 - $1) / (2 * step) }
  expectNear(difference, tangent, "tangent against differences", sourceLocation)

  let backward = bench.backward(cotangent, at: x)
  let forwards = inner(cotangent, tangent)
  let backwards = inner(backward.x, direction)
  let size = (inner(cotangent, cotangent) * inner(tangent, tangent)).squareRoot()
  // Both are sums of float32 results, with errors of a few roundings of the sum's size.
  #expect(
    abs(forwards - backwards) <= 0x1p-20 * size, "⟨ȳ, J ẋ⟩ = \(forwards), ⟨Jᵀ ȳ, ẋ⟩ = \(backwards)",
    sourceLocation: sourceLocation)

  checkWeights(bench, x, cotangent, backward.gradient, step, sourceLocation)
}

private func checkWeights(
  _ bench: LayerBench, _ x: [Float], _ cotangent: [Float], _ gradient: Parameters, _ step: Float,
  _ sourceLocation: SourceLocation
) {
  for entry in bench.parameters.layout.entries {
    let weights = bench.parameters[entry]
    let start = weights.values
    let direction = randomNumbers(entry.count, seed: 14)
    func loss(_ step: Float) -> Double {
      weights.withMutableSpan { span in
        for index in 0..<span.count { span[index] = start[index] + step * direction[index] }
      }
      return inner(cotangent, bench.forward(x))
    }
    // Rounding of the results, which is larger than a gradient that is nearly zero.
    let terms = zip(cotangent, bench.forward(x)).map { $0 * $1 }
    let rounding = 0x1p-24 * inner(terms, terms).squareRoot() / Double(step)
    let difference = (loss(step) - loss(-step)) / Double(2 * step)
    _ = loss(0)
    let slope = inner(gradient[entry].values, direction)
    let size = (inner(gradient[entry].values, gradient[entry].values)).squareRoot()
    #expect(
      abs(difference - slope) <= 0.02 * max(size, 1e-3) + rounding,
      "\(entry.name): differences say \(difference), the gradient \(slope)",
      sourceLocation: sourceLocation)
  }
}

/// Expects that the two differ by less than 2 % in norm.
private func expectNear(
  _ actual: [Float], _ expected: [Float], _ what: String, _ sourceLocation: SourceLocation
) {
  let errors = zip(actual, expected).map { $0 - $1 }
  let ratio = (inner(errors, errors) / inner(expected, expected)).squareRoot()
  #expect(ratio < 0.02, "\(what): off by \(ratio)", sourceLocation: sourceLocation)
}

/// Expects that `gradient`, that of `loss` with respect to `values`, equals a difference of the
/// loss along a random direction, to `tolerance` of its norm.
func checkGradient(
  _ gradient: [Float], of values: TensorView, step: Float, tolerance: Double, _ name: String,
  loss: () -> Double, sourceLocation: SourceLocation = #_sourceLocation
) {
  let start = values.values
  let direction = randomNumbers(values.count, seed: 14)
  func moved(_ step: Float) -> Double {
    values.withMutableSpan { span in
      for index in 0..<span.count { span[index] = start[index] + step * direction[index] }
    }
    return loss()
  }
  let difference = (moved(step) - moved(-step)) / Double(2 * step)
  _ = moved(0)
  let slope = inner(gradient, direction)
  let size = inner(gradient, gradient).squareRoot()
  #expect(
    abs(difference - slope) <= tolerance * max(size, 1e-2),
    "\(name): differences say \(difference), the gradient \(slope)",
    sourceLocation: sourceLocation)
}
