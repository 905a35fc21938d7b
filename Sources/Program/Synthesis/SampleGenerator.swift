internal import Networks
package import SpecGANModels
internal import SpecGANRandomness
package import SpecGANRuns
package import SpecGANTensors

/// A generator of samples from latents, with a checkpoint's weights.
///
/// A sample's bits depend only on its latent and its label: no layer of a generator sums over
/// examples, so that one sample alone costs a sixteenth of a full call to the network.
package struct SampleGenerator {
  /// The checkpoint with the generator.
  package let checkpoint: Checkpoint
  private let engine: Engine
  private let workspace: Workspace

  /// The largest number of samples in one call to the network.
  package static let batchSize = 16

  /// Creates a generator with the weights of `checkpoint`.
  package init(_ checkpoint: Checkpoint, engine: Engine) {
    self.checkpoint = checkpoint
    self.engine = engine
    workspace = Workspace(checkpoint.gan.generator, examples: Self.batchSize, engine: engine)
  }

  /// Returns the latents of clips `range` with `seed`, uniform in `[-1, 1)`, `[count, latent]`.
  ///
  /// Latent `i` depends only on `(seed, i)`.
  package func latents(_ range: Range<Int>, seed: UInt64) -> Tensor {
    Self.latents(range, of: checkpoint.gan.latent, seed: seed)
  }

  /// Returns the latents of clips `range` with `seed`, each with `count` elements.
  static func latents(_ range: Range<Int>, of count: Int, seed: UInt64) -> Tensor {
    let latents = Tensor(shape: [range.count, count])
    let stream = RandomStream(seed: seed, purpose: .generation)
    latents.withMutableSpan { span in
      stream.fill(&span, from: UInt64(range.lowerBound * count), lowest: -1, width: 2)
    }
    return latents
  }

  /// Returns the samples of `latents`, `[count] + sampleShape`, in `(-1, 1)` unless the last layer
  /// is a learned filter.
  ///
  /// - Precondition: `latents` is `[count, latent]`, and each has a label if the generator is
  ///   conditional.
  package func samples(_ latents: Tensor, labels: [LabelMix] = []) -> Tensor {
    let gan = checkpoint.gan
    let count = latents.shape[0]
    let samples = Tensor(shape: [count] + gan.sampleShape)
    for first in stride(from: 0, to: count, by: Self.batchSize) {
      let examples = first..<min(first + Self.batchSize, count)
      gan.place(
        latents.examples(examples), mixes: labels.isEmpty ? [] : Array(labels[examples]),
        into: workspace.input)
      let pass = Pass(checkpoint.generator, examples: 0..<examples.count, engine: engine)
      gan.generator.forward(workspace, pass)
      samples.copy(0..<examples.count, of: workspace.output, to: first)
    }
    return samples
  }
}
