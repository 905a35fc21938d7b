internal import Foundation
internal import Networks
internal import Safetensors
internal import SpecGANDatasets
package import SpecGANErrors
internal import SpecGANModels
internal import SpecGANSettings
internal import SpecGANTraining
internal import Spectra

extension Checkpoint {
  /// Writes the checkpoint to `path` atomically.
  ///
  /// The tensors are the weights, the moments, each optimizer slot under its parameter's name with
  /// TensorFlow's suffix, such as `/Adam_1`, and the averages and their statistics with
  /// `/ExponentialMovingAverage`. The metadata hold the other properties of ``Checkpoint`` and a
  /// checksum of everything. Equal states give equal bytes.
  ///
  /// - Throws: ``SpecGANError`` if `path` cannot be written.
  package func write(to path: String) throws(SpecGANError) {
    var contents = SafetensorsContents(metadata: metadata)
    for state in [generatorState, criticState] {
      for part in state.parts { contents.append(part.parameters, suffix: part.suffix) }
    }
    if let standingStatistics {
      contents.append(standingStatistics, suffix: NetworkState.averageSuffix)
    }
    if let moments { contents.append(moments, in: Self.momentsFolder) }
    contents.addChecksums()
    try contents.write(to: path)
  }

  private var metadata: [String: String] {
    var metadata = [
      Key.schemaVersion: Self.schemaVersion,
      Key.model: configuration.model.rawValue,
      Key.configuration: configuration.yaml,
      Key.step: String(step),
      Key.randomState: Self.randomState(configuration, step: step, rollBacks: rollBacks),
    ]
    metadata[Key.fingerprint] = fingerprint
    metadata[Key.origin] = origin
    metadata[Key.score] = score.map { String($0) }
    if !labels.isEmpty { metadata[Key.labels] = Self.json(labels: labels) }
    if configuration.training.augmentation == .adaptive {
      metadata[Key.augmentation] =
        "\(augmentation.probability) \(augmentation.sum) \(augmentation.count)"
    }
    if gan.growth != nil {
      metadata[Key.levelStarts] = levelStarts.map(String.init).joined(separator: " ")
    }
    if rollBacks > 0 { metadata[Key.rollBacks] = String(rollBacks) }
    return metadata
  }

  private static func json(labels: [String]) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes]
    guard let data = try? encoder.encode(labels) else {
      trap("labels cannot be encoded as JSON: \(labels)")
    }
    return String(decoding: data, as: UTF8.self)
  }
}

extension SafetensorsContents {
  fileprivate mutating func append(_ parameters: Parameters, suffix: String = "") {
    for (name, slice) in parameters.slices {
      append(name + suffix, slice)
    }
  }
}
