internal import Scores
package import SpecGANClassification
package import SpecGANErrors
package import SpecGANTensors
internal import Waveforms

/// The scores of some sets of clips, beside those of real ones.
package struct EvaluationReport: Sendable {
  /// The request.
  package let request: EvaluationRequest
  /// The classifier's classes; nil without one.
  package let classes: [String]?
  /// The classifier's test accuracy; nil without one.
  package let classifierAccuracy: Double?
  /// The real clips, the held-out ones, and the samples in their order.
  package let sets: [EvaluatedSet]
  /// The runs that differ only in their seed.
  package let groups: [SeedGroup]
  /// Remarks on the scores, as sentences.
  package let remarks: [String]
  /// The clips on the page, set by set.
  let shown: [ShownSounds]

  /// The log-mel spectrograms that features were computed from.
  package let featureSet: FeatureSet

  /// The kind of features: `classifier` or `log-mel`.
  package var features: String { classes == nil ? "log-mel" : "classifier" }

  /// Scores `inputs`.
  ///
  /// Sets are read one after the other, and their audio is released. Memory holds features of all
  /// sets, and the log-mel spectrograms of the first thousand clips of each.
  /// - Throws: ``SpecGANError`` if clips cannot be generated or read, or `watch` stops the work.
  package init(
    of inputs: EvaluationInputs, engine: Engine, watch: EvaluationWatch = .init()
  ) throws(SpecGANError) {
    request = inputs.request
    featureSet = inputs.features
    classes = inputs.classifier?.labels
    classifierAccuracy = inputs.classifier?.report.testAccuracy
    let gatherer = try SoundGatherer(inputs, engine: engine)
    var gathered = try inputs.columns.map { (column) throws(SpecGANError) in
      try gatherer.gather(column, watch)
    }
    if classes == nil {
      let scale = FeatureScale(of: gathered[0].features, inputs.features)
      for index in gathered.indices {
        gathered[index].features = scale.applied(to: gathered[index].features)
      }
    }
    let neighbors = try TrainingNeighbors.find(
      of: gathered.map(\.neighborFeatures), in: inputs.training, length: inputs.audio.sliceLength,
      workspaces: gatherer.workspaces, engine: engine, watch)
    let scorer = SetScorer(
      real: gathered[0], heldOut: gathered[1], heldOutNeighbors: neighbors[1], inputs.request,
      workers: engine.workers)
    var sets: [EvaluatedSet] = []
    for (index, column) in inputs.columns.enumerated() {
      try watch.show("scoring", index, of: inputs.columns.count)
      sets.append(scorer.scored(gathered[index], neighbors[index], column))
    }
    try watch.show("scoring", sets.count, of: sets.count)
    self.sets = sets
    groups = SeedGroup.groups(of: sets)
    shown = try inputs.columns.indices.map { (index) throws(SpecGANError) in
      try ShownSounds(
        inputs.columns[index], gathered[index], neighbors[index][0], inputs.training)
    }
    remarks =
      inputs.remarks + Self.remarks(on: classifierAccuracy, request) + Self.remarks(on: sets)
      + Self.remarks(on: groups)
  }
}

/// A scale that standardizes features by the mean and the deviation of the real ones.
private struct FeatureScale {
  private let means, scales: [Float]

  /// Standardizes by the features `real`, which have the kind `kind`.
  init(of real: Features, _ kind: FeatureSet) {
    // Published features are not scaled if they are constant. A smaller deviation of audible ones
    // is that of a band near the floor; 0.1 nepers, about 1 dB, is the smallest difference that is
    // heard.
    let smallest = kind == .audible ? 0.1 : 1e-6
    var columns: [MeanAndDeviation] = []
    for column in 0..<real.dimension {
      columns.append(
        MeanAndDeviation(
          of: (0..<real.count).map { Double(real[$0][real[$0].startIndex + column]) }))
    }
    means = columns.map { Float($0.mean) }
    scales = columns.map {
      $0.deviation > smallest ? Float(1 / $0.deviation) : kind == .audible ? Float(1 / smallest) : 1
    }
  }

  func applied(to features: Features) -> Features {
    Features(
      unchecked: features.values.enumerated().map { place, value in
        let column = place % features.dimension
        return (value - means[column]) * scales[column]
      }, dimension: features.dimension)
  }
}
