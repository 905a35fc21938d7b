/// Where a setting comes from.
package enum SettingPlace: Equatable, Sendable, CustomStringConvertible {
  /// A line of a file.
  case file(path: String, line: Int)
  /// The metadata of a checkpoint.
  case checkpoint(path: String)
  /// A caller, by the name that it gave.
  case caller(String)
  /// A configuration that is being put to use.
  case resolved

  /// A phrase that starts a sentence.
  package var description: String {
    switch self {
    case .file(let path, let line): "\(path), line \(line)"
    case .checkpoint(let path): "\(path), configuration"
    case .caller(let name): name
    case .resolved: "The configuration"
    }
  }

  /// The file that it comes from.
  var path: String? {
    switch self {
    case .file(let path, _), .checkpoint(let path): path
    case .caller, .resolved: nil
    }
  }

  /// The line of a file that it comes from.
  var line: Int? {
    if case .file(_, let line) = self { line } else { nil }
  }
}
