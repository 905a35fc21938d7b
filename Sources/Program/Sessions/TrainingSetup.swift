package import SpecGANDatasets
package import SpecGANErrors
internal import SpecGANModels
internal import SpecGANRandomness
internal import SpecGANRuns
package import SpecGANSettings
internal import SpecGANSynthesis
package import SpecGANTensors
package import SpecGANTraining
internal import SpecGANWorkers
internal import Spectra
internal import Waveforms

/// The settings, dataset and trainer of a session, checked before anything is written.
struct TrainingSetup {
  /// The settings; those that were not chosen have the published values for the loss.
  private(set) var configuration: Configuration
  let cache: Cache
  /// The labels of a conditional run; empty for other runs.
  let labels: [String]
  let trainer: Trainer
  private let engine: Engine
  private let standingStatistics = LastStandingStatistics()
  /// The checkpoint with whose weights the run begins; nil if they are drawn, or if the session
  /// resumes after step 0.
  private var start: Checkpoint?
  /// See ``Checkpoint/origin``.
  private(set) var origin: String?

  /// Creates networks with initial weights, to be trained on `cache`.
  ///
  /// - Throws: ``SpecGANError`` if the cache has other settings, cannot be read or lacks labels, or
  ///   there is not enough memory.
  init(
    _ configuration: Configuration, from cache: Cache, members: (any Members)? = nil,
    engine: Engine
  ) throws(SpecGANError) {
    (self.configuration, self.cache, self.engine) = (configuration, cache, engine)
    let differences = configuration.with(cache).trainingDifferences(from: configuration)
    guard differences.isEmpty else {
      throw .cacheSettings(cache: cache.path, differences: differences)
    }
    let channels = configuration.audio.channels
    if configuration.model.samplesAreSpectrograms, cache.moments.count != channels {
      throw .mixedSpectrograms(cache: cache.path, channels: channels)
    }
    let isConditional = configuration.network.isConditional
    labels = isConditional ? cache.labels : []
    let gan = configuration.gan(labels: labels.count)
    let memory = TrainingMemory.needed(
      gan, configuration.training, members: members?.count ?? 1)
    let available = members.map { $0.availableMemory } ?? availableMemory
    if let available, memory > available { throw .memory(needed: memory, available: available) }
    let codec = try SampleCodec(configuration, moments: cache.moments)
    trainer = Trainer(
      at: LocalPlace(
        gan, configuration.training, examples: try codec.examples(of: cache),
        augmenter: codec.augmenter, members: members, engine: engine),
      largestLoss: configuration.recovery.largestLoss,
      labels: isConditional ? try Self.labelNumbers(of: cache) : [],
      validation: configuration.training.needsValidation
        ? try Self.validationSlices(of: cache, for: configuration) : [])
  }

  /// Returns the indices of the slices of a tenth of the files, but at least of one. They are drawn
  /// by the seed alone. Each label that is learned keeps a file for training.
  ///
  /// - Throws: ``SpecGANError`` if no file can be spared, or the cache is damaged.
  private static func validationSlices(
    of cache: Cache, for configuration: Configuration
  ) throws(SpecGANError) -> [Int] {
    let files = try cache.slicedFiles()
    let isConditional = configuration.network.isConditional
    var left = Dictionary(grouping: files) { isConditional ? $0.label : nil }.mapValues(\.count)
    let wanted = max(1, files.count / 10)
    var slices: [Int] = []
    var count = 0
    let stream = RandomStream(seed: configuration.training.seed, purpose: .validation)
    for file in stream.permutation(of: files.count).map({ files[$0] }) where count < wanted {
      let label = isConditional ? file.label : nil
      guard let others = left[label], others > 1 else { continue }
      left[label] = others - 1
      slices += file.slices
      count += 1
    }
    guard count > 0 else { throw .nothingToValidate(cache: cache.path) }
    return slices.sorted()
  }

  /// Returns the label index of each example.
  ///
  /// - Throws: ``SpecGANError`` if an example has no label, there are fewer than two labels, or the
  ///   cache is damaged.
  private static func labelNumbers(of cache: Cache) throws(SpecGANError) -> [Int] {
    let numbers = try cache.labelNumbers()
    guard cache.labels.count > 1, numbers.allSatisfy({ $0 >= 0 }) else {
      throw .labels(
        cache: cache.path, labels: cache.labels.count, unlabeled: numbers.count { $0 < 0 })
    }
    return numbers.map(Int.init)
  }

  /// Warnings about data from which no model learns, settings without effect, and batches that
  /// contain an example more than once.
  var warnings: [String] {
    // The rows are not needed for training, so damaged ones do not prevent it.
    ((try? cache.findings())?.trainingWarnings ?? []) + [warning].compactMap(\.self)
  }

  private var warning: String? {
    let batch = configuration.training.batchSize
    if configuration.model.samplesAreSpectrograms, configuration.spectrogram.headroom != nil,
      cache.moments.contains(where: { $0.peaks == nil })
    {
      return "\(cache.path) is of version 0.2 and lacks the largest magnitudes, so "
        + "spectrogram.headroom has no effect; preprocess again."
    }
    guard cache.count < batch else { return nil }
    return "\(cache.path) has \(cache.count) examples, fewer than a batch of \(batch); "
      + "a batch contains some of them more than once."
  }
}

// MARK: - The planned end

extension TrainingSetup {
  /// Sets the planned end of the run, on which decay and growing depend.
  mutating func plan(_ steps: Int) {
    configuration.training.plannedSteps = steps
    trainer.plannedSteps = steps
  }

  /// A warning if networks should grow, but the plan has too few steps; nil otherwise.
  var planWarning: String? {
    guard let growth = trainer.gan.growth, let steps = trainer.plannedSteps,
      configuration.training.growingShare > 0, trainer.step == 0,
      trainer.growthStage(step: 0)?.level == growth.levels.count - 1
    else { return nil }
    let needed = configuration.training.leastPlan(levels: growth.levels.count)
    return
      "training.planned_steps (=\(steps)) times training.growing_share gives too few steps "
      + "for \(growth.levels.count) levels of network.growing; all steps train the last level. Set "
      + "training.planned_steps to at least \(needed)."
  }

  /// Returns the stage of the next step of networks that grow, with the planned end `steps`; nil
  /// for others.
  func stage(by steps: Int) -> GrowthStage? {
    var training = configuration.training
    training.plannedSteps = steps
    return trainer.gan.growth.map {
      training.growthStage(step: trainer.step, levels: $0.levels.count)
    }
  }
}

// MARK: - Checkpoints

extension TrainingSetup {
  /// Returns a checkpoint that shares the trainer's state, with the score of its step's preview.
  func checkpoint(score: Float?) -> Checkpoint {
    Checkpoint(
      trainer, configuration: configuration, fingerprint: cache.fingerprint,
      moments: cache.moments, labels: labels, score: score, origin: origin,
      standingStatistics: standingStatistics.current(of: trainer, on: engine))
  }

  /// Restores the trainer from `found`, a checkpoint of `run`.
  ///
  /// - Throws: ``SpecGANError`` if it was trained with other settings or on another cache, or is
  ///   not resumable.
  mutating func restore(_ found: FoundCheckpoint, of run: RunFolder) throws(SpecGANError) {
    let checkpoint = found.checkpoint
    let differences = checkpoint.configuration.trainingDifferences(from: configuration)
    guard differences.isEmpty else {
      throw .otherConfiguration(run: run.path, differences: differences)
    }
    guard checkpoint.fingerprint == cache.fingerprint, checkpoint.labels == labels else {
      throw .otherCache(
        run: run.path, fingerprint: checkpoint.fingerprint, cache: cache.path,
        found: cache.fingerprint)
    }
    guard checkpoint.restore(trainer) else { throw .notResumable(path: found.path) }
    origin = checkpoint.origin
    if checkpoint.step == 0 && origin != nil { start = checkpoint }
  }
}

// MARK: - Other weights

extension TrainingSetup {
  /// Makes the run begin with the weights of `found`, which was trained on other examples.
  ///
  /// - Returns: a warning if the examples of that run mean something else; nil otherwise.
  /// - Throws: ``SpecGANError`` if it has other networks.
  mutating func begin(from found: FoundCheckpoint) throws(SpecGANError) -> String? {
    let checkpoint = found.checkpoint
    let differences = checkpoint.configuration.networkDifferences(from: configuration)
    guard differences.isEmpty else {
      throw .otherNetworks(path: found.path, differences: differences)
    }
    guard checkpoint.labels.count == labels.count else {
      throw .otherLabels(
        path: found.path, count: checkpoint.labels.count, cache: cache.path, found: labels.count)
    }
    let cacheName = checkpoint.fingerprint.map { ", trained on the cache \($0)" } ?? ""
    origin = "\(found.path), step \(checkpoint.step)\(cacheName)"
    start = checkpoint
    restart()
    var others = checkpoint.configuration.exampleDifferences(from: configuration)
    if checkpoint.labels != labels {
      others.append(
        "labels were \(checkpoint.labels.joined(separator: ", ")) and are now "
          + labels.joined(separator: ", "))
    }
    return others.isEmpty
      ? nil
      : "\(found.path) was trained on other examples (\(others.joined(separator: "; "))); its "
        + "weights may help less."
  }

  /// Restarts the run from the weights with which it began.
  func restart() {
    trainer.restart()
    start?.begin(trainer)
  }
}

// MARK: - Other members

extension TrainingSession {
  /// Returns the trainer of another member than the first one, whose ``Training/Trainer/follow()``
  /// takes part in the session of the first one. It writes nothing.
  ///
  /// - Throws: ``SpecGANError`` if the settings and the cache do not match, or there is not enough
  ///   memory.
  package static func follower(
    _ configuration: Configuration, on cache: Cache, members: any Members, engine: Engine
  ) throws(SpecGANError) -> Trainer {
    try TrainingSetup(configuration.resolved, from: cache, members: members, engine: engine).trainer
  }
}
