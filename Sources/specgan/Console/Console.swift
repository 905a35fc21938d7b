import Files
import Foundation

/// Standard error for people, standard output for results.
///
/// Work of hours must not end because nobody reads its messages any more, so those are lost in silence;
/// a result that cannot be written is an error.
enum Console {
  /// Whether people watch standard error.
  static let isTerminal = isatty(STDERR_FILENO) == 1

  /// Writes a line to standard error.
  static func message(_ text: String) { show(text + "\n") }

  /// Writes `text` to standard error.
  static func show(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  /// Writes a line to standard output.
  static func result(_ text: String) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
    } catch {
      throw FileError.unwritable(
        path: "Standard output", reason: "nobody reads it, or the disk is full")
    }
  }

  /// Writes `value` to standard output, as one JSON object on one line.
  static func json(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try result(String(decoding: try encoder.encode(value), as: UTF8.self))
  }
}

/// A line on a terminal that is written over as work goes on; elsewhere, a line now and then.
struct ProgressLine {
  private var lastWritten: ContinuousClock.Instant?
  private var isOpen = false

  /// Shows `text`, unless something was shown a moment ago.
  mutating func show(_ text: @autoclosure () -> String, isLast: Bool = false) {
    let pause: Duration = Console.isTerminal ? .milliseconds(100) : .seconds(10)
    let now = ContinuousClock.now
    if let lastWritten, now - lastWritten < pause, !isLast { return }
    lastWritten = now
    guard Console.isTerminal else { return Console.message(text()) }
    Console.show("\r\u{1B}[K\(text())")
    isOpen = true
  }

  /// Leaves the line as it stands.
  mutating func close() {
    if isOpen { Console.message("") }
    isOpen = false
  }

  /// A bar of what is done.
  static func bar(_ done: Int, of total: Int) -> String {
    let width = 24
    let filled = total > 0 ? width * done / total : width
    return "[" + String(repeating: "=", count: filled)
      + String(repeating: " ", count: width - filled) + "] \(done)/\(total)"
  }
}

extension BinaryFloatingPoint {
  /// Nil where there is none: JSON has no other word for what is no finite number.
  var finite: Self? { isFinite ? self : nil }
}

extension Double {
  /// As `59s`, `12m 05s` or `3h 07m`; or `a long time`, beyond counting.
  var duration: String {
    guard let seconds = Int(exactly: self.rounded()) else { return "a long time" }
    let (minutes, hours) = (seconds / 60, seconds / 3600)
    if hours > 0 { return "\(hours)h \(padded(minutes % 60))m" }
    return minutes > 0 ? "\(minutes)m \(padded(seconds % 60))s" : "\(seconds)s"
  }

  /// With `digits` after the point.
  func rounded(to digits: Int) -> String { String(format: "%.\(digits)f", self) }

  private func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
