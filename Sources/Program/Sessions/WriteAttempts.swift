internal import SpecGANErrors
internal import SpecGANTraining

/// The rule for what cannot be written: an error, or a warning and another try later.
final class WriteAttempts {
  /// An output of a session, as far as a user distinguishes it.
  enum Output: Hashable {
    case log
    case checkpoint
    case oldCheckpoints
    case preview
    case oldPreviews
    case sessionRecord
    /// One of the session's monitors, by its index.
    case monitor(Int)

    /// The same in words, at the start of a sentence.
    fileprivate var name: String {
      switch self {
      case .log: "The log"
      case .checkpoint: "The last checkpoint"
      case .oldCheckpoints: "The folder of the checkpoints"
      case .preview: "The last preview"
      case .oldPreviews: "The folder of the previews"
      case .sessionRecord: "The record of the session"
      case .monitor: "What shows the run"
      }
    }

    /// Whether a run may go on without it after `error`: monitors read files as well.
    fileprivate func isTolerable(_ error: SpecGANError) -> Bool {
      if case .monitor = self, error.code.room == "files" { return true }
      return error.kind == .unwritable
    }
  }

  /// Receives warnings, as sentences.
  var warn: (String) -> Void = { _ in }
  private let rule: RecoveryConfiguration.WriteFailure
  /// The outputs that could not be written when they were last tried.
  private var failures: [Output: SpecGANError] = [:]

  init(_ rule: RecoveryConfiguration.WriteFailure) { self.rule = rule }

  /// The error of the last attempt at `output`; nil if it was written.
  func failure(of output: Output) -> SpecGANError? { failures[output] }

  /// Forgets the failure of `output`, which is not needed any more.
  func forget(_ output: Output) { failures[output] = nil }

  /// Calls `body`, which writes `output`.
  ///
  /// If it fails and the rule is to go on, the first failure in a row gives a warning, and so does
  /// its end.
  /// - Throws: ``SpecGANError`` otherwise.
  func write(_ output: Output, _ body: () throws(SpecGANError) -> Void) throws(SpecGANError) {
    do throws(SpecGANError) { try body() } catch {
      guard rule == .goOn, output.isTolerable(error) else { throw error }
      if failures.updateValue(error, forKey: output) == nil {
        warn("\(error) Training goes on, as recovery.write_failure says.")
      }
      return
    }
    if failures.removeValue(forKey: output) != nil { warn("\(output.name) could be written now.") }
  }
}
