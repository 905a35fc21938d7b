internal import Scores
package import SpecGANErrors
internal import SpecGANModels

extension ClassifierTraining {
  /// The settings of a classifier's training.
  package struct Settings: Codable, Equatable, Sendable {
    /// The log-mel spectrograms that the classifier reads.
    package var features = FeatureSet.audible
    /// The number of channels of each convolution; the default is the paper's.
    package var channels = 128
    /// The learning rate of Adam.
    ///
    /// The default is Adam's usual one, ten times that of the GAN. The reference uses plain
    /// gradient descent with a rate of 10⁻⁴ and needs 100,000 updates.
    package var learningRate: Float = 1e-3
    /// The largest batch size; a small set uses an eighth of its slices, at least 4.
    package var batchSize = 64
    /// The dropout rate of the features before the dense layer; the reference has none.
    package var dropout: Float = 0
    /// The largest number of epochs.
    package var epochs = 100
    /// The number of epochs without a lower validation loss until training stops.
    package var patience = 10
    /// The random seed of the split, the initial weights, the order and dropout.
    package var seed: UInt64 = 0

    /// Creates the default settings.
    package init() {}

    /// Decodes settings; those of files without `features` are of published ones.
    package init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      features = try values.decodeIfPresent(FeatureSet.self, forKey: .features) ?? .published
      channels = try values.decode(Int.self, forKey: .channels)
      learningRate = try values.decode(Float.self, forKey: .learningRate)
      batchSize = try values.decode(Int.self, forKey: .batchSize)
      dropout = try values.decode(Float.self, forKey: .dropout)
      epochs = try values.decode(Int.self, forKey: .epochs)
      patience = try values.decode(Int.self, forKey: .patience)
      seed = try values.decode(UInt64.self, forKey: .seed)
    }

    /// The allowed values of ``batchSize``.
    package static let batchSizes = 2...4_096
    /// The allowed values of ``epochs`` and ``patience``.
    package static let epochCounts = 1...1_000_000

    /// Checks the settings.
    ///
    /// - Throws: ``SpecGANError`` if one is out of range.
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
      case features, channels
      case learningRate = "learning_rate"
      case batchSize = "batch_size"
      case dropout, epochs, patience, seed
    }
  }
}
