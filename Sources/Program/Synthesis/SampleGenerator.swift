internal import Networks
internal import SpecGANModels
internal import SpecGANRandomness
package import SpecGANRuns
package import SpecGANTensors

/// Makes samples from latents with a checkpoint's generator.
///
/// Every call to the network is of one fixed size, so a sample's bits depend on its latent alone.
package struct SampleGenerator {
  /// The checkpoint whose generator it is.
  package let checkpoint: Checkpoint
  private let engine: Engine
  private let workspace: Workspace

  /// Samples made in one call to the network.
  package static let batchSize = 16

  /// A generator with the weights of `checkpoint`.
  package init(_ checkpoint: Checkpoint, engine: Engine) {
    self.checkpoint = checkpoint
    self.engine = engine
    workspace = Workspace(checkpoint.gan.generator, examples: Self.batchSize, engine: engine)
  }

  /// The latents of sounds `range` under `seed`, uniform in `[-1, 1)`, `[count, latent]`.
  ///
  /// Latent `i` depends on `(seed, i)` alone.
  package func latents(_ range: Range<Int>, seed: UInt64) -> Tensor {
    Self.latents(range, of: checkpoint.gan.latent, seed: seed)
  }

  /// The latents of sounds `range`, of `count` numbers each, under `seed`, whatever a generator's
  /// weights.
  static func latents(_ range: Range<Int>, of count: Int, seed: UInt64) -> Tensor {
    let latents = Tensor(shape: [range.count, count])
    let stream = RandomStream(seed: seed, purpose: .generation)
    latents.withMutableSpan { span in
      stream.fill(&span, from: UInt64(range.lowerBound * count), lowest: -1, width: 2)
    }
    return latents
  }

  /// The samples of `latents`, `[count] + sampleShape`, in `(-1, 1)` unless a learned filter comes
  /// last.
  ///
  /// - Precondition: `latents` are `[count, latent]`, and there is a label for each where the
  ///   generator knows of labels.
  package func samples(_ latents: Tensor, labels: [Int] = []) -> Tensor {
    let gan = checkpoint.gan
    let count = latents.shape[0]
    let samples = Tensor(shape: [count] + gan.sampleShape)
    let pass = Pass(checkpoint.generator, examples: 0..<Self.batchSize, engine: engine)
    for first in stride(from: 0, to: count, by: Self.batchSize) {
      let examples = first..<min(first + Self.batchSize, count)
      gan.place(
        latents.examples(examples), labels: labels.isEmpty ? [] : Array(labels[examples]),
        into: workspace.input)
      gan.generator.forward(workspace, pass)
      samples.copy(0..<examples.count, of: workspace.output, to: first)
    }
    return samples
  }
}
