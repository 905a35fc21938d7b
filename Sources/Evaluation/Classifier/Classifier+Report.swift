extension Classifier {
  /// How a classifier was trained, and how well it does.
  public struct Report: Codable, Equatable, Sendable {
    /// The share of the test part's slices whose most probable class is theirs.
    public var testAccuracy: Double
    /// The mean of `−log p(label)` over the test part, in nats.
    public var testLoss: Double
    /// The same share of the validation part, which training was stopped by.
    public var validationAccuracy: Double
    /// The mean of `−log p(label)` over the validation part, in nats.
    public var validationLoss: Double
    /// Why training ended.
    public var outcome: ClassifierTraining.Outcome
    /// Epochs that were trained, the last perhaps in part.
    public var epochs: Int
    /// The one whose weights these are: the one with the lowest ``validationLoss``.
    public var bestEpoch: Int
    /// What it learned from.
    public var training: Part
    /// What it was stopped by.
    public var validation: Part
    /// What ``testAccuracy`` is of.
    public var test: Part
    /// What is in one part alone.
    public var splitBy: DatasetSplit.Unit
    /// Slices without a label, which were left out.
    public var unlabelled: Int
    /// How it was trained.
    public var settings: ClassifierTraining.Settings
    /// Examples of an update.
    public var batchSize: Int
    /// Which cache it was trained from.
    public var fingerprint: String

    /// How much there is of a part.
    public struct Part: Codable, Equatable, Sendable {
      /// Files.
      public var files: Int
      /// Slices of them.
      public var slices: Int
      /// Slices of each class.
      public var classes: [Int]
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
