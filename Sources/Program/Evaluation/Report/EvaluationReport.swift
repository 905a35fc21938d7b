internal import Scores
internal import SpecGANClassification
package import SpecGANErrors
package import SpecGANTensors
internal import Waveforms

/// The scores of some sets of sounds, beside those of real ones.
package struct EvaluationReport: Sendable {
  /// What was asked for.
  package let request: EvaluationRequest
  /// The classifier's classes; nil without one.
  package let classes: [String]?
  /// The share of its own test sounds that the classifier takes for what they are; nil without one.
  package let classifierAccuracy: Double?
  /// The real sounds, the held-out ones, and the samples in their order.
  package let sets: [EvaluatedSet]
  /// What is worth knowing besides: sentences.
  package let remarks: [String]
  /// What a page shows, set by set.
  let shown: [ShownSounds]

  /// What the scores of features are of.
  package var features: String { classes == nil ? "log-mel" : "classifier" }

  /// Scores `inputs`.
  ///
  /// Each set is taken in by itself and its sounds are let go; memory holds features of all sets,
  /// and the log-mel spectrograms of a thousand sounds of each.
  /// - Throws: ``SpecGANError`` where sounds cannot be made or read, or `watch` stops it.
  package init(
    of inputs: EvaluationInputs, engine: Engine, watch: EvaluationWatch = .init()
  ) throws(SpecGANError) {
    request = inputs.request
    classes = inputs.classifier?.labels
    classifierAccuracy = inputs.classifier?.report.testAccuracy
    let gatherer = try SoundGatherer(inputs, engine: engine)
    var gathered = try inputs.columns.map { (column) throws(SpecGANError) in
      try gatherer.gather(column, watch)
    }
    if classes == nil {
      let scale = FeatureScale(of: gathered[0].features)
      for index in gathered.indices {
        gathered[index].features = scale.applied(to: gathered[index].features)
      }
    }
    let neighbors = try TrainingNeighbors.find(
      of: gathered.map(\.neighborFeatures), in: inputs.training, length: inputs.audio.sliceLength,
      benches: gatherer.benches, engine: engine, watch)
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
    shown = try inputs.columns.indices.map { (index) throws(SpecGANError) in
      try ShownSounds(
        inputs.columns[index], gathered[index], neighbors[index][0], inputs.training)
    }
    remarks =
      inputs.remarks + Self.remarks(on: classifierAccuracy, request) + Self.remarks(on: sets)
  }
}

/// Brings features to zero mean and a deviation of one where some real sounds have them.
private struct FeatureScale {
  private let means, scales: [Float]

  init(of real: Features) {
    var columns: [MeanAndDeviation] = []
    for column in 0..<real.dimension {
      columns.append(
        MeanAndDeviation(
          of: (0..<real.count).map { Double(real[$0][real[$0].startIndex + column]) }))
    }
    means = columns.map { Float($0.mean) }
    // What never differs stays as it is.
    scales = columns.map { $0.deviation > 1e-6 ? Float(1 / $0.deviation) : 1 }
  }

  func applied(to features: Features) -> Features {
    Features(
      unchecked: features.values.enumerated().map { place, value in
        let column = place % features.dimension
        return (value - means[column]) * scales[column]
      }, dimension: features.dimension)
  }
}
