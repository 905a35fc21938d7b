internal import Models
internal import Networks
internal import Spectra
public import Tensors

extension Checkpoint {
  /// Writes the checkpoint to `path`, whole or not at all.
  ///
  /// Beside the weights are the moments, each optimiser slot under its parameter's name with `/Adam`
  /// or `/Adam_1`, and in the metadata what ``Checkpoint`` holds, with a checksum of everything. The
  /// same state gives the same bytes.
  /// - Throws: ``SafetensorsError`` where `path` cannot be written.
  public func write(to path: String) throws(SafetensorsError) {
    var contents = SafetensorsContents(metadata: metadata)
    contents.append(generator)
    contents.append(critic)
    if let optimizers {
      for adam in [optimizers.generator, optimizers.critic] {
        contents.append(adam.mean, suffix: SlotSuffix.mean)
        contents.append(adam.square, suffix: SlotSuffix.square)
      }
    }
    if let moments {
      contents.append(MomentName.mean, shape: [moments.mean.count], moments.mean)
      contents.append(MomentName.deviation, shape: [moments.deviation.count], moments.deviation)
    }
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
    metadata[Key.score] = score.map { String($0) }
    if rollBacks > 0 { metadata[Key.rollBacks] = String(rollBacks) }
    return metadata
  }
}

extension SafetensorsContents {
  fileprivate mutating func append(_ parameters: Parameters, suffix: String = "") {
    for (name, slice) in parameters.slices {
      append(name + suffix, slice)
    }
  }
}
