/// How far work is: on a terminal one line that is written over, elsewhere a line now and then, or
/// a JSON object each time.
struct ProgressLine {
  private let messages: Messages
  /// Nil where the first is to be shown at once.
  private var lastShown: ContinuousClock.Instant?
  /// What is to be shown yet, when work ends.
  private var pending: (any ProgressReport)?
  private var isOpen = false

  private var terminal: Terminal { messages.terminal }

  /// A line for work that may be over before anybody wants to read of it, unless `showingFirst`.
  init(_ messages: Messages, showingFirst: Bool = false) {
    self.messages = messages
    lastShown = showingFirst ? nil : .now
  }

  /// Shows `report`, now or when work ends, unless another takes its place by then.
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

  /// Shows what is the last, and leaves the line as it stands.
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
    // The last column stays free: a cursor behind it makes some terminals begin a new line.
    let text = parts.text(width: terminal.width - 1, style: terminal.styled)
    Console.show("\r\u{1B}[K\(text)")
  }
}

/// What there is to say of work that goes on: to programs as it is encoded, to people in parts.
protocol ProgressReport: Encodable, Sendable {
  /// Its parts in the order of the line.
  func parts(isLive: Bool) -> [LinePart]
  /// Whether programs want every one of them, and not ten a second.
  var isEachWanted: Bool { get }
}

/// A part of a line that may be left out where there is no room.
struct LinePart: Equatable, Sendable {
  var label = ""
  let value: String
  var unit = ""
  /// Those of the highest rank go first; one of rank 0 stays to the last.
  let rank: Int

  var count: Int {
    label.count + (label.isEmpty ? 0 : 1) + value.count + (unit.isEmpty ? 0 : 1) + unit.count
  }
}

extension [LinePart] {
  /// The parts on one line of `width` columns: the least important are left out whole until it
  /// fits.
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

/// How much of a known amount is done.
struct DoneReport: ProgressReport {
  /// What is being done, a word or two.
  let task: String
  let done, total: Int

  let isEachWanted = false

  private enum CodingKeys: String, CodingKey { case task, done, total }

  func parts(isLive: Bool) -> [LinePart] {
    let bar = isLive ? [LinePart(value: bar, rank: 2)] : []
    // As long as the longest of the tasks that follow each other, so that the bar stays where it
    // is.
    let padding = String(repeating: " ", count: max(0, 12 - task.count))
    return [LinePart(value: isLive ? task + padding : task, rank: 1)] + bar + [
      LinePart(value: "\(done)/\(total)", rank: 0)
    ]
  }

  private var bar: String {
    let width = 24
    let filled = total > 0 ? width * done / total : width
    return "[" + String(repeating: "=", count: filled)
      + String(repeating: " ", count: width - filled) + "]"
  }
}
