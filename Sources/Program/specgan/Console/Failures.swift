import ArgumentParser

/// The errors of some inputs, while the rest continues.
final class Failures {
  private let messages: Messages

  /// The status of the first error; nil if there is none.
  private(set) var status: ExitStatus?

  /// Creates an empty collection, which prints errors to `messages`.
  init(_ messages: Messages = Messages()) { self.messages = messages }

  /// Calls `body`. An error about an input is printed and remembered, and the result is nil; other
  /// errors are rethrown.
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

  /// Exits with the status of the first error, if there is one. All errors are printed already.
  func leave() throws {
    if let status { throw ExitCode(status.rawValue) }
  }
}
