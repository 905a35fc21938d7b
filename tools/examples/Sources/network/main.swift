// A small network learns which points of a square lie inside a circle.

import Networks

// Three layers, and their initial weights.
var builder = NetworkBuilder()
builder.appendDense("first", inputs: 2, outputs: 16, LeakyReLU.self)
builder.appendDense("second", inputs: 16, outputs: 16, LeakyReLU.self)
builder.appendDense("last", inputs: 16, outputs: 1, Identity.self)
let network = builder.network
let weights = Parameters(glorotUniform: network.layout, seed: 1)

// The points of a grid, and the memory that all passes share.
let axis = (0..<16).map { Float($0) / 7.5 - 1 }
let points = axis.flatMap { x in axis.map { y in (x, y) } }
let isInside = points.map { x, y in x * x + y * y < 0.6 }
let engine = Engine()
let workspace = Workspace(differentiating: network, examples: points.count, engine: engine)
workspace.input.withMutableSpan { input in
  for (index, point) in points.enumerated() {
    (input[2 * index], input[2 * index + 1]) = point
  }
}

// The training loop: forward, the loss's slopes, backward, and a step of Adam.
let pass = Pass(parameters: weights, examples: 0..<points.count, engine: engine)
let gradient = Parameters(network.layout)
let adam = Adam(.init(beta1: 0.9, beta2: 0.999), for: network.layout)
let loss = Loss.crossEntropy
for update in 1...500 {
  network.forward(workspace, pass)
  let terms = zip(workspace.output.values, isInside).map { value, isInside in
    isInside ? loss.criticTerm(real: value) : loss.criticTerm(generated: value)
  }
  if update % 100 == 0 {
    print(update, terms.reduce(0) { $0 + $1.value } / Float(points.count))
  }
  workspace.outputCotangent.withMutableSpan { slopes in
    for (index, term) in terms.enumerated() { slopes[index] = term.slope / Float(points.count) }
  }
  network.backward(workspace, reachingInput: false, pass)
  network.accumulateGradient(workspace, into: gradient, pass)
  adam.update(weights, consuming: gradient, update: update, rate: 0.01, on: engine)
}

network.forward(workspace, pass)
let right = zip(workspace.output.values, isInside).count { ($0 > 0) == $1 }
print("\(right) of \(points.count) points are right")
