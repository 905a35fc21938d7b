internal import SpecGANFiles

/// The label that a name stands for, as people type it.
package enum LabelMatch: Equatable, Sendable {
  /// The index of the label.
  case label(Int)
  /// Several labels, which differ from the name only in case.
  case several([String])
  /// No label; `nearest` is the most similar one, if it is a likely typing error.
  case unknown(nearest: String?)

  /// Whether there is at least one such label.
  package var isKnown: Bool {
    if case .unknown = self { false } else { true }
  }

  /// Finds the label that `name` stands for among `labels`.
  ///
  /// A label with the same bytes is preferred to one that is canonically equivalent, because macOS
  /// and most keyboards write accents in different Unicode forms; both are preferred to one that
  /// differs in case.
  package init(_ name: String, among labels: [String]) {
    if let index = labels.firstIndex(where: { $0.utf8.elementsEqual(name.utf8) })
      ?? labels.firstIndex(of: name)
    {
      self = .label(index)
      return
    }
    let folded = name.lowercased()
    let alike = labels.indices.filter { labels[$0].lowercased() == folded }
    switch alike.count {
    case 0: self = .unknown(nearest: Self.nearest(to: folded, among: labels))
    case 1: self = .label(alike[0])
    default: self = .several(alike.map { labels[$0] })
    }
  }

  /// Returns the label closest to `name`, regardless of case; nil if more than one of three
  /// characters is wrong.
  private static func nearest(to name: String, among labels: [String]) -> String? {
    let distances = labels.map { name.editDistance(to: $0.lowercased()) }
    guard let least = distances.min(), 3 * least <= name.count else { return nil }
    return distances.firstIndex(of: least).map { labels[$0] }
  }
}

extension LabelMatch {
  /// Splits `list` at commas, but not inside of a label: of several items whose names are labels,
  /// the longest counts.
  ///
  /// - Parameters:
  ///   - list: names, or texts with a name each such as `kick=0.7`, separated by commas.
  ///   - labels: the labels, which may contain commas.
  ///   - name: returns the name in an item; nil if it has none.
  /// - Returns: the items, of which those without the name of a label have no comma.
  package static func items(
    of list: String, among labels: [String], name: (String) -> String? = { $0 }
  ) -> [String] {
    let most = labels.map { label in label.utf8.count { $0 == UInt8(ascii: ",") } }.max() ?? 0
    var rest = list.split(separator: ",", omittingEmptySubsequences: false).map(String.init)[...]
    var items: [String] = []
    while let first = rest.first {
      let counts = (1...min(most + 1, rest.count)).reversed()
      let length = counts.first { count in
        let item = rest.prefix(count).joined(separator: ",")
        return name(item).map { LabelMatch($0, among: labels).isKnown } ?? false
      }
      items.append(length.map { rest.prefix($0).joined(separator: ",") } ?? first)
      rest = rest.dropFirst(length ?? 1)
    }
    return items
  }
}
