internal import Networks
internal import Scores
package import SpecGANDatasets
package import SpecGANErrors
internal import SpecGANModels
package import SpecGANTensors
internal import SpecGANWorkers
internal import Spectra
internal import Waveforms

/// The training of a classifier from a cache with labels.
package struct ClassifierTraining {
  /// The progress of training.
  package struct Progress: Sendable {
    /// The epoch, from 1.
    package var epoch: Int
    /// The number of its updates that are done, and of all.
    package var updates: (done: Int, total: Int)
    /// The mean loss of the finished updates, in nats.
    package var loss: Double
    /// The loss and accuracy on the validation part; only at the end of an epoch.
    package var validation: Score?
  }

  /// The loss and accuracy of a network on a part.
  package struct Score: Equatable, Sendable {
    /// The mean cross-entropy `−log p(label)`, in nats.
    package var loss: Double
    /// The share of correct predictions, 0 to 1.
    package var accuracy: Double
  }

  /// The reason why training ended.
  package enum Outcome: String, Codable, Sendable {
    /// All epochs were trained.
    case finished
    /// The validation loss had not fallen for ``Settings/patience`` epochs.
    case stoppedImproving = "stopped_improving"
    /// The caller asked to stop.
    case interrupted
  }

  /// The settings.
  package let settings: Settings
  /// The parts of the cache.
  package let split: DatasetSplit
  private let cache: Cache
  private let examples: MelExamples
  private let trainer: ClassifierTrainer
  private var order: EpochOrder
  private var best: Best?

  /// The weights of the epoch with the lowest validation loss.
  private struct Best {
    let epoch: Int
    let score: Score
    let weights: NetworkWeights
  }

  /// Prepares training from `cache`.
  ///
  /// - Throws: ``SpecGANError`` if a setting is out of range, the cache cannot be read, its labels
  ///   are not sufficient for classes and parts, or memory is too small.
  package init(
    from cache: Cache, _ settings: Settings = .init(), engine: Engine
  ) throws(SpecGANError) {
    try settings.check()
    (self.cache, self.settings) = (cache, settings)
    let length = cache.audio.sliceLength
    guard Classifier.sliceLengths.contains(length) else {
      throw .setting(
        name: "The cache's slice length", found: "\(length)",
        allowed: "at most \(Classifier.sliceLengths.upperBound)")
    }
    split = DatasetSplit(
      of: try cache.slicedFiles(), classes: cache.labels.count, seed: settings.seed)
    try split.check(labels: cache.labels, path: cache.path, seed: settings.seed)
    guard Classifier.classCounts.contains(cache.labels.count) else {
      throw .setting(
        name: "The cache's number of labels", found: "\(cache.labels.count)",
        allowed: "at most \(Classifier.classCounts.upperBound)")
    }
    let network = ClassifierNetwork(
      frames: MelPictures.frameCount(of: cache.audio, settings.features),
      bands: MelSpectrogram.bandCount,
      channels: settings.channels, classes: cache.labels.count, dropout: settings.dropout)
    let count = split.training.slices.count
    let batchSize = min(settings.batchSize, max(count / 8, min(count, 4)))
    let memory =
      ClassifierTrainer.memory(network, batchSize: batchSize)
      + MelExamples.memory(of: cache, settings.features)
    if let available = availableMemory, memory > available {
      throw .memory(needed: memory, available: available)
    }
    examples = try MelExamples(cache, settings.features, workers: engine.workers)
    trainer = ClassifierTrainer(
      network, batchSize: batchSize, learningRate: settings.learningRate, seed: settings.seed,
      engine: engine)
    order = EpochOrder(count: count, seed: settings.seed)
  }
}

// MARK: - Training

extension ClassifierTraining {
  /// The number of updates in an epoch; batches continue across epochs.
  private var updatesPerEpoch: Int {
    (split.training.slices.count + trainer.batchSize - 1) / trainer.batchSize
  }

  /// Trains until the validation loss stops falling, and tests the weights of the best epoch.
  ///
  /// - Parameters:
  ///   - isInterrupted: called after each update; if it returns true, the best weights so far are
  ///     tested.
  ///   - progress: called after each update.
  /// - Returns: the classifier; its report has the reason why training ended.
  /// - Throws: ``SpecGANError`` if a sample, a loss or a weight is not finite.
  package mutating func run(
    isInterrupted: () -> Bool = { false }, _ progress: (Progress) -> Void = { _ in }
  ) throws(SpecGANError) -> Classifier {
    var outcome = Outcome.finished
    var epochs = 0
    while epochs < settings.epochs && outcome == .finished {
      epochs += 1
      var state = Progress(epoch: epochs, updates: (0, updatesPerEpoch), loss: 0)
      try train(&state, isInterrupted, progress)
      if isInterrupted() { outcome = .interrupted }
      // An incomplete epoch counts only if it is the first.
      if outcome == .interrupted && best != nil { break }
      let score = try validate()
      state.validation = score
      progress(state)
      try keep(score, epoch: epochs)
      if outcome == .finished, epochs - (best?.epoch ?? epochs) >= settings.patience {
        outcome = .stoppedImproving
      }
    }
    return try tested(epochs: epochs, outcome)
  }

  /// Trains one epoch, or a part of it if interrupted.
  private mutating func train(
    _ state: inout Progress, _ isInterrupted: () -> Bool, _ progress: (Progress) -> Void
  ) throws(SpecGANError) {
    var sum = 0.0
    for done in 1...updatesPerEpoch {
      let first = trainer.updates * trainer.batchSize
      let rows = (first..<first + trainer.batchSize).map { order[$0] }
      try examples.load(rows.map { split.training.slices[$0] }, into: trainer.workspace)
      sum += trainer.update(labels: rows.map { split.training.labels[$0] })
      state.updates.done = done
      state.loss = sum / Double(done)
      if done < updatesPerEpoch { progress(state) }
      if isInterrupted() { return }
    }
  }

  /// Keeps the weights if they are the best so far.
  private mutating func keep(_ score: Score, epoch: Int) throws(SpecGANError) {
    // ReLU turns NaN weights into zeros, so the loss alone does not show them.
    guard score.loss.isFinite, trainer.parameters.firstNotFinite == nil,
      trainer.statistics.firstNotFinite == nil
    else {
      if best == nil { throw .diverged(epoch: epoch) }
      return
    }
    if let best, best.score.loss <= score.loss { return }
    let weights = NetworkWeights(
      parameters: Parameters(copying: trainer.parameters),
      statistics: Parameters(copying: trainer.statistics))
    best = Best(epoch: epoch, score: score, weights: weights)
  }

  /// The largest number of slices for the means and variances at inference.
  private static let statisticsCount = 1_024

  /// Recomputes the statistics for the current weights, and returns the score on the validation
  /// part.
  private mutating func validate() throws(SpecGANError) -> Score {
    let size = trainer.batchSize
    let count = min(split.training.slices.count, max(Self.statisticsCount, size))
    for batch in 0..<count / size {
      let rows = (batch * size..<(batch + 1) * size).map { split.training.slices[order[$0]] }
      try examples.load(rows, into: trainer.workspace)
      trainer.takeStatistics(batch: batch)
    }
    return try score(on: split.validation)
  }

  private func score(on part: DatasetSplit.Part) throws(SpecGANError) -> Score {
    var (loss, correct) = (0.0, 0)
    let count = part.slices.count
    for first in stride(from: 0, to: count, by: trainer.batchSize) {
      let rows = first..<min(first + trainer.batchSize, count)
      try examples.load(Array(part.slices[rows]), into: trainer.workspace)
      let found = trainer.score(labels: Array(part.labels[rows]))
      loss += found.loss
      correct += found.correct
    }
    return Score(loss: loss / Double(count), accuracy: Double(correct) / Double(count))
  }

  /// Returns the classifier with the weights of the best epoch and their test accuracy.
  private func tested(epochs: Int, _ outcome: Outcome) throws(SpecGANError) -> Classifier {
    guard let best else { throw .diverged(epoch: epochs) }
    trainer.parameters.copy(best.weights.parameters)
    if let statistics = best.weights.statistics { trainer.statistics.copy(statistics) }
    let test = try score(on: split.test)
    guard test.loss.isFinite else { throw .diverged(epoch: best.epoch) }
    let classes = cache.labels.count
    let report = Classifier.Report(
      testAccuracy: test.accuracy, testLoss: test.loss, validationAccuracy: best.score.accuracy,
      validationLoss: best.score.loss, outcome: outcome, epochs: epochs, bestEpoch: best.epoch,
      training: .init(split.training, classes), validation: .init(split.validation, classes),
      test: .init(split.test, classes), splitBy: split.unit, unlabeled: split.unlabeledCount,
      settings: settings, batchSize: trainer.batchSize, fingerprint: cache.fingerprint)
    return Classifier(
      labels: cache.labels, audio: cache.audio, report: report, network: trainer.network,
      weights: best.weights)
  }
}

extension Parameters {
  fileprivate convenience init(copying other: Parameters) {
    self.init(other.layout)
    copy(other)
  }
}

extension Classifier.Report.Part {
  package init(_ part: DatasetSplit.Part, _ classes: Int) {
    (files, slices) = (part.files.count, part.slices.count)
    self.classes = part.labels.reduce(into: [Int](repeating: 0, count: classes)) { $0[$1] += 1 }
  }
}
