import ArgumentParser
import Glibc
import SpecGANErrors
import SpecGANFiles

/// The exit statuses of the program, by the numbers of BSD's `sysexits.h`.
enum ExitStatus: Int32, Error {
  case usage = 64
  case badData = 65
  case noInput = 66
  case refused = 71
  case cannotWrite = 73
  case ioError = 74
  case unreachable = 75
  case interrupted = 130
  /// After SIGUSR1 and SIGUSR2, with the numbers of shells.
  case user1 = 138
  case user2 = 140
  case terminated = 143

  /// Creates the status of a command that stopped because of the signal `number`.
  init(signal number: Int32) {
    switch number {
    case SIGINT: self = .interrupted
    case SIGUSR1: self = .user1
    case SIGUSR2: self = .user2
    default: self = .terminated
    }
  }

  /// Creates the status of `error`; nil for errors of the argument parser, which prints the usage.
  init?(_ error: any Error) {
    // An option that a command refuses while it runs. The parser wraps those that it refuses.
    if error is ValidationError {
      self = .usage
      return
    }
    guard let error = error as? SpecGANError else { return nil }
    switch error.systemFailure {
    case .refusal:
      self = .refused
      return
    case .inputOutput:
      self = .ioError
      return
    case nil: break
    }
    switch error.kind {
    case .misuse: self = .usage
    case .badData, .badSetting, .diverged: self = .badData
    case .noMemory: self = .refused
    case .missing, .unreadable: self = .noInput
    case .unwritable, .occupied: self = .cannotWrite
    case .interrupted: self = .interrupted
    case .unreachable: self = .unreachable
    }
  }
}
