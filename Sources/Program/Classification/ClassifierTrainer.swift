// Ioffe and Szegedy, "Batch Normalization", ICML 2015, algorithm 2, lines 8 to 11, and Wu and
// Johnson, "Rethinking 'Batch' in BatchNorm", 2021, section 3, for the statistics at inference.

package import Networks
internal import Scores
internal import SpecGANErrors
package import SpecGANModels
package import SpecGANTensors

/// A classifier's network with its optimizer and its training passes.
package final class ClassifierTrainer {
  /// The network.
  package let network: ClassifierNetwork
  /// The weights.
  package let parameters: Parameters
  /// The means and variances at inference.
  package let statistics: Parameters
  /// The buffers of its values. Examples go to the input.
  package let workspace: Workspace
  /// The batch size.
  package let batchSize: Int
  /// The number of updates so far.
  package private(set) var updates = 0
  package let gradient: Parameters
  private let adam: Adam
  private let rate: Float
  private let seed: UInt64
  private let engine: Engine

  /// The usual decays of Adam. Those of the GAN, 0.5 and 0.9, have almost no memory.
  private static let adam = Adam.Configuration(beta1: 0.9, beta2: 0.999)

  package init(
    _ network: ClassifierNetwork, batchSize: Int, learningRate: Float, seed: UInt64, engine: Engine
  ) {
    (self.network, self.batchSize, self.seed, self.engine) = (network, batchSize, seed, engine)
    rate = learningRate
    parameters = network.initialParameters(seed: seed)
    statistics = Parameters(initial: network.network.statistics)
    gradient = Parameters(network.network.layout)
    adam = Adam(Self.adam, for: network.network.layout)
    workspace = Workspace(
      differentiating: network.network, examples: batchSize, engine: engine)
  }

  /// Returns the bytes of a trainer, with the best weights that training keeps.
  package static func memory(_ network: ClassifierNetwork, batchSize: Int) -> Int {
    MemoryLayout<Float>.stride
      * (5 * network.network.layout.count + 2 * batchSize * network.network.placeCount)
  }

  /// Updates the weights with the examples at the input and their `labels`, and returns the mean
  /// loss.
  package func update(labels: [Int]) -> Double {
    let loss = differentiate(labels: labels)
    updates += 1
    adam.update(parameters, consuming: gradient, update: updates, rate: rate, on: engine)
    return loss
  }

  /// Adds the gradient of the mean loss to ``gradient``, and returns that loss.
  package func differentiate(labels: [Int]) -> Double {
    require(labels.count == batchSize, "\(labels.count) labels for \(batchSize) examples")
    var pass = pass(.groups(of: batchSize))
    pass.dropout = DropoutDraws(seed: seed, update: updates, batch: batchSize)
    network.network.forward(workspace, pass)
    let sum = CrossEntropy.loss(
      of: workspace.output, labels: labels, cotangents: workspace.outputCotangent)
    network.network.backward(workspace, reachingInput: false, pass)
    network.network.accumulateGradient(workspace, into: gradient, pass)
    return sum / Double(labels.count)
  }

  /// Averages the means and variances of the examples at the input into ``statistics``, as batch
  /// `number`. Batch 0 replaces the previous values.
  ///
  /// Moving averages would lag behind the weights, and in the few updates of a small set hardly
  /// leave their initial values.
  package func takeStatistics(batch number: Int) {
    // A complete reset: moving a mean by its full distance would round it, and keep a NaN.
    if number == 0 { statistics.block.fill(0) }
    var pass = pass(.groups(of: batchSize))
    pass.statistics = statistics
    pass.movingRate = 1 / Float(number + 1)
    network.network.forward(workspace, pass)
  }

  /// Returns the sum of the losses and the number of correct predictions at inference, on the first
  /// input examples, whose labels are `labels`.
  package func score(labels: [Int]) -> (loss: Double, correct: Int) {
    var pass = pass(.moving)
    pass.examples = 0..<labels.count
    pass.statistics = statistics
    network.network.forward(workspace, pass)
    let logits = workspace.output
    let correct = labels.indices.count {
      logits.examples($0..<$0 + 1).values[...].largestPlace == labels[$0]
    }
    return (CrossEntropy.loss(of: logits, labels: labels), correct)
  }

  private func pass(_ normalization: Pass.Normalization) -> Pass {
    var pass = Pass(parameters: parameters, examples: 0..<batchSize, engine: engine)
    pass.normalization = normalization
    return pass
  }
}
