internal import Networks
internal import SpecGANModels
internal import SpecGANRandomness
internal import SpecGANRuns
internal import SpecGANTensors

/// The mean styles of a style-based generator, towards which styles are truncated: one per mixture
/// of labels, over 1,024 random latents. Each is computed when it is first needed.
final class StyleMeans {
  /// The number of latents of a mean.
  private static let count = 1_024
  private var known: [LabelMix?: [Float]] = [:]

  /// Creates means, none of which is known.
  init() {}

  /// Returns the mean style of each of `count` clips with `labels`, `[count, style]`; without
  /// labels, all are the same.
  func values(
    of labels: [LabelMix], count: Int, by checkpoint: Checkpoint, _ workspace: Workspace,
    _ engine: Engine
  ) -> Tensor {
    let mixes: [LabelMix?] =
      labels.isEmpty ? [LabelMix?](repeating: nil, count: count) : labels
    let rows = mixes.map { mix in
      if let mean = known[mix] { return mean }
      let mean = Self.mean(of: mix, by: checkpoint, workspace, engine)
      known[mix] = mean
      return mean
    }
    // Those of the last clips, because a path through mixtures has another one for each clip.
    known = known.filter { mixes.contains($0.key) }
    return Tensor(shape: [count, rows[0].count], rows.flatMap(\.self))
  }

  /// Computes the mean style of random latents with the labels `mix`.
  private static func mean(
    of mix: LabelMix?, by checkpoint: Checkpoint, _ workspace: Workspace, _ engine: Engine
  ) -> [Float] {
    let (gan, batch) = (checkpoint.gan, workspace.input.length)
    let latents = Tensor(shape: [batch, gan.latent])
    let stream = RandomStream(seed: 0, purpose: .styleMeans)
    let mixes = mix.map { [LabelMix](repeating: $0, count: batch) } ?? []
    let width = workspace.mappedStyles(of: gan.generator).stride
    var sums = [Double](repeating: 0, count: width)
    for first in stride(from: 0, to: count, by: batch) {
      latents.withMutableSpan {
        stream.fill(&$0, from: UInt64(first * gan.latent), lowest: -1, width: 2)
      }
      gan.place(latents.view, mixes: mixes, into: workspace.input)
      let pass = Pass(checkpoint.generator, examples: 0..<batch, engine: engine)
      gan.generator.forwardMapping(workspace, pass)
      let styles = workspace.mappedStyles(of: gan.generator).examples(0..<batch).values
      for (index, value) in styles.enumerated() { sums[index % width] += Double(value) }
    }
    return sums.map { Float($0 / Double(count)) }
  }
}
