package import SpecGANFiles

/// Why a configuration cannot be used.
package enum ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The system refused; the payload says what.
  case file(FileError)
  /// The file is no text in UTF-8.
  case encoding(path: String)
  /// The file is no YAML; `reason` is the parser's.
  case syntax(path: String, line: Int, reason: String)
  /// `key`, or the whole file where it is empty, should hold keys and holds something else.
  case section(path: String, line: Int, key: String)
  /// A key is there twice.
  case duplicateKey(path: String, line: Int, key: String)
  /// There is no such key; `nearest` is one there is.
  case unknownKey(Place, key: String, nearest: String)
  /// `key` cannot be `value`, only what `valid` says.
  case value(Place, key: String, value: String, valid: String)
  /// A setting from the command line has no `=`.
  case assignment(String)

  /// Where a setting comes from.
  package enum Place: Equatable, Sendable, CustomStringConvertible {
    /// A line of a file.
    case file(path: String, line: Int)
    /// The metadata of a checkpoint.
    case checkpoint(path: String)
    /// The command line.
    case commandLine
    /// A configuration that is being put to use.
    case resolved

    /// A phrase that starts a sentence.
    package var description: String {
      switch self {
      case .file(let path, let line): "\(path), line \(line)"
      case .checkpoint(let path): "\(path), configuration"
      case .commandLine: "--set"
      case .resolved: "The configuration"
      }
    }
  }

  /// A sentence: what, where, and what to do.
  package var description: String {
    switch self {
    case .file(let error): error.description
    case .encoding(let path): "\(path) is not UTF-8; save it as such."
    case .syntax(let path, let line, let reason):
      "\(path), line \(line): \(reason); this is not YAML, correct it."
    case .section(let path, let line, ""):
      "\(path), line \(line): a configuration holds lines of the form 'key: value', write them so."
    case .section(let path, let line, let key):
      "\(path), line \(line): \(shown(key)) is a section, put 'key: value' lines below it."
    case .duplicateKey(let path, let line, let key):
      "\(path), line \(line): \(shown(key)) is there more than once; remove all but one."
    case .unknownKey(let place, let key, let nearest):
      "\(place): there is no key \(shown(key)); the nearest is '\(nearest)'."
    case .value(let place, let key, let value, let valid):
      "\(place): \(key) is \(shown(value)); use \(valid)."
    case .assignment(let text):
      "--set: \(shown(text)) is no setting; use key=value, for instance network.dimension=16."
    }
  }
}

/// A text of the user's as it may appear in a sentence: in quotes, on one line, of bounded length.
private func shown(_ text: String) -> String {
  let limit = 60
  let line = String(text.prefix(limit).map { $0.isNewline ? " " : $0 })
  return "'\(line)\(text.count > limit ? "…" : "")'"
}
