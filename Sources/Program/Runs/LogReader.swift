internal import Foundation

/// A reader of the numbers in a run's log, one JSON object per line.
///
/// Lines as the program writes them, with plain keys and numbers, are read at about 100 MB/s. Other
/// lines are decoded by `JSONDecoder`.
struct LogReader {
  /// A number in a line, and the index of its key in ``keys``.
  typealias Number = (key: Int, value: Double)

  /// The keys with a number so far; the first is `step`.
  private(set) var keys = [Array("step".utf8)]
  /// The numbers of the last line read.
  private(set) var numbers: [Number] = []

  /// The index of `step` in ``keys``.
  static let stepKey = 0

  /// Returns the ranges of the lines in `text`, without newlines; a last line without a newline is
  /// ignored.
  static func lines(of text: [UInt8]) -> some Sequence<Range<Int>> {
    sequence(state: 0) { start in
      guard start < text.count, let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) else {
        return nil
      }
      defer { start = end + 1 }
      return start..<end
    }
  }

  /// Reads the numbers of `line`; ``numbers`` is empty if it is not a JSON object.
  mutating func read(_ text: [UInt8], _ line: Range<Int>) {
    if readPlain(text, line) { return }
    numbers.removeAll(keepingCapacity: true)
    let object = try? JSONDecoder().decode([String: PossibleNumber].self, from: Data(text[line]))
    for (key, value) in (object ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard let number = value.number else { continue }
      numbers.append((index(of: Array(key.utf8)[...], likely: 0), number))
    }
  }

  /// Reads the numbers of `line`; returns false if it is not an object of plain keys and numbers.
  mutating func readPlain(_ text: [UInt8], _ line: Range<Int>) -> Bool {
    numbers.removeAll(keepingCapacity: true)
    var place = line.lowerBound
    guard place < line.upperBound, text[place] == UInt8(ascii: "{") else { return false }
    while true {
      guard place + 1 < line.upperBound, text[place + 1] == UInt8(ascii: "\"") else { return false }
      let keyStart = place + 2
      place = keyStart
      while place < line.upperBound, text[place] != UInt8(ascii: "\"") {
        if text[place] == UInt8(ascii: "\\") { return false }
        place += 1
      }
      guard place + 1 < line.upperBound, text[place + 1] == UInt8(ascii: ":") else { return false }
      let key = text[keyStart..<place]
      place += 2
      guard let value = Self.number(text, at: &place, end: line.upperBound) else { return false }
      numbers.append((index(of: key, likely: (numbers.last?.key ?? 0) + 1), value))
      guard place < line.upperBound else { return false }
      if text[place] == UInt8(ascii: "}") { return place + 1 == line.upperBound }
      guard text[place] == UInt8(ascii: ",") else { return false }
    }
  }

  private mutating func index(of key: ArraySlice<UInt8>, likely: Int) -> Int {
    if likely < keys.count, keys[likely].elementsEqual(key) { return likely }
    if let found = keys.firstIndex(where: { $0.elementsEqual(key) }) { return found }
    keys.append(Array(key))
    return keys.count - 1
  }

  /// A value of any type; `number` is nil if it is not a number.
  private struct PossibleNumber: Decodable {
    let number: Double?

    init(from decoder: any Decoder) throws {
      number = try? decoder.singleValueContainer().decode(Double.self)
    }
  }
}

// MARK: - Numbers

extension LogReader {
  /// The powers of ten that are exact in double precision.
  private static let powersOfTen = (0...22).map { pow(10, Double($0)) }

  /// Returns the JSON number that begins at `place`, and moves `place` to its end; nil if there is
  /// none.
  private static func number(_ text: [UInt8], at place: inout Int, end: Int) -> Double? {
    let start = place
    let isNegative = place < end && text[place] == UInt8(ascii: "-")
    if isNegative { place += 1 }
    var (mantissa, exponent) = (UInt64(0), 0)
    let whole = digits(text, at: &place, end: end, into: &mantissa)
    guard whole > 0, whole == 1 || text[place - whole] != UInt8(ascii: "0") else { return nil }
    var count = whole
    if place < end, text[place] == UInt8(ascii: ".") {
      place += 1
      let fraction = digits(text, at: &place, end: end, into: &mantissa)
      guard fraction > 0 else { return nil }
      exponent = -fraction
      count += fraction
    }
    if place < end, text[place] | 0x20 == UInt8(ascii: "e") {
      place += 1
      let isSmall = place < end && text[place] == UInt8(ascii: "-")
      if isSmall || (place < end && text[place] == UInt8(ascii: "+")) { place += 1 }
      var power = UInt64(0)
      let digitCount = digits(text, at: &place, end: end, into: &power)
      guard digitCount > 0 else { return nil }
      exponent += (isSmall ? -1 : 1) * (digitCount < 6 ? Int(power) : 99_999)
    }
    // Both operands are exact, so the quotient or product is rounded once: Clinger, "How to Read
    // Floating Point Numbers Accurately", 1990.
    guard count < 19, mantissa <= 1 << 53, (-22...22).contains(exponent) else {
      return Double(String(decoding: text[start..<place], as: UTF8.self))
    }
    let value =
      exponent < 0
      ? Double(mantissa) / powersOfTen[-exponent] : Double(mantissa) * powersOfTen[exponent]
    return isNegative ? -value : value
  }

  /// Appends the digits from `place` on to `number`, which too many overflow; returns their count.
  private static func digits(
    _ text: [UInt8], at place: inout Int, end: Int, into number: inout UInt64
  ) -> Int {
    let start = place
    while place < end, (0x30...0x39).contains(text[place]) {
      number = 10 &* number &+ UInt64(text[place] - 0x30)
      place += 1
    }
    return place - start
  }
}
