internal import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANTraining

/// The handling of failed writes: an error, or a warning and another attempt later.
final class WriteAttempts {
  /// A kind of output of a session.
  enum Output: Hashable {
    case log
    case checkpoint
    case oldCheckpoints
    case preview
    case oldPreviews
    case sessionRecord
    /// One of the session's monitors, by its index.
    case monitor(Int)

    /// The output in words, at the start of a sentence.
    fileprivate var name: String {
      switch self {
      case .log: "The log"
      case .checkpoint: "The last checkpoint"
      case .oldCheckpoints: "The folder of the checkpoints"
      case .preview: "The last preview"
      case .oldPreviews: "The folder of the previews"
      case .sessionRecord: "The record of the session"
      case .monitor: "A monitor of the run"
      }
    }

    /// Returns whether training may continue without it after `error`: monitors also read files, as
    /// does the removal of old checkpoints.
    fileprivate func isTolerable(_ error: SpecGANError) -> Bool {
      if case .monitor = self, error.code.room == "files" { return true }
      return error.kind == .unwritable || error.systemFailure != nil
    }
  }

  /// The receiver of warnings, which are sentences.
  var warn: (String) -> Void = { _ in }
  private let rule: RecoveryConfiguration.WriteFailure
  /// The errors of outputs whose last attempt failed.
  private var failures: [Output: SpecGANError] = [:]

  init(_ rule: RecoveryConfiguration.WriteFailure) { self.rule = rule }

  /// Returns the error of the last attempt at `output`; nil if it succeeded.
  func failure(of output: Output) -> SpecGANError? { failures[output] }

  /// Forgets the failure of `output`, which is no longer needed.
  func forget(_ output: Output) { failures[output] = nil }

  /// Calls `body`, which writes `output`.
  ///
  /// If it fails and the rule is to continue, the first failure in a row gives a warning, and the
  /// next success gives another.
  ///
  /// - Throws: the error of `body` if the rule is to stop, or training cannot continue after it.
  func write(_ output: Output, _ body: () throws(SpecGANError) -> Void) throws(SpecGANError) {
    do throws(SpecGANError) { try body() } catch {
      guard rule == .goOn, output.isTolerable(error) else { throw error }
      if failures.updateValue(error, forKey: output) == nil {
        warn("\(error) Training continues, as recovery.write_failure says.")
      }
      return
    }
    if failures.removeValue(forKey: output) != nil { warn("\(output.name) can be written again.") }
  }
}
