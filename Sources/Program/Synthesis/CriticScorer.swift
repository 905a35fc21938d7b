internal import Networks
internal import SpecGANErrors
package import SpecGANModels
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
  /// A conditional critic scores each sample by its label, or by the weighted mean over a mixture.
  ///
  /// - Precondition: samples have the critic's input size, and each has a label if the critic is
  ///   conditional.
  package func scores(_ samples: Tensor, labels: [LabelMix] = []) -> Scores {
    let labelCount = checkpoint.gan.labelCount
    require(
      labelCount == 0
        || labels.count == samples.shape[0]
          && labels.allSatisfy { $0.weights.count == labelCount },
      "\(samples.shape[0]) samples have labels \(labels), expected \(labelCount) weights for each")
    var scores = Scores()
    let batchSize = SampleGenerator.batchSize
    for first in stride(from: 0, to: samples.shape[0], by: batchSize) {
      let examples = first..<min(first + batchSize, samples.shape[0])
      workspace.input.copy(examples, of: samples.view, to: 0)
      append(examples.map { labelCount == 0 ? [1] : labels[$0].weights }, to: &scores)
    }
    return scores
  }

  /// Adds the scores of the first samples at the critic's input, one for each of `weights`, which
  /// are those of the critic's values.
  private func append(_ weights: [[Float]], to scores: inout Scores) {
    let network = checkpoint.gan.critic
    var pass = Pass(self.weights, examples: 0..<SampleGenerator.batchSize, engine: engine)
    network.forward(workspace, pass)
    let output = workspace.output
    // The rest of the batch is computed, too; its slopes do not matter.
    scores.values += output.withSpan { values in
      weights.enumerated().map { row, weights in
        weights.enumerated().reduce(0) { $0 + $1.element * values[row * output.stride + $1.offset] }
      }
    }
    workspace.outputCotangent.fill(0)
    workspace.outputCotangent.withMutableSpan { slopes in
      for (row, weights) in weights.enumerated() {
        for (label, weight) in weights.enumerated() { slopes[row * output.stride + label] = weight }
      }
    }
    network.backward(workspace, reachingInput: true, pass)
    pass.examples = 0..<weights.count
    scores.gradientNorms += gradientNorms(workspace.inputCotangent, pass)
  }
}
