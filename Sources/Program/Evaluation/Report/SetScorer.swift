internal import Scores
internal import SpecGANErrors
internal import SpecGANWorkers

/// Scores sets of sounds against real ones.
struct SetScorer {
  private let (real, heldOut): (GatheredSounds, GatheredSounds)
  private let heldOutNeighbors: [TrainingNeighbors]
  private let splits: Int
  private let seed: UInt64
  private let workers: Workers
  /// The mean of what the classifier says of the real sounds; nil without one.
  private let classShares: [Double]?
  /// Of the real sounds, or why there is none; so are the clusters.
  private let frechet: Result<FrechetReference, SpecGANError>
  private let clusters: Result<Clusters, SpecGANError>

  /// Clusters of the real sounds, at most.
  private static let mostBins = 50
  /// Sounds of a cluster in the mean, at least, where shares are to say something.
  static let soundsPerBin = 10
  /// To which neighbour a sound's neighbourhood reaches.
  private static let neighbors = 5
  /// Sounds of which neighbourhoods hold a tenth each; of fewer they hold more.
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
        throw .tooFew(what: "real sounds", found: real.count, needed: 2 * Self.soundsPerBin)
      }
      return try Clusters(of: real.features, count: bins, seed: request.seed, workers: workers)
    }
  }

  /// The scores of `sounds`, the set of `column`.
  func scored(
    _ sounds: GatheredSounds, _ neighbors: [TrainingNeighbors], _ column: SoundColumn
  ) -> EvaluatedSet {
    var set = EvaluatedSet(column, count: sounds.count)
    addClasses(sounds, to: &set)
    // The real sounds are what these are measured against.
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
    let labelled = sounds.classes.count { $0 != nil }
    (set.labelledCount, set.unknownLabels) = (labelled, sounds.unknownLabels)
    if labelled > 0 {
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

  /// The first four over as many sounds of both: the more there are, the smaller are their
  /// neighbourhoods, and the more of the others' hold one.
  private func addCover(_ sounds: GatheredSounds, to set: inout EvaluatedSet) {
    let rows = Array(0..<min(sounds.count, real.count))
    set.take(.precision, .recall, .density, .coverage) { () throws(SpecGANError) in
      let found = try NeighborScores(
        of: sounds.features.rows(rows), real: real.features.rows(rows), neighbors: Self.neighbors,
        workers: workers)
      return [found.precision, found.recall, found.density, found.coverage].map { Score($0) }
    }
    var bins: BinComparison?
    set.take(.differentBins, .binDivergence) { () throws(SpecGANError) in
      let found = try BinComparison(
        of: sounds.features, real: real.features, in: clusters.get(), workers: workers)
      bins = found
      return [
        Score(Double(found.differentCount) / Double(found.binCount)), Score(found.divergence),
      ]
    }
    set.clusters = bins
  }

  /// Over those of as many held-out sounds: the more sounds, the nearer is the nearest of them.
  private func addNeighbors(
    _ sounds: GatheredSounds, _ neighbors: [TrainingNeighbors], to set: inout EvaluatedSet
  ) {
    let kinds: [(ScoreKind, ScoreKind)] = [
      (.distanceToOthers, .distanceToTraining), (.codeDistanceToOthers, .codeDistanceToTraining),
    ]
    let rows = Array(0..<min(sounds.neighborCount, heldOut.neighborCount))
    for (index, kinds) in kinds.enumerated() {
      let (own, others) = (sounds.neighborFeatures[index], heldOut.neighborFeatures[index])
      set.take(kinds.0, kinds.1) { () throws(SpecGANError) in
        // Or few held-out sounds would be said of the set, which is cut to as many.
        guard others.count > 1 else {
          throw .tooFew(what: "held-out sounds", found: others.count, needed: 2)
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
    if set.scores[.distanceToOthers] != nil { set.neighborCount = rows.count }
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
