import SpecGANClassification

/// The progress of a classifier's training.
struct EpochReport: ProgressReport {
  let progress: ClassifierTraining.Progress

  var isEachWanted: Bool { progress.validation != nil }

  func parts(isLive: Bool) -> [LinePart] {
    let (done, total) = progress.updates
    let epoch = LinePart(label: "epoch", value: "\(progress.epoch)", rank: 0)
    let loss = LinePart(label: "loss", value: progress.loss.rounded(to: 3), rank: 2)
    guard let validation = progress.validation else {
      return [epoch, LinePart(value: "\(done)/\(total)", unit: "updates", rank: 1), loss]
    }
    return [
      epoch, loss,
      LinePart(label: "validation", value: validation.loss.rounded(to: 3), rank: 1),
      LinePart(label: "accuracy", value: validation.accuracy.percent, rank: 1),
    ]
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(progress.epoch, forKey: .epoch)
    try container.encode(progress.updates.done, forKey: .update)
    try container.encode(progress.updates.total, forKey: .updates)
    try container.encode(progress.loss.finite, forKey: .loss)
    guard let validation = progress.validation else { return }
    try container.encode(validation.loss.finite, forKey: .validationLoss)
    try container.encode(validation.accuracy, forKey: .validationAccuracy)
  }

  private enum CodingKeys: String, CodingKey {
    case epoch, update, updates, loss
    case validationLoss = "validation_loss"
    case validationAccuracy = "validation_accuracy"
  }
}
