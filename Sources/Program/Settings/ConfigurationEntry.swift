internal import SpecGANErrors
internal import Yams

/// One `key: value` of a configuration file.
struct ConfigurationEntry {
  let name: String
  let value: Setting.Scalar
  let line: Int

  /// Returns the entries of the YAML `text`, in its order.
  static func entries(
    of text: String, path: String
  ) throws(SpecGANError) -> [ConfigurationEntry] {
    var entries: [ConfigurationEntry] = []
    for (key, value, line) in try members(of: root(of: text, path: path), "", line: 1, path: path) {
      guard Configuration.sections.contains(key) else {
        entries.append(ConfigurationEntry(name: key, value: scalar(value), line: line))
        continue
      }
      for (name, value, line) in try members(of: value, key, line: line, path: path) {
        entries.append(
          ConfigurationEntry(name: "\(key).\(name)", value: scalar(value), line: line))
      }
    }
    return entries
  }

  private static func root(of text: String, path: String) throws(SpecGANError) -> Node? {
    do {
      // A byte order mark may come first (YAML 1.2.2, section 5.2); the parser takes it for text.
      let scalars = text.unicodeScalars
      return try compose(yaml: scalars.first == "\u{FEFF}" ? String(scalars.dropFirst()) : text)
    } catch let error as YamlError {
      throw configurationError(error, text, path)
    } catch {
      throw .syntax(path: path, line: 1, reason: "\(error)")
    }
  }

  /// Returns the pairs below `key`; none if it is empty.
  private static func members(
    of node: Node?, _ key: String, line: Int, path: String
  ) throws(SpecGANError) -> [(key: String, value: Node, line: Int)] {
    guard let node, !isNull(node) else { return [] }
    guard let mapping = node.mapping else {
      throw .section(path: path, line: key.isEmpty ? node.mark?.line ?? line : line, key: key)
    }
    return mapping.map { name, value in
      (name.scalar?.string ?? "?", value, name.mark?.line ?? line)
    }
  }

  private static func isNull(_ node: Node) -> Bool {
    guard let scalar = node.scalar, scalar.style == .plain else { return false }
    return ["", "~", "null"].contains(scalar.string)
  }

  private static func scalar(_ node: Node) -> Setting.Scalar {
    switch node {
    case .scalar(let scalar):
      Setting.Scalar(text: scalar.string, style: scalar.style == .plain ? .plain : .quoted)
    case .mapping: Setting.Scalar(text: "a section", style: .collection)
    case .sequence: Setting.Scalar(text: "a list", style: .collection)
    case .alias: Setting.Scalar(text: "an alias", style: .collection)
    }
  }
}

private func configurationError(
  _ error: YamlError, _ text: String, _ path: String
) -> SpecGANError {
  switch error {
  case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
    .composer(_, let problem, let mark, _):
    .syntax(path: path, line: mark.line, reason: problem)
  case .reader(let problem, let offset, _, _):
    .syntax(
      path: path, line: 1 + text.prefix(offset ?? 0).count(where: \.isNewline), reason: problem)
  case .duplicatedKeysInMapping(let keys, let context):
    .duplicateKey(path: path, line: context.mark.line, key: keys.first ?? "")
  default:
    .syntax(path: path, line: 1, reason: "\(error)")
  }
}

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
