/// The origin of a setting.
package enum SettingPlace: Equatable, Sendable, CustomStringConvertible {
  /// A line of a file.
  case file(path: String, line: Int)
  /// The metadata of a checkpoint.
  case checkpoint(path: String)
  /// A caller, by its name.
  case caller(String)
  /// A configuration in use.
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

  /// The path of the file, if the origin is one.
  var path: String? {
    switch self {
    case .file(let path, _), .checkpoint(let path): path
    case .caller, .resolved: nil
    }
  }

  /// The line in the file, if the origin is one.
  var line: Int? {
    if case .file(_, let line) = self { line } else { nil }
  }
}
