internal import Scores
package import SpecGANErrors
package import Spectra

/// What is to be evaluated, and against what.
package struct EvaluationRequest: Sendable {
  /// The sets of sounds: runs, checkpoints, folders of sounds, and caches.
  ///
  /// `run@METHOD` means that run's sounds inverted by an ``InversionMethod`` that is not its own.
  package var samples: [String]
  /// Real sounds: a cache, or a folder of sounds.
  package var real: String
  /// Real sounds that nothing was trained on, a cache or a folder; nil for a part of ``real``.
  package var heldOut: String?
  /// The file of a classifier; nil where there is none.
  package var classifier: String?
  /// How spectrograms become sounds where a sample does not say; nil for each run's own way.
  package var inversion: InversionMethod?
  /// How many sounds of each set, at most.
  package var count = 2_000
  /// In how many parts the inception score takes the sounds.
  package var splits = 10
  /// Which sounds are generated, and which of more are taken.
  package var seed: UInt64 = 0

  /// The scores of `samples` against `real`.
  package init(samples: [String], real: String) {
    self.samples = samples
    self.real = real
  }

  /// What ``count`` may be.
  package static let counts = 2...1_000_000

  /// - Throws: ``SpecGANError`` where there are no samples, or numbers are out of range.
  package func check() throws(SpecGANError) {
    guard !samples.isEmpty else { throw .tooFew(what: "sets of sounds", found: 0, needed: 1) }
    try SpecGANError.check("count", count, Self.counts)
    guard splits > 0 else {
      throw .setting(name: "splits", found: "\(splits)", allowed: "1 or more")
    }
    guard count >= splits else {
      throw .setting(
        name: "count", found: "\(count)", allowed: "at least as many sounds as splits, \(splits)")
    }
  }
}

/// How far an evaluation is.
package struct EvaluationProgress: Equatable, Sendable {
  /// What is being done, in a word or by a set's name.
  package var task: String
  /// Sounds, files or scores.
  package var done: Int
  /// Of how many.
  package var total: Int
}

/// Who is told how far an evaluation is, and who can stop it.
package struct EvaluationWatch {
  let progress: (EvaluationProgress) -> Void
  let isInterrupted: () -> Bool

  /// One that `progress` tells and `isInterrupted` stops; both are called from the caller's thread.
  package init(
    progress: @escaping (EvaluationProgress) -> Void = { _ in },
    isInterrupted: @escaping () -> Bool = { false }
  ) {
    (self.progress, self.isInterrupted) = (progress, isInterrupted)
  }

  /// Tells how far `task` is.
  ///
  /// - Throws: ``SpecGANError``.
  func show(_ task: String, _ done: Int, of total: Int) throws(SpecGANError) {
    progress(EvaluationProgress(task: task, done: done, total: total))
    if isInterrupted() { throw .interrupted }
  }
}
