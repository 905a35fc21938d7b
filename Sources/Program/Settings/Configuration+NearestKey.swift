extension Configuration {
  /// The names of the sections, in the order of a file.
  static let sections: [String] = settings.reduce(into: []) { sections, setting in
    if !setting.section.isEmpty && !sections.contains(setting.section) {
      sections.append(setting.section)
    }
  }

  /// Returns the key, or the section at the top level, that is closest to `name`.
  ///
  /// The part after the dot counts before the section, so that a correct key in a wrong section is
  /// found.
  static func nearestKey(to name: String) -> String {
    let candidates = keys + sections
    let nearest = candidates.min { first, second in
      distance(name, first) < distance(name, second)
    }
    return nearest ?? ""
  }

  private static func distance(_ name: String, _ candidate: String) -> (key: Int, whole: Int) {
    let last = { (name: String) in name.split(separator: ".").last.map(String.init) ?? name }
    return (editDistance(last(name), last(candidate)), editDistance(name, candidate))
  }

  /// Returns the number of insertions, deletions and replacements between the two. Source: Wagner
  /// and Fischer 1974.
  private static func editDistance(_ first: String, _ second: String) -> Int {
    let second = Array(second)
    var row = Array(0...second.count)
    for (i, character) in first.prefix(100).enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in second.enumerated() {
        let replaced = diagonal + (character == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
      }
    }
    return row[second.count]
  }
}
