import Foundation
import SpecGANErrors
import SpecGANRuns

/// The messages of a command on standard error, as text or as JSON.
struct Messages: Sendable {
  /// The form of messages.
  enum Form: String, CaseIterable, Sendable {
    /// Text: on a terminal one line that is updated, elsewhere a line now and then.
    case line
    /// JSON objects, one per line: progress, warnings and errors.
    case json
  }

  let form: Form
  /// Whether only warnings and errors are printed.
  let isQuiet: Bool
  let terminal: Terminal

  init(_ form: Form = .line, isQuiet: Bool = false, terminal: Terminal = Terminal()) {
    self.form = form
    self.isQuiet = isQuiet
    self.terminal = terminal
  }

  /// Prints `text` after `prefix` for people; programs do not get it.
  func announce(_ text: String, after prefix: String = "") {
    if form == .line && !isQuiet { Console.message(text, after: prefix) }
  }

  /// Prints `text`, of several lines, as ``announce(_:after:)`` does; names in it are without line
  /// feeds.
  func announce(lines text: String) {
    for line in text.split(separator: "\n") { announce(String(line)) }
  }

  /// Prints a warning. As text it begins with `word`.
  func warn(_ text: String, word: String = "Warning:") {
    switch form {
    case .line:
      Console.message(text, after: word.isEmpty ? "" : terminal.styled(word, .yellow) + " ")
    case .json: object(["warning": text])
    }
  }

  /// Warns of a file that is used although its header or other data are wrong; each of `remarks` is
  /// the rest of a sentence that begins with `path`.
  func warn(remarks: [String], on path: String) {
    for remark in remarks { warn("remark \(path): \(remark).", word: "") }
  }

  /// Prints an error.
  func fail(_ error: any Error) {
    let error = (error as? SpecGANError)?.advisingOptions ?? error
    switch form {
    case .line: Console.message("\(error)", after: terminal.styled("Error:", .red) + " ")
    case .json: object(["error": "\(error)"])
    }
  }

  /// Prints progress as JSON; nothing in the form of text or if quiet.
  func progress(_ value: some Encodable) {
    if form == .json && !isQuiet { object(value) }
  }

  private func object(_ value: some Encodable) {
    guard let line = try? Console.line(value) else { return }
    Console.show(line + "\n")
  }
}

extension Messages {
  /// Reads the checkpoint that `path` means, and warns of damaged ones that were skipped.
  func checkpoint(
    for path: String, best: Bool = false
  ) throws -> (path: String, checkpoint: Checkpoint) {
    let found = try best ? RunFolder(path: path).bestCheckpoint() : RunFolder.checkpoint(for: path)
    for warning in found.warnings { warn(warning) }
    return (found.path, found.checkpoint)
  }
}
