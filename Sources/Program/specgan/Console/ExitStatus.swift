import SpecGANErrors
import SpecGANFiles

/// The exit statuses of the program, by the numbers of BSD's `sysexits.h`.
enum ExitStatus: Int32, Error {
  case usage = 64
  case badData = 65
  case noInput = 66
  case systemRefuses = 71
  case cannotWrite = 73
  case inputOutput = 74
  case interrupted = 130
  case terminated = 143

  /// Creates the status of `error`; nil for errors of the argument parser.
  init?(_ error: any Error) {
    guard let error = error as? SpecGANError else { return nil }
    switch error.systemFailure {
    case .refusal:
      self = .systemRefuses
      return
    case .inputOutput:
      self = .inputOutput
      return
    case nil: break
    }
    switch error.kind {
    case .misuse: self = .usage
    case .badData, .badSetting, .diverged, .noMemory: self = .badData
    case .missing, .unreadable: self = .noInput
    case .unwritable, .occupied: self = .cannotWrite
    case .interrupted: self = .interrupted
    }
  }
}
