internal import Scores
package import SpecGANErrors
internal import SpecGANModels
internal import SpecGANRuns
internal import SpecGANSettings
package import SpecGANSynthesis
package import SpecGANTensors
internal import SpecGANWorkers
internal import Spectra
internal import Waveforms

/// A varied selection of clips: the critic's best of each region of their features, without near
/// copies.
package struct VariedSelection: Sendable {
  /// The selected latents, the best first, with the critic's scores.
  package let chosen: ChosenLatents
  /// The training clip closest to each; nil if the training clips are not known.
  package let neighbors: [TrainingClips.Neighbor]?
  /// The number of candidates that are silent.
  package let silentCount: Int
  /// The number of candidates that are copies of training clips.
  package let copyCount: Int
  /// The distance below which two clips are near copies of each other, in dB.
  package let copyDistance: Double

  /// Selects `count` of `candidates`, or fewer if the others are silent or near copies.
  ///
  /// The features of the candidates of each label are clustered into as many regions as clips are
  /// to be kept. Of each region the clip with the highest score is kept, unless it is a near copy
  /// of a clip that is kept. The rest are the best of those that are left.
  ///
  /// - Parameters:
  ///   - count: the number of clips to keep.
  ///   - candidates: the latents to select from.
  ///   - generator: the generator.
  ///   - path: its checkpoint, for errors.
  ///   - training: the clips of training; nil if they are not known.
  ///   - engine: the threads.
  ///   - progress: called after each batch with the number of candidates so far.
  /// - Throws: ``SpecGANError`` if a sample is not finite, or all are silent or copies.
  package init(
    _ count: Int, of candidates: ChosenLatents, by generator: SampleGenerator, at path: String,
    training: TrainingClips?, engine: Engine, progress: (_ done: Int) -> Void = { _ in }
  ) throws(SpecGANError) {
    let checkpoint = generator.checkpoint
    let spectrogram = checkpoint.configuration.spectrogram
    let profiler = SoundProfiler(
      spectrogram, sampleRate: checkpoint.configuration.audio.sampleRate)
    let codec = try SampleCodec(checkpoint)
    let scorer = CriticScorer(checkpoint, engine: engine)
    var clips: [Candidate] = []
    var (silent, copies) = (0, 0)
    for (first, batch) in candidates.batches(of: SampleGenerator.batchSize) {
      let samples = generator.samples(batch)
      let scores = scorer.scores(samples, labels: batch.labels).values
      let magnitudes = try codec.magnitudes(of: samples, from: path, on: engine.workers)
      let found = engine.workers.map(batch.count) { index, _ in
        profiler.profile(of: magnitudes[index]).map { _ in
          let features = ClipFeatures(magnitudes[index], spectrogram)
          return (features, training?.nearest(to: features))
        }
      }
      for (index, clip) in found.enumerated() {
        guard let (features, neighbor) = clip else {
          silent += 1
          continue
        }
        if let training, let neighbor, training.isCopy(neighbor) {
          copies += 1
          continue
        }
        clips.append(
          Candidate(
            row: first + index, label: batch.labels.isEmpty ? 0 : batch.labels[index].dominant,
            // NaN has no order, and ranks last.
            score: scores[index].isNaN ? -.infinity : scores[index], features: features,
            neighbor: neighbor))
      }
      progress(first + batch.count)
    }
    guard !clips.isEmpty else {
      throw .nothingToKeep(path: path, silent: silent, copies: copies)
    }
    copyDistance = training?.copyDistance ?? clips.map(\.features).copyDistance(on: engine.workers)
    let kept = try Self.kept(count, of: clips, copyDistance, on: engine.workers)
    chosen = candidates.selecting(kept.map(\.row), scores: kept.map(\.score))
    neighbors = training == nil ? nil : kept.compactMap(\.neighbor)
    (silentCount, copyCount) = (silent, copies)
  }

  /// A clip that may be kept.
  private struct Candidate {
    let row, label: Int
    let score: Float
    let features: ClipFeatures
    let neighbor: TrainingClips.Neighbor?

    func isBetter(than other: Candidate) -> Bool {
      (score, other.row) > (other.score, row)
    }
  }

  /// Returns at most `count` of `clips`, the best first, equally many of each label as far as there
  /// are.
  private static func kept(
    _ count: Int, of clips: [Candidate], _ copyDistance: Double, on workers: Workers
  ) throws(SpecGANError) -> [Candidate] {
    let groups = Dictionary(grouping: clips, by: \.label).sorted { $0.key < $1.key }
    var kept: [Candidate] = []
    func isNew(_ clip: Candidate) -> Bool {
      kept.allSatisfy {
        let distance = $0.features.distance(from: clip.features)
        return distance > 0 && distance >= copyDistance
      }
    }
    for (place, (_, group)) in groups.enumerated() {
      let wanted = count / groups.count + (place < count % groups.count ? 1 : 0)
      let before = kept.count
      for region in try regions(wanted, of: group, on: workers) {
        if let best = region.first(where: isNew) { kept.append(best) }
      }
      for clip in group.sorted(by: { $0.isBetter(than: $1) })
      where kept.count < before + wanted && isNew(clip) {
        kept.append(clip)
      }
    }
    // A label may have too few clips.
    for clip in clips.sorted(by: { $0.isBetter(than: $1) }) where kept.count < count && isNew(clip)
    {
      kept.append(clip)
    }
    return kept.sorted { $0.isBetter(than: $1) }
  }

  /// Returns `clips` in at most `count` regions, in each the best first; the region with the best
  /// clip is first.
  private static func regions(
    _ count: Int, of clips: [Candidate], on workers: Workers
  ) throws(SpecGANError) -> [[Candidate]] {
    // Equal clips are in one region.
    let count = min(count, Set(clips.map(\.features.levels)).count)
    guard count > 1 else { return count == 1 ? [clips.sorted { $0.isBetter(than: $1) }] : [] }
    let features = try Features(
      clips.flatMap(\.features.levels), dimension: ClipFeatures.count)
    let clusters = try Clusters(of: features, count: count, workers: workers)
    let places = try clusters.assignments(of: features, workers: workers)
    var regions = [[Candidate]](repeating: [], count: count)
    for (clip, region) in zip(clips, places) { regions[region].append(clip) }
    return regions.filter { !$0.isEmpty }
      .map { $0.sorted { $0.isBetter(than: $1) } }
      .sorted { $0[0].isBetter(than: $1[0]) }
  }
}
