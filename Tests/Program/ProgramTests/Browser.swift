import Foundation
import Glibc
import SpecGANTestSupport
import Testing

/// Headless Chromium that reaches this machine at most, controlled over a pair of pipes.
///
/// Source: the Chrome DevTools Protocol; `--remote-debugging-pipe` takes JSON objects on descriptor
/// 3 and gives them on descriptor 4, each ended by a zero byte.
final class Browser {
  /// Everything the page did that it should not: errors on the console, exceptions, requests that
  /// failed, and requests for anything but the page, what it carries in itself, and other paths of
  /// a page's own server.
  private(set) var complaints: [String] = []

  private let process: RunningProgram
  private let commands: CInt
  private let answers: CInt
  private var session: String?
  private var lastCommand = 0
  private var page = ""
  private var unread: [UInt8] = []
  private var hasLoaded = false

  init(in folder: TemporaryFolder) throws {
    let names = ["commands", "answers"].map(folder.path)
    for name in names { unsafe mkfifo(name, 0o600) }
    // Open at both ends, so that neither waits for the browser.
    commands = unsafe Glibc.open(names[0], O_RDWR | O_CLOEXEC)
    answers = unsafe Glibc.open(names[1], O_RDWR | O_CLOEXEC)
    process = try RunningProgram(
      "/usr/bin/env",
      [
        "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--no-first-run", "--disable-component-update", "--disable-background-networking",
        "--autoplay-policy=no-user-gesture-required", "--mute-audio",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        "--user-data-dir=\(folder.path("profile"))",
        "--remote-debugging-pipe", "about:blank",
      ], in: folder, after: "exec 3<commands 4>answers;")
  }

  deinit {
    process.kill(SIGTERM)
    _ = process.wait()
    close(commands)
    close(answers)
  }

  /// Opens the file `path` in a window of `width` by `height` and waits until it has loaded.
  func open(_ path: String, width: Int = 1200, height: Int = 900) throws {
    try open(address: URL(filePath: path).absoluteString, offline: true, width, height)
  }

  /// Opens a page of a server of this machine, as ``open(_:width:height:)`` does.
  func open(address: String, width: Int = 1200, height: Int = 900) throws {
    try open(address: address, offline: false, width, height)
  }

  private func open(address: String, offline: Bool, _ width: Int, _ height: Int) throws {
    let target = try send("Target.createTarget", ["url": "about:blank"])
    let attached = try send(
      "Target.attachToTarget", ["targetId": target["targetId"] ?? "", "flatten": true])
    session = attached["sessionId"] as? String
    for domain in ["Page", "Runtime", "Log", "Network"] { try send("\(domain).enable") }
    try send(
      "Emulation.setDeviceMetricsOverride",
      ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": false])
    try send(
      "Network.emulateNetworkConditions",
      ["offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1])
    page = address
    hasLoaded = false
    try send("Page.navigate", ["url": page])
    while !hasLoaded { try take(try nextMessage()) }
  }

  /// Returns the value of the expression `script`; of a promise, its result.
  func value(of script: String) throws -> Any {
    let answer = try send(
      "Runtime.evaluate", ["expression": script, "awaitPromise": true, "returnByValue": true])
    if let details = answer["exceptionDetails"] { throw BrowserError.script("\(details)") }
    return (answer["result"] as? [String: Any])?["value"] ?? NSNull()
  }

  /// Opens the file `path` at the width of a phone; expects nothing wider, and no error.
  func expectFitsPhone(_ path: String, width: Int = 400) throws {
    try open(path, width: width, height: 800)
    let fits = try value(of: "document.documentElement.scrollWidth <= innerWidth") as? Bool
    #expect(fits == true, "nothing is wider than a phone but what scrolls by itself")
    #expect(complaints == [])
  }

  /// Moves the pointer to a position, in pixels of the window, with its button down if `isDown`.
  func movePointer(x: Double, y: Double, isDown: Bool = false) throws {
    try send(
      "Input.dispatchMouseEvent",
      [
        "type": "mouseMoved", "x": x, "y": y, "button": isDown ? "left" : "none",
        "buttons": isDown ? 1 : 0,
      ])
  }

  /// Presses or releases the button of the pointer.
  func pointer(_ kind: String, x: Double, y: Double) throws {
    try send(
      "Input.dispatchMouseEvent",
      [
        "type": kind, "x": x, "y": y, "button": "left", "buttons": kind == "mousePressed" ? 1 : 0,
        "clickCount": 1,
      ])
  }

  /// The numbers of keys that are not letters or digits, whose numbers are those of ASCII.
  private static let keyNumbers = [
    "Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39,
    "ArrowDown": 40,
  ]

  /// Presses and releases `key`, as `KeyboardEvent.key` names it, which is at `code` of the
  /// keyboard.
  func press(_ key: String, at code: String? = nil, withShift: Bool = false) throws {
    let text = key == "Enter" ? "\r" : key.count == 1 ? key : nil
    let isNamed = key.count > 1 || key.contains { !$0.isLetter && !$0.isNumber }
    let number = isNamed ? Self.keyNumbers[key] : key.uppercased().utf8.first.map(Int.init)
    var event: [String: Any] = ["key": key, "modifiers": withShift ? 8 : 0]
    (event["code"], event["windowsVirtualKeyCode"]) = (code, number)
    (event["type"], event["text"]) = (text == nil ? "rawKeyDown" : "keyDown", text)
    try send("Input.dispatchKeyEvent", event)
    (event["type"], event["text"]) = ("keyUp", nil)
    try send("Input.dispatchKeyEvent", event)
  }

  /// Types `text` into the focused element.
  func type(_ text: String) throws { try send("Input.insertText", ["text": text]) }

  /// Saves files that pages offer in the folder `path`.
  func saveFiles(in path: String) throws {
    let own = session
    session = nil
    defer { session = own }
    try send("Browser.setDownloadBehavior", ["behavior": "allow", "downloadPath": path])
  }

  /// Waits at most half a minute until the expression `condition` is true.
  func wait(for condition: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let end = ContinuousClock.now + .seconds(300)
    while ContinuousClock.now < end {
      if try value(of: condition) as? Bool == true { return }
      usleep(20_000)
    }
    Issue.record("\(condition) is not true", sourceLocation: sourceLocation)
  }

  /// Makes pages see the system settings `features`, such as `prefers-reduced-motion`.
  func emulate(_ features: [String: String]) throws {
    try send(
      "Emulation.setEmulatedMedia",
      ["features": features.map { ["name": $0.key, "value": $0.value] }])
  }

  /// Runs `script` at the start of each page that is opened in the current window.
  func begin(pagesWith script: String) throws {
    try send("Page.addScriptToEvaluateOnNewDocument", ["source": script])
  }

  /// Opens the page of the current window again.
  func reload() throws {
    hasLoaded = false
    try send("Page.reload")
    while !hasLoaded { try take(try nextMessage()) }
  }

  /// Returns the window as PNG, in the colors of light or dark systems.
  func picture(isDark: Bool) throws -> Data {
    try send(
      "Emulation.setEmulatedMedia",
      ["features": [["name": "prefers-color-scheme", "value": isDark ? "dark" : "light"]]])
    let answer = try send("Page.captureScreenshot", ["captureBeyondViewport": false])
    return Data(base64Encoded: answer["data"] as? String ?? "") ?? Data()
  }

  // MARK: - Messages

  @discardableResult
  private func send(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] {
    lastCommand += 1
    var command: [String: Any] = ["id": lastCommand, "method": method, "params": parameters]
    command["sessionId"] = session
    let bytes = try Array(JSONSerialization.data(withJSONObject: command)) + [0]
    guard unsafe write(commands, bytes, bytes.count) == bytes.count else {
      throw BrowserError.silent(method)
    }
    while true {
      let message = try nextMessage()
      guard message["id"] as? Int == lastCommand else {
        try take(message)
        continue
      }
      if let error = message["error"] { throw BrowserError.refused("\(method): \(error)") }
      return message["result"] as? [String: Any] ?? [:]
    }
  }

  /// Returns the next message; throws if the browser sends none for a minute.
  private func nextMessage() throws -> [String: Any] {
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      if let end = unread.firstIndex(of: 0) {
        let object = try JSONSerialization.jsonObject(with: Data(unread[..<end]))
        unread.removeSubrange(...end)
        return object as? [String: Any] ?? [:]
      }
      var state = pollfd(fd: answers, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&state, 1, 60_000) == 1 else {
        throw BrowserError.silent(process.messages)
      }
      let count = unsafe read(answers, &block, block.count)
      guard count > 0 else { throw BrowserError.silent(process.messages) }
      unread += block[..<count]
    }
  }

  /// Records the errors and requests of the page.
  private func take(_ message: [String: Any]) throws {
    let parameters = message["params"] as? [String: Any] ?? [:]
    switch message["method"] as? String {
    case "Page.loadEventFired": hasLoaded = true
    case "Runtime.exceptionThrown", "Network.loadingFailed": complaints.append("\(parameters)")
    case "Runtime.consoleAPICalled":
      if parameters["type"] as? String != "log" { complaints.append("\(parameters)") }
    case "Log.entryAdded": complaints.append("\(parameters)")
    case "Network.requestWillBeSent":
      let url = (parameters["request"] as? [String: Any])?["url"] as? String ?? ""
      let isOwn =
        url == page || url.hasPrefix("data:") || url.hasPrefix("blob:")
        || page.hasPrefix("http://127.0.0.1:") && url.hasPrefix(page)
      if !isOwn { complaints.append("requested \(url)") }
    default: break
    }
  }
}

/// An error of the browser.
enum BrowserError: Error {
  case silent(String)
  case refused(String)
  case script(String)
}
