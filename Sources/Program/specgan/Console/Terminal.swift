import Foundation

/// The capabilities of standard error.
struct Terminal: Sendable {
  /// Whether a line can be updated in place: on a terminal with escape sequences.
  let isLive: Bool
  /// Whether colors are wanted. Source: <https://no-color.org>.
  let hasColors: Bool
  private let columns: Int?

  /// Creates the description of standard error under the variables `TERM`, `NO_COLOR` and
  /// `COLUMNS`.
  init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    isLive = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
    hasColors = isLive && (environment["NO_COLOR"] ?? "").isEmpty
    columns = environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  /// The current number of columns, read each time because windows change.
  var width: Int {
    var size = winsize()
    let isKnown = unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0
    if isKnown && size.ws_col > 0 { return Int(size.ws_col) }
    return columns ?? 80
  }

  /// Returns `text` in `style`, if colors are wanted.
  func styled(_ text: String, _ style: Style) -> String {
    hasColors && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// A style, by the numbers of ECMA-48, section 8.3.117.
  enum Style: Int {
    case dim = 2
    case red = 31
    case yellow = 33
  }
}
