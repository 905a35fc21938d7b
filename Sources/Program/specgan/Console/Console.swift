import Foundation
internal import SpecGANErrors
import SpecGANFiles

/// Standard error for messages, standard output for results.
///
/// A message that cannot be written is dropped, so that hours of work do not end with a closed
/// terminal. A result that cannot be written is an error.
enum Console {
  /// Writes a line to standard error: `prefix` unchanged, then `text`. Control characters and bytes
  /// that are not UTF-8, which file names may contain, are escaped, as `\u{1B}`, `\n` and `\x83`,
  /// so that no name begins another line.
  static func message(_ text: String, after prefix: String = "") {
    show(prefix + text.withoutControls + "\n")
  }

  /// Writes `text` to standard error.
  static func show(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  /// Writes a line to standard output, with names as in ``message(_:after:)``.
  static func result(_ text: String) throws { try write(text.withoutControls) }

  /// Writes the lines of a table, whose cells have no control characters, to standard output.
  static func table(_ text: String) throws { try write(text) }

  /// Writes `value` to standard output, as one JSON object on one line.
  static func json(_ value: some Encodable) throws { try write(line(value)) }

  /// Writes `text` and a newline. If the reader has gone, as with `| head`, nothing is written, and
  /// the command ends with the status that it would have had.
  private static func write(_ text: String) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
    } catch {
      if errno == EPIPE { return }
      throw SpecGANError.lostResult(reason: unsafe String(cString: strerror(errno)))
    }
  }

  /// Returns `value` as one JSON object on one line, with sorted keys.
  static func line(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self).escapingForeignBytesInJSON
  }
}

extension String {
  /// The text on one line, with escaped control characters, which then have no effect on a
  /// terminal.
  var withoutControls: String {
    escapingForeignBytes.unicodeScalars.map { scalar in
      scalar.isControl ? scalar.escaped(asASCII: true) : String(scalar)
    }.joined()
  }

  /// The path as one word of a shell, which no command takes for an option.
  var pathInShell: String {
    (utf8.first == UInt8(ascii: "-") ? "./" + self : self).inShell
  }

  /// The text as one word of a shell: in quotes if it has other characters than plain ones. Control
  /// characters and bytes that are not UTF-8 are escaped, which needs bash, ksh or zsh.
  var inShell: String {
    if hasForeignBytes || unicodeScalars.contains(where: \.isControl) {
      return "$'\(unicodeScalars.map(\.inQuotes).joined())'"
    }
    let isPlain = unicodeScalars.allSatisfy {
      $0.isASCII
        && ($0.properties.isAlphabetic || "0123456789_-./,:=@%+".unicodeScalars.contains($0))
    }
    return isPlain && !isEmpty ? self : "'" + replacing("'", with: #"'\''"#) + "'"
  }
}

extension Unicode.Scalar {
  /// Whether the scalar has an effect on a terminal, or ends a line.
  fileprivate var isControl: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  /// The scalar between `$'` and `'`.
  fileprivate var inQuotes: String {
    if self == "'" || self == "\\" { return "\\\(self)" }
    let text = String(self)
    guard isControl || text.hasForeignBytes else { return text }
    return text.systemBytes.map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return "\\x" + (digits.count == 1 ? "0" : "") + digits
    }.joined()
  }
}

extension BinaryFloatingPoint {
  /// The value if it is finite, or nil: JSON has no NaN and no infinity.
  var finite: Self? { isFinite ? self : nil }
}

extension Double {
  /// The duration as `59 s`, `12 min 05 s` or `3 h 07 min`; `a long time` if it exceeds an
  /// `Int`.
  var duration: String {
    guard let seconds = Int(exactly: self.rounded()) else { return "a long time" }
    let (minutes, hours) = (seconds / 60, seconds / 3600)
    if hours > 0 { return "\(hours) h \(padded(minutes % 60)) min" }
    return minutes > 0 ? "\(minutes) min \(padded(seconds % 60)) s" : "\(seconds) s"
  }

  /// Returns the value with `digits` decimals.
  func rounded(to digits: Int) -> String { String(format: "%.\(digits)f", self) }

  /// A share as `33.3 %`.
  var percent: String { (100 * self).rounded(to: 1) + " %" }

  private func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
