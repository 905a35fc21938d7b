extension Classifier {
  /// The training settings and the accuracy of a classifier.
  package struct Report: Codable, Equatable, Sendable {
    /// The accuracy on the test part, 0 to 1.
    package var testAccuracy: Double
    /// The mean cross-entropy `−log p(label)` over the test part, in nats.
    package var testLoss: Double
    /// The accuracy on the validation part, 0 to 1.
    package var validationAccuracy: Double
    /// The mean cross-entropy over the validation part, in nats.
    package var validationLoss: Double
    /// The reason why training ended.
    package var outcome: ClassifierTraining.Outcome
    /// The number of epochs, the last one perhaps incomplete.
    package var epochs: Int
    /// The epoch of the weights: the one with the lowest ``validationLoss``.
    package var bestEpoch: Int
    /// The training part.
    package var training: Part
    /// The validation part, which decides when training stops.
    package var validation: Part
    /// The test part.
    package var test: Part
    /// The unit that is never divided between parts.
    package var splitBy: DatasetSplit.Unit
    /// The number of slices without a label, which are not used.
    package var unlabeled: Int
    /// The training settings.
    package var settings: ClassifierTraining.Settings
    /// The batch size.
    package var batchSize: Int
    /// The fingerprint of the training cache.
    package var fingerprint: String

    /// The size of a part.
    package struct Part: Codable, Equatable, Sendable {
      /// The number of files.
      package var files: Int
      /// The number of slices.
      package var slices: Int
      /// The number of slices of each class.
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
      case unlabeled = "unlabelled"
      case settings
      case batchSize = "batch_size"
      case fingerprint
    }
  }
}
