import ArgumentParser

/// What went wrong with some inputs while the rest went on.
final class Failures {
  private let messages: Messages

  /// The status of the first; nil where there was none.
  private(set) var status: ExitStatus?

  /// None yet; they are told to `messages`.
  init(_ messages: Messages = Messages()) { self.messages = messages }

  /// Calls `body`; what it throws about an input is told and remembered, and is nil here; other
  /// things go on up.
  @discardableResult
  func collect<Result>(_ body: () throws -> Result) throws -> Result? {
    do { return try body() } catch {
      guard let status = ExitStatus(error), [.badData, .noInput].contains(status) else {
        throw error
      }
      messages.fail(error)
      self.status = self.status ?? status
      return nil
    }
  }

  /// Leaves with the first failure's status, if there was one; all has been told.
  func leave() throws {
    if let status { throw ExitCode(status.rawValue) }
  }
}
