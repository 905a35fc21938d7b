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
  ///   - seed: the random seed.
  ///   - engine: the threads.
  /// - Returns: the latents.
  package func clips(
    of labels: [Int], by generator: SampleGenerator, seed: UInt64, engine: Engine
  ) -> ChosenLatents {
    let gan = generator.checkpoint.gan
    let scorer = candidates > each ? CriticScorer(generator.checkpoint, engine: engine) : nil
    let parts = (labels.isEmpty ? [0] : labels).map { label in
      let numbers = (0..<candidates).map { label + $0 * max(gan.labelCount, 1) }
      return Self.choose(
        each, from: ChosenLatents(drawnFor: gan, numbers: numbers, seed: seed), by: generator,
        scorer)
    }
    return ChosenLatents(joining: parts)
  }

  /// Returns `count` of `candidates`, which all have one label: those with the highest scores of
  /// the critic, the highest first; all of them as they are if there are no others.
  private static func choose(
    _ count: Int, from candidates: ChosenLatents, by generator: SampleGenerator,
    _ scorer: CriticScorer?
  ) -> ChosenLatents {
    guard let scorer, candidates.count > count else { return candidates }
    return candidates.best(count, by: generator, scorer)
  }
}
