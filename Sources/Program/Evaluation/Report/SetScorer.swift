internal import Scores
internal import SpecGANErrors
internal import SpecGANWorkers

/// A scorer of sets of clips against real ones.
struct SetScorer {
  private let (real, heldOut): (GatheredSounds, GatheredSounds)
  private let heldOutNeighbors: [TrainingNeighbors]
  private let splits: Int
  private let seed: UInt64
  private let workers: Workers
  /// The classifier's mean prediction on real clips; nil without one.
  private let classShares: [Double]?
  /// The Gaussian of the real clips, or the error in fitting it; likewise the clusters.
  private let frechet: Result<FrechetReference, SpecGANError>
  private let clusters: Result<Clusters, SpecGANError>

  /// The largest number of clusters of the real clips.
  private static let mostBins = 50
  /// The mean number of clips per cluster below which shares mean little.
  static let soundsPerBin = 10
  /// The rank of the neighbor that bounds a clip's neighborhood.
  private static let neighbors = 5
  /// The number of clips below which a neighborhood holds more than a tenth of them.
  static let leastForNeighbors = 10 * neighbors

  init(
    real: GatheredSounds, heldOut: GatheredSounds, heldOutNeighbors: [TrainingNeighbors],
    _ request: EvaluationRequest, workers: Workers
  ) {
    (self.real, self.heldOut) = (real, heldOut)
    self.heldOutNeighbors = heldOutNeighbors
    (splits, seed, self.workers) = (request.splits, request.seed, workers)
    classShares = real.probabilities.map { $0.mean(of: 0..<$0.count) }
    frechet = Result { () throws(SpecGANError) in
      try FrechetReference(real.features, workers: workers)
    }
    clusters = Result { () throws(SpecGANError) in
      let bins = min(Self.mostBins, real.count / Self.soundsPerBin)
      guard bins > 1 else {
        throw .tooFew(what: "real clips", found: real.count, needed: 2 * Self.soundsPerBin)
      }
      return try Clusters(of: real.features, count: bins, seed: request.seed, workers: workers)
    }
  }

  /// Returns the scores of `sounds`, the set of `column`.
  func scored(
    _ sounds: GatheredSounds, _ neighbors: [TrainingNeighbors], _ column: SoundColumn
  ) -> EvaluatedSet {
    var set = EvaluatedSet(column, count: sounds.count)
    addClasses(sounds, to: &set)
    // These compare to the real clips, which therefore have none.
    if column.kind != .real {
      addDistances(sounds, to: &set)
      addCover(sounds, to: &set)
    }
    addNeighbors(sounds, neighbors, to: &set)
    addSpectra(sounds.spectral, to: &set)
    return set
  }

  private func addClasses(_ sounds: GatheredSounds, to set: inout EvaluatedSet) {
    guard let probabilities = sounds.probabilities, let classShares else { return }
    set.histogram = probabilities.histogram
    set.take(.inceptionScore) { () throws(SpecGANError) in
      [Score(try probabilities.inceptionScore(splits: splits))]
    }
    set.take(.modifiedInceptionScore, .amScore, .classesReached) { () throws(SpecGANError) in
      [
        Score(probabilities.modifiedInceptionScore),
        Score(try probabilities.amScore(training: classShares)),
        Score(Double(probabilities.reachedClassCount)),
      ]
    }
    let labeled = sounds.classes.count { $0 != nil }
    (set.labeledCount, set.unknownLabels) = (labeled, sounds.unknownLabels)
    if labeled > 0 {
      set.take(.accuracy) { () throws(SpecGANError) in
        [Score(try probabilities.accuracy(against: sounds.classes))]
      }
    }
  }

  private func addDistances(_ sounds: GatheredSounds, to set: inout EvaluatedSet) {
    set.take(.frechetDistance) { () throws(SpecGANError) in
      [Score(try frechet.get().distance(to: sounds.features, workers: workers))]
    }
    var extrapolation: FrechetExtrapolation?
    set.take(.frechetExtrapolated) { () throws(SpecGANError) in
      let found = try FrechetExtrapolation(
        of: sounds.features, from: frechet.get(), seed: seed, workers: workers)
      extrapolation = found
      return [Score(found.distance)]
    }
    set.extrapolation = extrapolation
    set.take(.kernelDistance) { () throws(SpecGANError) in
      let found = try KernelDistance(of: sounds.features, from: real.features, workers: workers)
      return [Score(found.value, standardError: found.standardError, interval: found.interval)]
    }
  }

  /// Adds scores that compare the coverage. The first four use equally many clips of both sets:
  /// with more clips neighborhoods are smaller, and more of the others' contain a clip.
  private func addCover(_ sounds: GatheredSounds, to set: inout EvaluatedSet) {
    let rows = Array(0..<min(sounds.count, real.count))
    set.take(.precision, .recall, .density, .coverage) { () throws(SpecGANError) in
      let found = try NeighborScores(
        of: sounds.features.rows(rows), real: real.features.rows(rows), neighbors: Self.neighbors,
        workers: workers)
      return [found.precision, found.recall, found.density, found.coverage].map {
        Score($0, isOfFew: rows.count < Self.leastForNeighbors)
      }
    }
    var bins: BinComparison?
    set.take(.differentBins, .binDivergence) { () throws(SpecGANError) in
      let found = try BinComparison(
        of: sounds.features, real: real.features, in: clusters.get(), workers: workers)
      bins = found
      let isOfFew = sounds.count < Self.soundsPerBin * found.binCount
      return [
        Score(Double(found.differentCount) / Double(found.binCount), isOfFew: isOfFew),
        Score(found.divergence, isOfFew: isOfFew),
      ]
    }
    set.clusters = bins
  }

  /// Adds distances relative to those of equally many held-out clips: with more clips the nearest
  /// is closer.
  private func addNeighbors(
    _ sounds: GatheredSounds, _ neighbors: [TrainingNeighbors], to set: inout EvaluatedSet
  ) {
    let kinds: [(ScoreKind, ScoreKind)] = [
      (.distanceToOthers, .distanceToTraining),
      (.referenceDistanceToOthers, .referenceDistanceToTraining),
    ]
    let rows = Array(0..<min(sounds.neighborCount, heldOut.neighborCount))
    for (index, kinds) in zip(sounds.neighborFeatures.indices, kinds) {
      let (own, others) = (sounds.neighborFeatures[index], heldOut.neighborFeatures[index])
      set.take(kinds.0, kinds.1) { () throws(SpecGANError) in
        // Otherwise the error would be about the set, which is cut to as many clips.
        guard others.count > 1 else {
          throw .tooFew(what: "held-out clips", found: others.count, needed: 2)
        }
        let found = try RelativeDistances(
          toOthers: own.rows(rows).meanNearestDistanceToOthers(workers: workers),
          toTraining: neighbors[index].mean(of: rows.count),
          heldOut: (
            toOthers: others.rows(rows).meanNearestDistanceToOthers(workers: workers),
            toTraining: heldOutNeighbors[index].mean(of: rows.count)
          ))
        return [Score(found.toOthers), Score(found.toTraining)]
      }
    }
    if set.scores[.distanceToOthers] != nil {
      set.neighborCount = rows.count
      let usual = heldOutNeighbors[0].median(of: rows.count)
      // If held-out clips are copies themselves, the share says nothing.
      if usual > 0 {
        set.scores[.copies] = Score(neighbors[0].share(of: rows.count, closerThan: usual / 2))
      }
    }
  }

  private func addSpectra(_ costs: [SpectralCost], to set: inout EvaluatedSet) {
    let consistencies = costs.compactMap(\.consistency)
    set.spectralCount = costs.count
    set.silentCount = costs.count - consistencies.count
    for (kind, values) in [
      (ScoreKind.consistency, consistencies), (.convergence, costs.map(\.convergence)),
      (.logSpectralDistance, costs.map(\.logDistance)),
    ] where !values.isEmpty {
      set.scores[kind] = Score(MeanAndDeviation(of: values))
    }
  }
}
