extension Classifier {
  /// How a classifier was trained, and how well it does.
  package struct Report: Codable, Equatable, Sendable {
    /// The share of the test part's slices whose most probable class is theirs.
    package var testAccuracy: Double
    /// The mean of `−log p(label)` over the test part, in nats.
    package var testLoss: Double
    /// The same share of the validation part, which training was stopped by.
    package var validationAccuracy: Double
    /// The mean of `−log p(label)` over the validation part, in nats.
    package var validationLoss: Double
    /// Why training ended.
    package var outcome: ClassifierTraining.Outcome
    /// Epochs that were trained, the last perhaps in part.
    package var epochs: Int
    /// The one whose weights these are: the one with the lowest ``validationLoss``.
    package var bestEpoch: Int
    /// What it learned from.
    package var training: Part
    /// What it was stopped by.
    package var validation: Part
    /// What ``testAccuracy`` is of.
    package var test: Part
    /// What is in one part alone.
    package var splitBy: DatasetSplit.Unit
    /// Slices without a label, which were left out.
    package var unlabelled: Int
    /// How it was trained.
    package var settings: ClassifierTraining.Settings
    /// Examples of an update.
    package var batchSize: Int
    /// Which cache it was trained from.
    package var fingerprint: String

    /// How much there is of a part.
    package struct Part: Codable, Equatable, Sendable {
      /// Files.
      package var files: Int
      /// Slices of them.
      package var slices: Int
      /// Slices of each class.
      package var classes: [Int]
    }

    private enum CodingKeys: String, CodingKey {
      case testAccuracy = "test_accuracy"
      case testLoss = "test_loss"
      case validationAccuracy = "validation_accuracy"
      case validationLoss = "validation_loss"
      case outcome, epochs
      case bestEpoch = "best_epoch"
      case training, validation, test
      case splitBy = "split_by"
      case unlabelled, settings
      case batchSize = "batch_size"
      case fingerprint
    }
  }
}
