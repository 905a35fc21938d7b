internal import Scores
package import SpecGANClassification
package import SpecGANErrors
package import Spectra

/// The sets to evaluate, the real clips, and the settings.
package struct EvaluationRequest: Sendable {
  /// The sets of clips: runs, checkpoints, folders of audio, and caches.
  ///
  /// `run@METHOD` is that run with another ``InversionMethod``.
  package var samples: [String]
  /// The real clips: a cache, or a folder of audio.
  package var real: String
  /// Real clips that no run was trained on, a cache or a folder; nil for a part of ``real``.
  package var heldOut: String?
  /// The file of a classifier; nil for none.
  package var classifier: String?
  /// The features; nil for those of the classifier or, without one, audible ones.
  package var features: FeatureSet?
  /// The inversion method of samples without one; nil for each run's own.
  package var inversion: InversionMethod?
  /// The largest number of clips per set.
  package var count = 2_000
  /// The number of parts over which the inception score is averaged.
  package var splits = 10
  /// The random seed of generated clips and of the selection of real ones.
  package var seed: UInt64 = 0

  /// Creates a request for the scores of `samples` against `real`.
  package init(samples: [String], real: String) {
    self.samples = samples
    self.real = real
  }

  /// The allowed values of ``count``.
  package static let counts = 2...1_000_000

  /// Checks the request.
  ///
  /// - Throws: ``SpecGANError`` if there are no samples, or a value is out of range.
  package func check() throws(SpecGANError) {
    guard !samples.isEmpty else { throw .tooFew(what: "sets", found: 0, needed: 1) }
    try SpecGANError.check("count", count, Self.counts)
    guard splits > 0 else {
      throw .setting(name: "splits", found: "\(splits)", allowed: "1 or more")
    }
    guard count >= splits else {
      throw .setting(
        name: "count", found: "\(count)", allowed: "at least as many clips as splits, \(splits)")
    }
  }
}

/// The progress of an evaluation.
package struct EvaluationProgress: Equatable, Sendable {
  /// The task in a word, or a set's name.
  package var task: String
  /// The number of clips, files or scores that are done.
  package var done: Int
  /// The number of all of them.
  package var total: Int
}

/// The callbacks of an evaluation: for its progress, and to stop it.
package struct EvaluationWatch {
  let progress: (EvaluationProgress) -> Void
  let isInterrupted: () -> Bool

  /// Creates callbacks, which are called on the caller's thread.
  package init(
    progress: @escaping (EvaluationProgress) -> Void = { _ in },
    isInterrupted: @escaping () -> Bool = { false }
  ) {
    (self.progress, self.isInterrupted) = (progress, isInterrupted)
  }

  /// Reports the progress of `task`.
  ///
  /// - Throws: ``SpecGANError`` if the evaluation is to stop.
  func show(_ task: String, _ done: Int, of total: Int) throws(SpecGANError) {
    progress(EvaluationProgress(task: task, done: done, total: total))
    if isInterrupted() { throw .interrupted }
  }
}
