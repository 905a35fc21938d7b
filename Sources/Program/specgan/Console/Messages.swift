import Foundation
import SpecGANErrors
import SpecGANRuns

/// What a command says on standard error, in the form that was asked for.
struct Messages: Sendable {
  /// For people, or for programs.
  enum Form: String, CaseIterable, Sendable {
    /// One line that lives, on a terminal; elsewhere a line now and then.
    case line
    /// JSON objects, one on a line: progress, warnings and errors.
    case json
  }

  let form: Form
  /// Whether only warnings and errors are told.
  let isQuiet: Bool
  let terminal: Terminal

  init(_ form: Form = .line, isQuiet: Bool = false, terminal: Terminal = Terminal()) {
    self.form = form
    self.isQuiet = isQuiet
    self.terminal = terminal
  }

  /// What people like to know and programs do not.
  func announce(_ text: String) {
    if form == .line && !isQuiet { Console.message(text) }
  }

  /// What somebody should look after, as a sentence; for people it begins with `word`.
  func warn(_ text: String, word: String = "Warning:") {
    switch form {
    case .line:
      Console.message(text, after: word.isEmpty ? "" : terminal.styled(word, .yellow) + " ")
    case .json: object(["warning": text])
    }
  }

  /// What went wrong.
  func fail(_ error: any Error) {
    let error = (error as? SpecGANError)?.advisingOptions ?? error
    switch form {
    case .line: Console.message("\(error)", after: terminal.styled("Error:", .red) + " ")
    case .json: object(["error": "\(error)"])
    }
  }

  /// Progress, for programs; nothing for people and where it is to be quiet.
  func progress(_ value: some Encodable) {
    if form == .json && !isQuiet { object(value) }
  }

  private func object(_ value: some Encodable) {
    guard let line = try? Console.line(value) else { return }
    Console.show(line + "\n")
  }
}

extension Messages {
  /// Reads the checkpoint that `path` means, and warns of those that were passed over for it.
  func checkpoint(for path: String) throws -> (path: String, checkpoint: Checkpoint) {
    let found = try RunFolder.checkpoint(for: path)
    for warning in found.warnings { warn(warning) }
    return (found.path, found.checkpoint)
  }
}
