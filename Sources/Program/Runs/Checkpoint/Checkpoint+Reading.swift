internal import Foundation
internal import Networks
internal import Safetensors
internal import SpecGANDatasets
package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANModels
internal import SpecGANSettings
internal import SpecGANTensors
internal import SpecGANTraining
internal import Spectra
internal import Waveforms

extension Checkpoint {
  /// Reads and verifies the checkpoint at `path`.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be read, is damaged, or is not a checkpoint.
  package convenience init(path: String) throws(SpecGANError) {
    let file = try CheckpointFile(path: path)
    self.init(
      file, moments: try file.moments(), generator: try file.state(.generator),
      critic: try file.state(.critic), standingStatistics: try file.standingStatistics())
    if let name = firstNotFinite { throw .notFinite(path: path, name: name) }
  }
}

/// A verified checkpoint file, whose tensors have not been read yet.
struct CheckpointFile: Sendable {
  /// The complete configuration of the run.
  let configuration: Configuration
  /// The number of steps done.
  let step: Int
  /// The fingerprint of the cache it was trained on; nil if the file has none.
  let fingerprint: String?
  /// See ``Checkpoint/origin``.
  let origin: String?
  /// See ``Checkpoint/rollBacks``.
  let rollBacks: Int
  /// See ``Checkpoint/augmentation``.
  let augmentation: AugmentationState
  /// See ``Checkpoint/levelStarts``.
  let levelStarts: [Int]
  /// See ``Checkpoint/score``.
  let score: Float?
  /// See ``Checkpoint/labels``.
  let labels: [String]
  private let file: SafetensorsFile

  /// Opens the checkpoint at `path` and verifies its checksums, if it has them.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be read, is damaged, or is not a checkpoint.
  init(path: String) throws(SpecGANError) {
    file = try SafetensorsFile(path: path)
    try file.verifyChecksums()
    let metadata = file.metadata
    guard let version = metadata[Checkpoint.Key.schemaVersion],
      let text = metadata[Checkpoint.Key.configuration],
      let step = metadata[Checkpoint.Key.step].flatMap(Int.init),
      let rollBacks = Int(metadata[Checkpoint.Key.rollBacks] ?? "0"),
      (0...Checkpoint.mostRollBacks).contains(rollBacks),
      let labels = Checkpoint.labels(json: metadata[Checkpoint.Key.labels] ?? "[]")
    else { throw .notACheckpoint(path: path) }
    guard version == Checkpoint.schemaVersion else {
      throw .schemaVersion(path: path, found: version)
    }
    configuration = try Configuration(yaml: text, path: "\(path) (configuration)")
    try configuration.validatedForTraining(at: .checkpoint(path: path))
    guard metadata[Checkpoint.Key.model] == configuration.model.rawValue,
      configuration.network.isConditional == !labels.isEmpty,
      configuration.training.canDraw(
        for: step, latent: configuration.network.latent, noise: configuration.noiseBound)
    else { throw .notACheckpoint(path: path) }
    guard let augmentation = AugmentationState(text: metadata[Checkpoint.Key.augmentation]) else {
      throw .notACheckpoint(path: path)
    }
    self.augmentation = augmentation
    let starts = (metadata[Checkpoint.Key.levelStarts] ?? "").split(separator: " ").map { Int($0) }
    levelStarts = starts.compactMap(\.self)
    guard
      levelStarts.count == starts.count, levelStarts.first ?? 0 == 0,
      zip([0] + levelStarts, levelStarts + [step]).allSatisfy({ $0 <= $1 })
    else { throw .notACheckpoint(path: path) }
    self.step = step
    self.rollBacks = rollBacks
    self.labels = labels
    fingerprint = metadata[Checkpoint.Key.fingerprint]
    origin = metadata[Checkpoint.Key.origin]
    score = file.score
  }

  /// The networks of the checkpoint, at the stage of its last step if they grow.
  var gan: GAN {
    let gan = configuration.gan(labels: labels.count)
    guard let levels = gan.growth?.levels.count else { return gan }
    return gan.at(configuration.training.growthStage(step: max(0, step - 1), levels: levels))
  }

  /// Whether the first steps of the levels are there, if the networks grow. A run that has rolled
  /// back with another plan may have those of later levels, too.
  private var hasLevels: Bool {
    guard let growth = gan.growth, step > 0 else { return true }
    return (growth.stage.level + 1...growth.levels.count).contains(levelStarts.count)
  }

  /// Whether the file has the optimizers' slots and the random state, so that a run can resume.
  var isResumable: Bool {
    file.metadata[Checkpoint.Key.randomState]
      == Checkpoint.randomState(configuration, step: step, rollBacks: rollBacks) && hasSlots
      && hasLevels
      && (configuration.training.augmentation != .adaptive
        || file.metadata[Checkpoint.Key.augmentation] != nil)
  }

  private var hasSlots: Bool {
    let suffixes = configuration.training.newOptimizer(for: ParameterLayout()).slots.map(\.suffix)
    return (gan.generator.layout.entries + gan.critic.layout.entries).allSatisfy { entry in
      suffixes.allSatisfy { file.entry(entry.name + $0)?.shape == entry.shape }
    }
  }

  /// Reads the state of the network `role`; if the checkpoint is not resumable, the optimizer is
  /// new.
  func state(_ role: NetworkState.Role) throws(SpecGANError) -> NetworkState {
    // Checks the shapes before it allocates the memory that the configuration implies.
    for entry in gan.network(role).layout.entries {
      try file.withFloats(entry.name, shape: entry.shape) { _ in }
    }
    let state = NetworkState(role, of: gan, configuration.training)
    for part in state.parts where isResumable || !part.isOptimizers { try read(part) }
    return state
  }

  /// Returns the statistics of the averaged generator; nil if the file has none.
  func standingStatistics() throws(SpecGANError) -> Parameters? {
    let layout = gan.generator.statistics
    guard configuration.training.averageDecay > 0, let first = layout.entries.first,
      file.entry(first.name + NetworkState.averageSuffix) != nil
    else { return nil }
    let statistics = Parameters(layout)
    try read(.init(suffix: NetworkState.averageSuffix, parameters: statistics))
    return statistics
  }

  private func read(_ part: NetworkState.Part) throws(SpecGANError) {
    for (name, slice) in part.parameters.slices {
      try file.withFloats(name + part.suffix, shape: slice.shape) { values in
        slice.withMutableSpan { target in
          for index in 0..<target.count { target[index] = values[index] }
        }
      }
    }
  }

  func moments() throws(SpecGANError) -> [Moments]? {
    let folder = Checkpoint.momentsFolder
    let isOptional = !configuration.model.samplesAreSpectrograms
    if isOptional && !file.names.contains(where: { $0.hasPrefix(folder) }) { return nil }
    return try file.moments(
      in: folder, binCount: configuration.spectrogram.bandCount,
      channels: isOptional ? nil : configuration.audio.channels)
  }
}

extension Checkpoint {
  /// Returns the labels in `json`, an array of strings; nil if it is not one.
  static func labels(json: String) -> [String]? {
    try? JSONDecoder().decode([String].self, from: Data(json.utf8))
  }

  /// Returns the fingerprint in the file at `path`; nil if it has none or its metadata are damaged.
  /// Reads only the metadata.
  ///
  /// - Throws: ``SpecGANError`` if the system fails.
  static func fingerprint(path: String) throws(SpecGANError) -> String? {
    try ifUsable { () throws(SpecGANError) in
      let file = try SafetensorsFile(path: path)
      try file.verifyMetadata()
      return file
    }?.metadata[Key.fingerprint]
  }
}

extension SafetensorsFile {
  fileprivate var score: Float? {
    metadata[Checkpoint.Key.score].flatMap(Float.init).flatMap { $0.isFinite ? $0 : nil }
  }
}

extension AugmentationState {
  /// Creates the state of a checkpoint's metadata; nil if `text` is not one. Without a text it is
  /// the state before the first step.
  fileprivate init?(text: String?) {
    self.init()
    guard let text else { return }
    let words = text.split(separator: " ").map(String.init)
    guard words.count == 3, let probability = Float(words[0]), let sum = Float(words[1]),
      let count = Int(words[2]), (0...1).contains(probability), sum.isFinite, count >= 0
    else { return nil }
    self.init(probability: probability, sum: sum, count: count)
  }
}
