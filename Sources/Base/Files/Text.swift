extension String {
  /// The number of first characters that ``editDistance(to:)`` compares.
  private static let comparedCount = 100

  /// Returns the number of insertions, deletions and replacements of characters between this text
  /// and `other`, of their first 100 characters.
  ///
  /// Source: Wagner and Fischer, "The String-to-String Correction Problem", JACM 1974.
  package func editDistance(to other: String) -> Int {
    let other = Array(other.prefix(Self.comparedCount))
    var row = Array(0...other.count)
    for (i, character) in prefix(Self.comparedCount).enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for j in other.indices {
        let replaced = diagonal + (character == other[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = Swift.min(replaced, row[j] + 1, diagonal + 1)
      }
    }
    return row[other.count]
  }
}

extension Int {
  /// The number with commas between groups of three digits: `16,384`.
  package var grouped: String {
    let digits = String(magnitude)
    let grouped = digits.enumerated().map { index, digit in
      (index > 0 && (digits.count - index) % 3 == 0 ? "," : "") + String(digit)
    }
    return (self < 0 ? "-" : "") + grouped.joined()
  }
}
