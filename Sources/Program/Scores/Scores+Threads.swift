public import SpecGANErrors
internal import SpecGANWorkers

// The scores as another package calls them: on threads of their own, whose number changes no bit.

extension FrechetReference {
  /// The reference for the distances of other clips from `real`.
  ///
  /// - Parameters:
  ///   - real: features of real clips, at least two.
  ///   - threads: the number of threads.
  /// - Throws: ``SpecGANError`` of kind `badData` if there are too few.
  public init(_ real: Features, threads: Int = 1) throws(SpecGANError) {
    try self.init(real, workers: Workers(count: threads))
  }

  /// Returns the Fréchet distance of `generated` from the reference, at least 0.
  ///
  /// - Parameters:
  ///   - generated: features of generated clips, at least two, of the reference's dimension.
  ///   - threads: the number of threads.
  /// - Returns: the distance, in squared units of the features.
  /// - Throws: ``SpecGANError`` of kind `badData` if there are too few, or of another dimension.
  public func distance(
    to generated: Features, threads: Int = 1
  ) throws(SpecGANError) -> Double {
    try distance(to: generated, workers: Workers(count: threads))
  }
}

extension FrechetExtrapolation {
  /// The Fréchet distance of `generated` extrapolated to infinitely many clips.
  ///
  /// - Parameters:
  ///   - generated: features of generated clips, at least four times as many as dimensions.
  ///   - reference: the real clips.
  ///   - threads: the number of threads.
  /// - Throws: ``SpecGANError`` of kind `badData` if there are too few, or of another dimension.
  public init(
    of generated: Features, from reference: FrechetReference, threads: Int = 1
  ) throws(SpecGANError) {
    try self.init(of: generated, from: reference, workers: Workers(count: threads))
  }
}

extension KernelDistance {
  /// The kernel distance of `generated` from `real`.
  ///
  /// - Parameters:
  ///   - generated: features of generated clips, at least three.
  ///   - real: features of real clips, at least three.
  ///   - threads: the number of threads.
  /// - Throws: ``SpecGANError`` of kind `badData` if there are too few, or of another dimension.
  public init(
    of generated: Features, from real: Features, threads: Int = 1
  ) throws(SpecGANError) {
    try self.init(of: generated, from: real, workers: Workers(count: threads))
  }
}

extension NeighborScores {
  /// The precision, recall, density and coverage of `generated`.
  ///
  /// - Parameters:
  ///   - generated: features of generated clips.
  ///   - real: features of real clips.
  ///   - neighbors: the rank of the nearest neighbor that bounds a ball; 3 and 5 are usual.
  ///   - threads: the number of threads.
  /// - Throws: ``SpecGANError`` if a set has no more clips than `neighbors`, or another dimension.
  public init(
    of generated: Features, real: Features, neighbors: Int = 5, threads: Int = 1
  ) throws(SpecGANError) {
    try self.init(
      of: generated, real: real, neighbors: neighbors, workers: Workers(count: threads))
  }
}

extension BinComparison {
  /// The number of different bins (NDB) and the Jensen-Shannon divergence of `generated`.
  ///
  /// - Parameters:
  ///   - generated: features of generated clips.
  ///   - real: features of real clips, whose clusters are the bins.
  ///   - bins: the number of clusters; at least ten real clips for each are wise.
  ///   - seed: the random seed of the clusters.
  ///   - threads: the number of threads.
  /// - Throws: ``SpecGANError`` if there are fewer different real clips, or of another dimension.
  public init(
    of generated: Features, real: Features, bins: Int = 50, seed: UInt64 = 0, threads: Int = 1
  ) throws(SpecGANError) {
    try self.init(
      of: generated, real: real, bins: bins, seed: seed, workers: Workers(count: threads))
  }
}

extension RelativeDistances {
  /// The distances of `generated`, over those of `heldOut`.
  ///
  /// - Parameters:
  ///   - generated: features of generated clips, at least two.
  ///   - training: features of the training set.
  ///   - heldOut: features of real clips outside the training set, at least two.
  ///   - threads: the number of threads.
  /// - Throws: ``SpecGANError`` if there are too few, of another dimension, or at no distance.
  public init(
    of generated: Features, training: Features, heldOut: Features, threads: Int = 1
  ) throws(SpecGANError) {
    try self.init(
      of: generated, training: training, heldOut: heldOut, workers: Workers(count: threads))
  }
}

extension PrincipalComponents {
  /// The principal components of `features`.
  ///
  /// - Parameters:
  ///   - features: at least two rows, not all the same.
  ///   - threads: the number of threads.
  /// - Throws: ``SpecGANError`` of kind `badData` if there are too few, or all are the same.
  public init(of features: Features, threads: Int = 1) throws(SpecGANError) {
    try self.init(of: features, workers: Workers(count: threads))
  }
}
