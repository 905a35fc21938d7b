internal import Scores
package import SpecGANErrors
internal import SpecGANModels

extension ClassifierTraining {
  /// How it is trained.
  package struct Settings: Codable, Equatable, Sendable {
    /// Channels of every convolution; the paper's.
    package var channels = 128
    /// Adam's step.
    ///
    /// Ten times what the GAN takes, Adam's usual one. The published code descends by plain
    /// gradients of 10⁻⁴, which took it 100,000 updates.
    package var learningRate: Float = 1e-3
    /// Examples of an update, at most; of a small set an eighth of it, but not fewer than four.
    package var batchSize = 64
    /// The part of the features that is dropped in training before the dense layer; the published
    /// code never does.
    package var dropout: Float = 0
    /// Epochs at most.
    package var epochs = 100
    /// Epochs without a lower loss on the validation part, after which training stops.
    package var patience = 10
    /// What the parts, first weights, order and dropout depend on.
    package var seed: UInt64 = 0

    /// What is said at each.
    package init() {}

    /// What ``batchSize`` may be.
    package static let batchSizes = 2...4_096
    /// What ``epochs`` and ``patience`` may be.
    package static let epochCounts = 1...1_000_000

    /// - Throws: ``SpecGANError`` where one is out of range.
    package func check() throws(SpecGANError) {
      try SpecGANError.check("channels", channels, ClassifierNetwork.channelCounts)
      try SpecGANError.check("batch size", batchSize, Self.batchSizes)
      try SpecGANError.check("epochs", epochs, Self.epochCounts)
      try SpecGANError.check("patience", patience, Self.epochCounts)
      guard learningRate > 0, learningRate.isFinite else {
        throw .setting(
          name: "learning rate", found: "\(learningRate)",
          allowed: "a number above 0, such as 0.001")
      }
      guard (0..<1).contains(dropout) else {
        throw .setting(
          name: "dropout", found: "\(dropout)", allowed: "a number from 0 and below 1")
      }
    }

    private enum CodingKeys: String, CodingKey {
      case channels
      case learningRate = "learning_rate"
      case batchSize = "batch_size"
      case dropout, epochs, patience, seed
    }
  }
}
