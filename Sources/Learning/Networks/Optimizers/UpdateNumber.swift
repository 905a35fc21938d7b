/// The number of an update of a network's parameters, and the parameters that it changes.
///
/// Progressive growing adds parameters during training. Their first update has the number 1, as if
/// training began with it. Parameters of later levels do not change, nor those between features and
/// samples of a level that is no longer part of the output.
package struct UpdateNumber: Equatable, Sendable {
  /// The number of the update, from 1, for the parameters of level 0.
  package let number: Int
  /// The number of updates before the first one of each level so far; nil if the network does not
  /// grow, so that every update changes all parameters.
  package let before: [Int]?
  /// Whether the output blends the last two levels.
  package let isBlending: Bool

  /// Creates the number of an update of all parameters.
  package init(_ number: Int) {
    self.number = number
    before = nil
    isBlending = false
  }

  /// Creates the number of an update of a growing network at the last level of `before`.
  package init(_ number: Int, before: [Int], isBlending: Bool) {
    self.number = number
    self.before = before
    self.isBlending = isBlending
  }

  /// Returns the number of the update for the parameter `entry`, from 1; nil if it does not change.
  package func number(of entry: ParameterLayout.Entry) -> Int? {
    guard let before else { return number }
    let level = before.count - 1
    let isUsed =
      entry.role != .samples || entry.level == level || (isBlending && entry.level == level - 1)
    return entry.level <= level && isUsed ? number - before[entry.level] : nil
  }

  /// Returns the ranges of consecutive parameters in `layout` with the same number and factor of
  /// the learning rate. Parameters that do not change are in none.
  package func sections(of layout: ParameterLayout) -> [ParameterSection] {
    var sections: [ParameterSection] = []
    for entry in layout.entries {
      guard let number = number(of: entry) else { continue }
      let end = entry.offset + entry.count
      if let last = sections.last, last.elements.upperBound == entry.offset,
        last.rateFactor == entry.role.rateFactor, last.number == number
      {
        sections[sections.count - 1].elements = last.elements.lowerBound..<end
      } else {
        sections.append(
          ParameterSection(
            elements: entry.offset..<end, rateFactor: entry.role.rateFactor, number: number))
      }
    }
    return sections
  }
}

/// A range of consecutive parameters that are updated alike.
package struct ParameterSection: Equatable, Sendable {
  /// The indices of the elements among all the network's.
  package fileprivate(set) var elements: Range<Int>
  /// The factor of the learning rate.
  package let rateFactor: Float
  /// The number of the update, from 1.
  package let number: Int
}
