internal import Models
internal import Networks
internal import Spectra
internal import Tensors

extension Checkpoint {
  /// Reads and verifies the checkpoint at `path`.
  ///
  /// - Throws: ``TrainingError`` where it cannot be read, is damaged, or is not a checkpoint.
  public init(path: String) throws(TrainingError) {
    let file = try CheckpointFile(path: path)
    let gan = file.configuration.gan
    self.init(
      configuration: file.configuration, step: file.step, fingerprint: file.fingerprint,
      moments: try file.moments(), gan: gan,
      generator: try file.parameters(gan.generator.layout),
      critic: try file.parameters(gan.critic.layout),
      optimizers: try file.optimizers(gan))
    rollBacks = file.rollBacks
    score = file.score
    if let name = generator.firstNotFinite ?? critic.firstNotFinite {
      throw .notFinite(path: path, name: name)
    }
  }
}

/// A verified checkpoint file, whose tensors have not been read yet.
public struct CheckpointFile: Sendable {
  /// The whole configuration of the run.
  public let configuration: Configuration
  /// Steps done.
  public let step: Int
  /// Which cache it was trained from; nil where the file does not say.
  public let fingerprint: String?
  /// See ``Checkpoint/rollBacks``.
  public let rollBacks: Int
  /// See ``Checkpoint/score``.
  public let score: Float?
  private let file: SafetensorsFile

  /// Opens the checkpoint at `path` and compares its checksums, where it has them.
  ///
  /// - Throws: ``TrainingError`` where it cannot be read, is damaged, or is not a checkpoint.
  public init(path: String) throws(TrainingError) {
    do { file = try SafetensorsFile(path: path) } catch { throw .tensors(error) }
    try file.verifyChecksums()
    let metadata = file.metadata
    guard let version = metadata[Checkpoint.Key.schemaVersion],
      let text = metadata[Checkpoint.Key.configuration],
      let step = metadata[Checkpoint.Key.step].flatMap(Int.init),
      (0...Checkpoint.largestStep).contains(step),
      let rollBacks = Int(metadata[Checkpoint.Key.rollBacks] ?? "0"),
      (0...Checkpoint.mostRollBacks).contains(rollBacks)
    else { throw .notACheckpoint(path: path) }
    guard version == Checkpoint.schemaVersion else {
      throw .schemaVersion(path: path, found: version)
    }
    do {
      configuration = try Configuration(yaml: text, path: "\(path) (configuration)")
      try configuration.validatedForTraining(at: .checkpoint(path: path))
    } catch {
      throw .configuration(error)
    }
    guard metadata[Checkpoint.Key.model] == configuration.model.rawValue else {
      throw .notACheckpoint(path: path)
    }
    self.step = step
    self.rollBacks = rollBacks
    fingerprint = metadata[Checkpoint.Key.fingerprint]
    score = file.score
  }

  /// Whether the optimisers' slots and the random state are there, so that a run can go on from it.
  public var isResumable: Bool {
    let gan = configuration.gan
    let entries = gan.generator.layout.entries + gan.critic.layout.entries
    let slots = [Checkpoint.SlotSuffix.mean, Checkpoint.SlotSuffix.square]
    return file.metadata[Checkpoint.Key.randomState]
      == Checkpoint.randomState(configuration, step: step, rollBacks: rollBacks)
      && entries.allSatisfy { entry in
        slots.allSatisfy { file.entry(entry.name + $0)?.shape == entry.shape }
      }
  }

  func parameters(
    _ layout: ParameterLayout, suffix: String = ""
  ) throws(TrainingError) -> Parameters {
    do throws(SafetensorsError) {
      // Before memory is taken on the configuration's word.
      for entry in layout.entries {
        try file.withFloats(entry.name + suffix, shape: entry.shape) { _ in }
      }
      let parameters = Parameters(layout)
      for (name, slice) in parameters.slices {
        try file.withFloats(name + suffix, shape: slice.shape) { values in
          slice.withMutableSpan { target in
            for index in 0..<target.count { target[index] = values[index] }
          }
        }
      }
      return parameters
    } catch {
      throw .tensors(error)
    }
  }

  func optimizers(_ gan: GAN) throws(TrainingError) -> Checkpoint.Optimizers? {
    guard isResumable else { return nil }
    return Checkpoint.Optimizers(
      generator: try adam(gan.generator.layout), critic: try adam(gan.critic.layout))
  }

  private func adam(_ layout: ParameterLayout) throws(TrainingError) -> Adam {
    Adam(
      configuration.training.adam,
      mean: try parameters(layout, suffix: Checkpoint.SlotSuffix.mean),
      square: try parameters(layout, suffix: Checkpoint.SlotSuffix.square))
  }

  func moments() throws(TrainingError) -> Moments? {
    let names = Checkpoint.MomentName.self
    if configuration.model == .wavegan && file.entry(names.mean) == nil { return nil }
    let bins = [configuration.spectrogram.binCount]
    do {
      return try Moments(
        mean: try file.floats(names.mean, shape: bins),
        deviation: try file.floats(names.deviation, shape: bins))
    } catch let error as SafetensorsError {
      throw .tensors(error)
    } catch let error as SpectraError {
      throw .spectra(error)
    } catch {
      throw .damaged(path: file.path, part: "the moments")
    }
  }
}

extension Checkpoint {
  /// The score in the file at `path`; nil where it has none or its metadata are damaged.
  ///
  /// Only the metadata are read, so that many checkpoints can be compared in no time.
  static func score(path: String) -> Float? {
    guard let file = try? SafetensorsFile(path: path), (try? file.verifyMetadata()) != nil else {
      return nil
    }
    return file.score
  }
}

extension SafetensorsFile {
  fileprivate var score: Float? {
    metadata[Checkpoint.Key.score].flatMap(Float.init).flatMap { $0.isFinite ? $0 : nil }
  }
}
