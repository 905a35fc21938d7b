// Ioffe and Szegedy, "Batch Normalization", ICML 2015, algorithm 2, lines 8 to 11, and Wu and
// Johnson, "Rethinking 'Batch' in BatchNorm", 2021, section 3, for the statistics in use.

package import Networks
internal import Scores
package import SpecGANModels
package import SpecGANTensors

/// A classifier's network, its optimiser, and the passes that training makes.
package final class ClassifierTrainer {
  /// The network.
  package let network: ClassifierNetwork
  /// Its weights.
  package let parameters: Parameters
  /// The means and variances that it is used with.
  package let statistics: Parameters
  /// The places of its values; examples go to the input.
  package let workspace: Workspace
  /// Examples of an update.
  package let batchSize: Int
  /// Updates done.
  package private(set) var updates = 0
  package let gradient: Parameters
  private let adam: Adam
  private let rate: Float
  private let seed: UInt64
  private let engine: Engine

  /// Adam's usual decays. Those of the GAN, 0.5 and 0.9, forget in two updates.
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

  /// Bytes that one takes, and the best weights that training keeps beside it.
  package static func memory(_ network: ClassifierNetwork, batchSize: Int) -> Int {
    MemoryLayout<Float>.stride
      * (5 * network.network.layout.count + 2 * batchSize * network.network.placeCount)
  }

  /// Learns from the examples at the input, which are of `labels`; returns their mean loss.
  package func update(labels: [Int]) -> Double {
    let loss = differentiate(labels: labels)
    updates += 1
    adam.update(parameters, consuming: gradient, update: updates, rate: rate, on: engine)
    return loss
  }

  /// Adds the gradient of the mean loss to ``gradient``; returns that loss.
  package func differentiate(labels: [Int]) -> Double {
    precondition(labels.count == batchSize, "\(labels.count) labels for \(batchSize) examples")
    var pass = pass(.groups(of: batchSize))
    pass.dropout = DropoutDraws(seed: seed, update: updates, batch: batchSize)
    network.network.forward(workspace, pass)
    let sum = CrossEntropy.loss(
      of: workspace.output, labels: labels, cotangents: workspace.outputCotangent)
    network.network.backward(workspace, reachingInput: false, pass)
    network.network.accumulateGradient(workspace, into: gradient, pass)
    return sum / Double(labels.count)
  }

  /// Takes the means and variances of the examples at the input into ``statistics``, as batch
  /// number `number` of those that they are means over; the first, number 0, replaces what was
  /// there.
  ///
  /// Moving averages would lag behind the weights, and in the few updates of a small set never get
  /// away from where they began.
  package func takeStatistics(batch number: Int) {
    // Whole: a mean moved by all of its distance is rounded, and what is no number would stay.
    if number == 0 { statistics.block.fill(0) }
    var pass = pass(.groups(of: batchSize))
    pass.statistics = statistics
    pass.movingRate = 1 / Float(number + 1)
    network.network.forward(workspace, pass)
  }

  /// How the network, as it is used, does on the first examples at the input, which are of
  /// `labels`: the sum of their losses, and how many it is right about.
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
