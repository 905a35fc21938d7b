internal import Models
internal import Networks
public import Tensors

/// What a critic thinks of samples.
public struct CriticScorer {
  /// The critic's values, and how steep it is where they were taken.
  public struct Scores: Equatable, Sendable {
    /// `D(x)`; higher looks more real to the critic. Only differences mean anything.
    public var values: [Float] = []
    /// `‖∇ₓD(x)‖₂`, which training holds near 1 between real and generated samples.
    public var gradientNorms: [Float] = []

    /// No scores yet.
    public init() {}
  }

  private let checkpoint: Checkpoint
  private let engine: Engine
  private let workspace: Workspace
  private let weights: NetworkWeights

  /// A scorer with the critic of `checkpoint`.
  public init(_ checkpoint: Checkpoint, engine: Engine) {
    self.checkpoint = checkpoint
    self.engine = engine
    weights = checkpoint.critic(on: engine)
    workspace = Workspace(
      differentiating: checkpoint.gan.critic, examples: SampleGenerator.batchSize,
      engine: engine)
  }

  /// The scores of `samples`, `[count] + sampleShape`, without phase shuffle.
  ///
  /// - Precondition: a sample has as many numbers as the critic takes.
  public func scores(_ samples: Tensor) -> Scores {
    var scores = Scores()
    let batchSize = SampleGenerator.batchSize
    for first in stride(from: 0, to: samples.shape[0], by: batchSize) {
      let examples = first..<min(first + batchSize, samples.shape[0])
      workspace.input.copy(examples, of: samples, to: 0)
      append(examples.count, to: &scores)
    }
    return scores
  }

  private func append(_ count: Int, to scores: inout Scores) {
    let network = checkpoint.gan.critic
    var pass = Pass(weights, examples: 0..<SampleGenerator.batchSize, engine: engine)
    network.forward(workspace, pass)
    scores.values += workspace.output.values.prefix(count)
    workspace.outputCotangent.fill(1)
    network.backward(workspace, reachingInput: true, pass)
    pass.examples = 0..<count
    scores.gradientNorms += gradientNorms(workspace.inputCotangent, pass)
  }
}
