/// The progress of work: on a terminal one line that is updated, elsewhere a line now and then, or
/// a JSON object each time.
struct ProgressLine {
  private let messages: Messages
  /// Nil if the first report is to be shown at once.
  private var lastShown: ContinuousClock.Instant?
  /// A report that is shown when the work ends, unless a newer one replaces it.
  private var pending: (any ProgressReport)?
  private var isOpen = false

  private var terminal: Terminal { messages.terminal }

  /// Creates a line. The first report is delayed, so that short work prints nothing, unless
  /// `showingFirst`.
  init(_ messages: Messages, showingFirst: Bool = false) {
    self.messages = messages
    lastShown = showingFirst ? nil : .now
  }

  /// Shows `report` now, or when the work ends unless a newer one replaces it.
  mutating func show(_ report: some ProgressReport) {
    if messages.isQuiet { return }
    if messages.form == .json && report.isEachWanted { return messages.progress(report) }
    let isOften = terminal.isLive || messages.form == .json
    let pause: Duration = isOften ? .milliseconds(100) : .seconds(10)
    if let lastShown, ContinuousClock.now - lastShown < pause {
      pending = report
      return
    }
    write(report)
  }

  /// Shows a warning on a line of its own, above this one.
  mutating func warn(_ text: String) {
    close()
    messages.warn(text)
  }

  /// Shows a message for people on a line of its own, below this one.
  mutating func announce(_ text: String) {
    guard messages.form == .line, !messages.isQuiet else { return }
    close()
    messages.announce(text)
  }

  /// Shows the last report, and ends the line.
  mutating func close() {
    if let pending, terminal.isLive || messages.form == .json || isOpen { write(pending) }
    if isOpen && terminal.isLive && messages.form == .line { Console.message("") }
    isOpen = false
    pending = nil
  }

  private mutating func write(_ report: some ProgressReport) {
    lastShown = .now
    pending = nil
    isOpen = true
    if messages.form == .json { return messages.progress(report) }
    let parts = report.parts(isLive: terminal.isLive)
    guard terminal.isLive else {
      return Console.message(parts.text(width: nil) { text, _ in text })
    }
    // The last column stays free: a cursor after it makes some terminals begin a new line.
    let text = parts.text(width: terminal.width - 1, style: terminal.styled)
    Console.show("\r\u{1B}[K\(text)")
  }
}

/// A report on work in progress: encoded for programs, in parts for people.
protocol ProgressReport: Encodable, Sendable {
  /// Returns the parts in the order of the line.
  func parts(isLive: Bool) -> [LinePart]
  /// Whether programs get each report, rather than ten per second.
  var isEachWanted: Bool { get }
}

/// A part of a progress line, which may be left out of a narrow one.
struct LinePart: Equatable, Sendable {
  var label = ""
  let value: String
  var unit = ""
  /// Parts of the highest rank are left out first; rank 0 stays to the last.
  let rank: Int

  var count: Int {
    label.count + (label.isEmpty ? 0 : 1) + value.count + (unit.isEmpty ? 0 : 1) + unit.count
  }
}

extension [LinePart] {
  /// Returns the parts on one line of `width` columns, without the least important ones if they do
  /// not fit.
  func text(width: Int?, style: (String, Terminal.Style) -> String) -> String {
    let gap = 2
    var parts = self
    if let width {
      func length() -> Int { parts.reduce(-gap) { $0 + $1.count + gap } }
      while parts.count > 1, length() > width,
        let least = parts.indices.max(by: { parts[$0].rank < parts[$1].rank })
      { parts.remove(at: least) }
      if length() > width { return String(parts[0].value.prefix(Swift.max(0, width))) }
    }
    return parts.map { part in
      [style(part.label, .dim), part.value, style(part.unit, .dim)].filter { !$0.isEmpty }
        .joined(separator: " ")
    }.joined(separator: "  ")
  }
}

/// The part of a known amount of work that is done.
struct DoneReport: ProgressReport {
  /// The task in a word or two.
  let task: String
  let done, total: Int
  /// The estimated time until all is done, in s; nil if it is not known.
  var secondsLeft: Double?

  let isEachWanted = false

  private enum CodingKeys: String, CodingKey {
    case task, done, total
    case secondsLeft = "seconds_left"
  }

  func parts(isLive: Bool) -> [LinePart] {
    let bar = isLive ? [LinePart(value: bar, rank: 2)] : []
    // As wide as the longest of consecutive tasks, so that the bar does not move.
    let padding = String(repeating: " ", count: max(0, 12 - task.count))
    let left = secondsLeft.map { [LinePart(value: $0.duration, unit: "left", rank: 3)] } ?? []
    return [LinePart(value: isLive ? task + padding : task, rank: 1)] + bar + [
      LinePart(value: "\(done)/\(total)", rank: 0)
    ] + left
  }

  private var bar: String {
    let width = 24
    let filled = total > 0 ? width * done / total : width
    return "[" + String(repeating: "=", count: filled)
      + String(repeating: " ", count: width - filled) + "]"
  }
}
