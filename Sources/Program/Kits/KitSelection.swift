package import SpecGANErrors
internal import SpecGANExploration
internal import SpecGANModels
internal import SpecGANRuns
package import SpecGANSynthesis
package import SpecGANTensors

/// The choice of a kit's clips among candidates.
package struct KitSelection: Sendable {
  /// The number of clips of each label.
  package var each: Int
  /// The number of candidates of each label, from which they are chosen.
  package var candidates: Int

  /// Creates a choice of `each` clips among `candidates`.
  package init(each: Int, candidates: Int) { (self.each, self.candidates) = (each, candidates) }

  /// Returns the chosen clips of each of `labels`, one label after the other; of all clips if the
  /// generator has no labels.
  ///
  /// The candidates of a label are its first ones by `generate` with the same seed, whatever the
  /// other labels are.
  ///
  /// - Parameters:
  ///   - labels: the indices of the labels; without any only if the generator has none.
  ///   - generator: the generator.
  ///   - path: its checkpoint, for errors and to find the clips of training.
  ///   - seed: the random seed.
  ///   - engine: the threads.
  /// - Returns: the latents of a varied selection, or all candidates if there are no others.
  /// - Throws: ``SpecGANError`` if the clips of training cannot be read, or no candidate can be
  ///   kept.
  package func clips(
    of labels: [Int], by generator: SampleGenerator, at path: String, seed: UInt64, engine: Engine
  ) throws(SpecGANError) -> ChosenLatents {
    let gan = generator.checkpoint.gan
    let isSelecting = candidates > each
    let training =
      isSelecting
      ? try TrainingClips(of: generator.checkpoint, at: path, on: engine.workers) : nil
    var parts: [ChosenLatents] = []
    for label in labels.isEmpty ? [0] : labels {
      let numbers = (0..<candidates).map { label + $0 * max(gan.labelCount, 1) }
      let all = ChosenLatents(drawnFor: gan, numbers: numbers, seed: seed)
      guard isSelecting else {
        parts.append(all)
        continue
      }
      let selection = try VariedSelection(
        each, of: all, by: generator, at: path, training: training, engine: engine)
      parts.append(selection.chosen)
    }
    return ChosenLatents(joining: parts)
  }
}
