/// A line on a terminal that is written over as work goes on; elsewhere, a line now and then.
struct ProgressLine {
  /// Nil where the first text is to be shown at once.
  private var lastShown: ContinuousClock.Instant?
  /// What is to be shown yet, when work ends.
  private var pending: String?
  private var isOpen = false

  /// A line for work that may be over before anybody wants to read of it, unless `showingFirst`.
  init(showingFirst: Bool = false) { lastShown = showingFirst ? nil : .now }

  /// Shows `text`, now or when work ends, unless another takes its place by then.
  mutating func show(_ text: String) {
    let pause: Duration = Console.isTerminal ? .milliseconds(100) : .seconds(10)
    if let lastShown, ContinuousClock.now - lastShown < pause {
      pending = text
      return
    }
    write(text)
  }

  /// Shows `text` on a line of its own, above this one.
  mutating func message(_ text: String) {
    close()
    Console.message(text)
  }

  /// Shows what is the last, and leaves the line as it stands.
  mutating func close() {
    if let pending, Console.isTerminal || isOpen { write(pending) }
    if isOpen && Console.isTerminal { Console.message("") }
    isOpen = false
    pending = nil
  }

  private mutating func write(_ text: String) {
    lastShown = .now
    pending = nil
    isOpen = true
    if Console.isTerminal { Console.show("\r\u{1B}[K\(text)") } else { Console.message(text) }
  }

  /// A bar of what is done; only its numbers where no terminal shows it.
  static func bar(_ done: Int, of total: Int) -> String {
    guard Console.isTerminal else { return "\(done)/\(total)" }
    let width = 24
    let filled = total > 0 ? width * done / total : width
    return "[" + String(repeating: "=", count: filled)
      + String(repeating: " ", count: width - filled) + "] \(done)/\(total)"
  }
}
