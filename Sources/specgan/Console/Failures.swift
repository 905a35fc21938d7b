import ArgumentParser

/// What went wrong with some inputs while the rest went on.
final class Failures {
  private let messages: Messages

  /// The status of the first; nil where there was none.
  private(set) var status: ExitStatus?

  /// None yet; they are told to `messages`.
  init(_ messages: Messages = Messages()) { self.messages = messages }

  /// Calls `body`; what it throws about an input is told and remembered, other things go on up.
  func collect(_ body: () throws -> Void) throws {
    do { try body() } catch {
      guard let status = ExitStatus(error), [.badData, .noInput].contains(status) else {
        throw error
      }
      messages.fail(error)
      self.status = self.status ?? status
    }
  }

  /// Leaves with the first failure's status, if there was one; all has been told.
  func leave() throws {
    if let status { throw ExitCode(status.rawValue) }
  }
}
