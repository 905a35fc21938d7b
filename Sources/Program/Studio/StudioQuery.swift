internal import Foundation
internal import SpecGANErrors

/// The parameters of a request: names with values, as browsers send forms.
///
/// Source: WHATWG, "URL Standard", application/x-www-form-urlencoded.
struct StudioQuery: Sendable {
  private let values: [String: String]

  /// Parses `text`, such as `run=0&number=3`.
  ///
  /// - Throws: ``SpecGANError`` if it is not UTF-8 after decoding, or a name occurs twice.
  init(_ text: some StringProtocol) throws(SpecGANError) {
    var values: [String: String] = [:]
    for part in text.split(separator: "&") {
      let words = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map { String($0).replacing("+", with: " ").removingPercentEncoding }
      guard let name = words[0], let value = words.count > 1 ? words[1] : "" else {
        throw .studioParameter("The query has a part that is not UTF-8")
      }
      guard values.updateValue(value, forKey: name) == nil else {
        throw .studioParameter("\(name) is given twice")
      }
    }
    self.values = values
  }

  /// The value of `name`; nil if it is missing.
  subscript(name: String) -> String? { values[name] }

  /// Checks that there is no other parameter than `names`.
  ///
  /// - Throws: ``SpecGANError`` if there is one.
  func check(names: [String]) throws(SpecGANError) {
    if let other = values.keys.sorted().first(where: { !names.contains($0) }) {
      throw .studioParameter("\(other) is no parameter; use \(names.joined(separator: ", "))")
    }
  }

  /// Returns the integer `name`, `standard` if it is missing.
  ///
  /// - Throws: ``SpecGANError`` if it is none, or not in `range`.
  func integer<Number: FixedWidthInteger>(
    _ name: String, in range: ClosedRange<Number>, standard: Number
  ) throws(SpecGANError) -> Number {
    guard let text = values[name] else { return standard }
    guard let number = Number(text), range.contains(number) else {
      throw .studioParameter(
        "\(name) is \(text); use a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// Returns the number `name`, 0 if it is missing.
  ///
  /// - Throws: ``SpecGANError`` if it is none, or not in `range`.
  func number(_ name: String, in range: ClosedRange<Double>) throws(SpecGANError) -> Double {
    guard let text = values[name] else { return 0 }
    guard let number = Double(text), range.contains(number) else {
      throw .studioParameter(
        "\(name) is \(text); use a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// Returns the pairs of `name`, such as `brightness:2,decay:-1`, each name once; nil if it is
  /// missing.
  ///
  /// - Throws: ``SpecGANError`` if they have another form, or a number is not in `range`.
  func pairs(
    _ name: String, in range: ClosedRange<Double>
  ) throws(SpecGANError) -> [(name: String, value: Double)]? {
    guard let text = values[name] else { return nil }
    var pairs: [(name: String, value: Double)] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let words = part.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      guard words.count == 2, !words[0].isEmpty, let value = Double(words[1]),
        range.contains(value), !pairs.contains(where: { $0.name == words[0] })
      else {
        throw .studioParameter(
          "\(name) is \(text); use names, each once, with numbers from \(range.lowerBound) to "
            + "\(range.upperBound), such as a:1,b:0.5")
      }
      pairs.append((words[0], value))
    }
    return pairs
  }
}
