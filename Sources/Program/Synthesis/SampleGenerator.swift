internal import Networks
internal import SpecGANErrors
internal import SpecGANModels
internal import SpecGANRandomness
package import SpecGANRuns
package import SpecGANTensors

/// A generator of samples from latents, with a checkpoint's weights.
///
/// A sample's bits depend only on its latent, label and truncation, and with noise inputs on the
/// seed and the clip's number. No layer of a generator sums over examples. One sample costs a
/// sixteenth of a full call to the network.
package struct SampleGenerator {
  /// The checkpoint with the generator.
  package let checkpoint: Checkpoint
  private let engine: Engine
  private let workspace: Workspace
  private let means: StyleMeans

  /// The largest number of samples in one call to the network.
  package static let batchSize = 16

  /// Creates a generator with the weights of `checkpoint`.
  package init(_ checkpoint: Checkpoint, engine: Engine) {
    self.checkpoint = checkpoint
    self.engine = engine
    workspace = Workspace(
      checkpoint.gan.generator, examples: Self.batchSize,
      styleVariants: max(1, checkpoint.gan.styledLayers), engine: engine)
    means = StyleMeans()
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

  /// Returns the samples of `chosen`, `[count] + sampleShape`, in `(-1, 1)` unless the last layer
  /// is a learned filter.
  ///
  /// Noise inputs depend on the seed of `chosen` and on the number of each clip.
  ///
  /// - Precondition: they are latents of this generator, and each has a label if it is conditional.
  package func samples(_ chosen: ChosenLatents) -> Tensor {
    let gan = checkpoint.gan
    let samples = Tensor(shape: [chosen.count] + gan.sampleShape)
    for first in stride(from: 0, to: chosen.count, by: Self.batchSize) {
      let clips = first..<min(first + Self.batchSize, chosen.count)
      let pass = pass(chosen, clips)
      gan.generator.forward(workspace, pass)
      samples.copy(pass.examples, of: workspace.output, to: first)
    }
    return samples
  }

  /// Writes the inputs of `clips` to the workspace, and returns the pass that generates them.
  private func pass(_ chosen: ChosenLatents, _ clips: Range<Int>) -> Pass {
    let gan = checkpoint.gan
    var pass = Pass(checkpoint.generator, examples: 0..<clips.count, engine: engine)
    let labels = chosen.labels.isEmpty ? [] : Array(chosen.labels[clips])
    let truncations = Array(chosen.truncations[clips])
    if truncations.contains(where: { $0 != 1 }) {
      require(gan.styledLayers > 0, "the generator has no styles to truncate")
      // Computed in the same workspace, so before the inputs are written.
      let means = means.values(of: labels, count: clips.count, by: checkpoint, workspace, engine)
      pass.truncation = .init(factors: truncations, means: means.view)
    }
    let perClip = chosen.latents.stride / gan.latent
    require(
      perClip == 1 || perClip == gan.styledLayers,
      "\(perClip) latents for \(gan.styledLayers) layers")
    let latents = chosen.latents.examples(clips)
    for variant in 0..<perClip {
      gan.place(
        perClip == 1 ? latents : latents.columns(of: variant, width: gan.latent),
        mixes: labels, into: workspace.input(ofVariant: variant))
    }
    if perClip > 1 {
      pass.mixing = StyleMixing(
        variants: perClip, layers: perClip,
        choices: clips.flatMap { _ in Array(0..<perClip) })
    }
    if gan.noisePositions > 0 {
      pass.noise = NoiseInputs(seed: chosen.seed, clips: chosen.numbers[clips])
    }
    return pass
  }
}

extension TensorView {
  /// Returns a copy of the elements `[index · width, (index + 1) · width)` of each row.
  fileprivate func columns(of index: Int, width: Int) -> TensorView {
    let rows = values
    let chosen = (0..<length).flatMap { row in
      let first = row * stride + index * width
      return rows[first..<first + width]
    }
    return Tensor(shape: [length, width], chosen).view
  }
}
