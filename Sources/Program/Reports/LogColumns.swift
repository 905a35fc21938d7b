internal import Foundation
package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANRuns

/// A run's log by columns: for every key that holds numbers, the steps that have it and its values.
///
/// It is read for curves: a key that only some lines have is a shorter column, a line that is none of a log
/// is passed over, and a number may be off by its last bit. 200,000 lines take about a third of a second.
package struct LogColumns: Equatable, Sendable {
  /// One key's numbers.
  package struct Column: Equatable, Sendable {
    /// The steps that have one, rising.
    package var steps: [Double] = []
    /// The number of each.
    package var values: [Double] = []
  }

  private var keys: [[UInt8]] = []
  private var columns: [Column] = []

  /// Reads the log at `path`; one that is not there is empty.
  ///
  /// - Throws: ``SpecGANError`` where it cannot be read.
  package init(path: String) throws(SpecGANError) {
    self.init(text: Folder.exists(path) ? try MappedFile(path: path).contents : [])
  }

  /// Takes `text` apart, a JSON object a line; a last line without its newline is left out.
  package init(text: [UInt8]) {
    var start = 0
    var numbers: [(column: Int, value: Double)] = []
    while start < text.count {
      guard let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) else { return }
      numbers.removeAll(keepingCapacity: true)
      if !readPlain(text, start..<end, into: &numbers) {
        numbers.removeAll(keepingCapacity: true)
        readAny(text[start..<end], into: &numbers)
      }
      add(numbers)
      start = end + 1
    }
  }

  /// The column of `key`; empty where no line has it.
  package subscript(key: String) -> Column {
    keys.firstIndex(of: Array(key.utf8)).map { columns[$0] } ?? Column()
  }

  /// The last step; 0 before the first.
  package var lastStep: Int { Int(self["step"].values.last ?? 0) }

  /// Adds a line, unless its step is not beyond those before it.
  private mutating func add(_ numbers: [(column: Int, value: Double)]) {
    guard let stepColumn = keys.firstIndex(of: Array("step".utf8)),
      let step = numbers.first(where: { $0.column == stepColumn })?.value,
      step > columns[stepColumn].values.last ?? 0, step < 1e15
    else { return }
    for (column, value) in numbers {
      columns[column].steps.append(step)
      columns[column].values.append(value)
    }
  }

  private mutating func column(of key: ArraySlice<UInt8>, likely: Int) -> Int {
    if likely < keys.count, keys[likely].elementsEqual(key) { return likely }
    if let found = keys.firstIndex(where: { $0.elementsEqual(key) }) { return found }
    keys.append(Array(key))
    columns.append(Column())
    return keys.count - 1
  }

  // MARK: - Lines

  /// Those that are doubles.
  private static let powersOfTen = (0...22).map { pow(10, Double($0)) }

  /// Reads an object of plain keys and numbers, as the program writes them; false where it is another.
  private mutating func readPlain(
    _ text: [UInt8], _ line: Range<Int>, into numbers: inout [(column: Int, value: Double)]
  ) -> Bool {
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
      let column = column(of: text[keyStart..<place], likely: (numbers.last?.column ?? -1) + 1)
      place += 2
      guard let value = Self.number(text, at: &place, end: line.upperBound) else { return false }
      numbers.append((column, value))
      guard place < line.upperBound else { return false }
      if text[place] == UInt8(ascii: "}") { return place + 1 == line.upperBound }
      guard text[place] == UInt8(ascii: ",") else { return false }
    }
  }

  /// Reads any JSON object's numbers.
  private mutating func readAny(
    _ line: ArraySlice<UInt8>, into numbers: inout [(column: Int, value: Double)]
  ) {
    let object = try? JSONDecoder().decode([String: PossibleNumber].self, from: Data(line))
    for (key, value) in (object ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard let number = value.number else { continue }
      numbers.append((column(of: Array(key.utf8)[...], likely: 0), number))
    }
  }

  /// A value of any kind; nil where it is no number.
  private struct PossibleNumber: Decodable {
    let number: Double?

    init(from decoder: any Decoder) throws {
      number = try? decoder.singleValueContainer().decode(Double.self)
    }
  }

  /// The JSON number that begins at `place`, which then stands behind it.
  private static func number(_ text: [UInt8], at place: inout Int, end: Int) -> Double? {
    var (mantissa, exponent, digits) = (UInt64(0), 0, 0)
    let isNegative = place < end && text[place] == UInt8(ascii: "-")
    if isNegative { place += 1 }
    var isFraction = false
    while place < end {
      let byte = text[place]
      if byte >= 0x30 && byte <= 0x39 {
        // What 64 bits do not hold any more changes no number by a visible part.
        if mantissa < 1 << 59 {
          mantissa = 10 * mantissa + UInt64(byte - 0x30)
          exponent -= isFraction ? 1 : 0
        } else {
          exponent += isFraction ? 0 : 1
        }
        digits += 1
      } else if byte == UInt8(ascii: "."), !isFraction {
        isFraction = true
      } else {
        break
      }
      place += 1
    }
    guard digits > 0 else { return nil }
    exponent += power(text, at: &place, end: end)
    let value =
      (-22...0).contains(exponent)
      ? Double(mantissa) / powersOfTen[-exponent] : Double(mantissa) * pow(10, Double(exponent))
    return isNegative ? -value : value
  }

  /// The exponent that may begin at `place`, which then stands behind it.
  private static func power(_ text: [UInt8], at place: inout Int, end: Int) -> Int {
    guard place < end, text[place] | 0x20 == UInt8(ascii: "e") else { return 0 }
    place += 1
    let isNegative = place < end && text[place] == UInt8(ascii: "-")
    if isNegative || (place < end && text[place] == UInt8(ascii: "+")) { place += 1 }
    var power = 0
    while place < end, text[place] >= 0x30, text[place] <= 0x39 {
      power = min(10 * power + Int(text[place] - 0x30), 9_999)
      place += 1
    }
    return isNegative ? -power : power
  }
}
