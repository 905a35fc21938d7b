internal import Networks
internal import SpecGANErrors
internal import SpecGANModels
package import SpecGANRuns
package import SpecGANTensors
internal import SpecGANTraining

/// A scorer of samples by a checkpoint's critic.
package struct CriticScorer {
  /// The critic's values of samples, and the norms of its gradients there.
  package struct Scores: Equatable, Sendable {
    /// `D(x)`; a higher value means more like a real sample. With the Wasserstein losses only
    /// differences are meaningful.
    package var values: [Float] = []
    /// `‖∇ₓD(x)‖₂`, which the gradient penalty keeps near 1 between real and generated samples.
    package var gradientNorms: [Float] = []

    /// Creates empty scores.
    package init() {}
  }

  private let checkpoint: Checkpoint
  private let engine: Engine
  private let workspace: Workspace
  private let weights: NetworkWeights

  /// Creates a scorer with the critic of `checkpoint`.
  package init(_ checkpoint: Checkpoint, engine: Engine) {
    self.checkpoint = checkpoint
    self.engine = engine
    weights = checkpoint.critic(on: engine)
    workspace = Workspace(
      differentiating: checkpoint.gan.critic, examples: SampleGenerator.batchSize,
      engine: engine)
  }

  /// Returns the scores of `samples`, `[count] + sampleShape`, without phase shuffle.
  ///
  /// A conditional critic scores each sample by its label.
  ///
  /// - Precondition: samples have the critic's input size, and each has a label if the critic is
  ///   conditional.
  package func scores(_ samples: Tensor, labels: [Int] = []) -> Scores {
    let labelCount = checkpoint.gan.labelCount
    require(
      labelCount == 0
        || labels.count == samples.shape[0]
          && labels.allSatisfy { 0..<labelCount ~= $0 },
      "\(samples.shape[0]) samples have labels \(labels), expected 0 to \(labelCount - 1) for each")
    var scores = Scores()
    let batchSize = SampleGenerator.batchSize
    for first in stride(from: 0, to: samples.shape[0], by: batchSize) {
      let examples = first..<min(first + batchSize, samples.shape[0])
      workspace.input.copy(examples, of: samples.view, to: 0)
      append(examples.map { labelCount == 0 ? 0 : labels[$0] }, to: &scores)
    }
    return scores
  }

  /// Adds the scores of the first samples at the critic's input, one for each of `labels`.
  private func append(_ labels: [Int], to scores: inout Scores) {
    let network = checkpoint.gan.critic
    var pass = Pass(weights, examples: 0..<SampleGenerator.batchSize, engine: engine)
    network.forward(workspace, pass)
    let output = workspace.output
    // The rest of the batch is computed, too; its label does not matter.
    let places = (0..<SampleGenerator.batchSize).map { row in
      row * output.stride + (row < labels.count ? labels[row] : 0)
    }
    scores.values += output.withSpan { values in places.prefix(labels.count).map { values[$0] } }
    workspace.outputCotangent.fill(0)
    workspace.outputCotangent.withMutableSpan { slopes in
      for place in places { slopes[place] = 1 }
    }
    network.backward(workspace, reachingInput: true, pass)
    pass.examples = 0..<labels.count
    scores.gradientNorms += gradientNorms(workspace.inputCotangent, pass)
  }
}
