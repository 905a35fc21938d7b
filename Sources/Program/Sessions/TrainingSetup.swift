internal import SpecGANDatasets
internal import SpecGANErrors
internal import SpecGANModels
internal import SpecGANRuns
internal import SpecGANSettings
internal import SpecGANSynthesis
internal import SpecGANTensors
internal import SpecGANTraining
internal import SpecGANWorkers

/// What a session trains, and from what: checked before anything is written.
struct TrainingSetup {
  /// The settings, with the loss's published ones for those that were not chosen.
  let configuration: Configuration
  let cache: Cache
  /// The labels of the networks: mostly none.
  let labels: [String]
  let trainer: Trainer

  /// Networks with initial weights, to be trained from `cache`.
  ///
  /// - Throws: ``SpecGANError`` if the cache has other settings, cannot be read or lacks labels, or
  ///   memory does not suffice.
  init(
    _ configuration: Configuration, from cache: Cache, engine: Engine
  ) throws(SpecGANError) {
    self.configuration = configuration
    self.cache = cache
    let differences = configuration.with(cache).trainingDifferences(from: configuration)
    guard differences.isEmpty else {
      throw .cacheSettings(cache: cache.path, differences: differences)
    }
    let isConditional = configuration.network.isConditional
    labels = isConditional ? cache.labels : []
    let gan = configuration.gan(labels: labels.count)
    let memory = TrainingMemory.needed(gan, configuration.training)
    if let availableMemory, memory > availableMemory {
      throw .memory(needed: memory, available: availableMemory)
    }
    trainer = Trainer(
      gan, configuration.training, largestLoss: configuration.recovery.largestLoss,
      examples: try SampleCodec(configuration, moments: cache.moments).examples(of: cache),
      labels: isConditional ? try Self.labelNumbers(of: cache) : [], engine: engine)
  }

  /// The label of each example.
  ///
  /// - Throws: ``SpecGANError`` if one has none, all have the same, or the cache is damaged.
  private static func labelNumbers(of cache: Cache) throws(SpecGANError) -> [Int] {
    let numbers = try cache.labelNumbers()
    guard cache.labels.count > 1, numbers.allSatisfy({ $0 >= 0 }) else {
      throw .labels(
        cache: cache.path, labels: cache.labels.count, unlabelled: numbers.count { $0 < 0 })
    }
    return numbers.map(Int.init)
  }

  /// A warning if some examples are in a batch twice.
  var warning: String? {
    let batch = configuration.training.batchSize
    guard cache.count < batch else { return nil }
    return "\(cache.path) has \(cache.count) examples, fewer than a batch of \(batch); "
      + "some are in a batch twice."
  }
}

// MARK: - Checkpoints

extension TrainingSetup {
  /// The state of the trainer, by reference, with the score of its step's preview.
  func checkpoint(score: Float?) -> Checkpoint {
    Checkpoint(
      trainer, configuration: configuration, fingerprint: cache.fingerprint,
      moments: cache.moments, labels: labels, score: score)
  }

  /// Brings the trainer to `found`, a checkpoint of `run`.
  ///
  /// - Throws: ``SpecGANError`` if it was trained with other settings or from another cache, or
  ///   does not resume.
  func restore(_ found: FoundCheckpoint, of run: RunFolder) throws(SpecGANError) {
    let checkpoint = found.checkpoint
    let differences = checkpoint.configuration.trainingDifferences(from: configuration)
    guard differences.isEmpty else {
      throw .otherConfiguration(run: run.path, differences: differences)
    }
    guard checkpoint.fingerprint == cache.fingerprint, checkpoint.labels == labels else {
      throw .otherCache(run: run.path, cache: cache.path)
    }
    guard checkpoint.restore(trainer) else { throw .notResumable(path: found.path) }
  }
}
