internal import Foundation
package import SpecGANErrors

/// A response of the studio.
package struct StudioResponse: Equatable, Sendable {
  /// The status of HTTP.
  package let status: Int
  /// The type of the body.
  package let type: String
  /// The name under which a browser saves the body; nil if it shows or uses it.
  package var fileName: String?
  /// The body.
  package let body: [UInt8]

  /// Creates a response.
  package init(_ status: Int = 200, type: String, fileName: String? = nil, _ body: [UInt8]) {
    (self.status, self.type, self.fileName, self.body) = (status, type, fileName, body)
  }

  /// Creates a response with `value` as JSON.
  init(_ status: Int = 200, json value: some Encodable) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else {
      trap("a response has a value that is not JSON")
    }
    self.init(status, type: "application/json", [UInt8](data))
  }

  /// Creates the response that reports `error`, one sentence.
  package init(_ error: SpecGANError) {
    self.init(Self.status(of: error), type: "text/plain; charset=utf-8", Array(error.sentence.utf8))
  }

  private static func status(of error: SpecGANError) -> Int {
    switch error.code {
    case .studioForbidden: 403
    case .studioUnknownPath: 404
    case .studioMethod: 405
    case .studioTooLarge: 413
    case .studioHeadTooLarge: 431
    case .studioNotReady: 503
    default: error.kind == .misuse || error.kind == .badData ? 400 : 500
    }
  }

  private var reason: String {
    switch status {
    case 200: "OK"
    case 202: "Accepted"
    case 400: "Bad Request"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 413: "Content Too Large"
    case 431: "Request Header Fields Too Large"
    case 503: "Service Unavailable"
    default: "Internal Server Error"
    }
  }

  /// Returns the bytes of the response as HTTP/1.1; the connection closes after it if `isLast`.
  ///
  /// Nothing is stored by the browser: another run may have the same address tomorrow. No other
  /// site may embed or read anything.
  package func http(isLast: Bool) -> [UInt8] {
    var lines = [
      "HTTP/1.1 \(status) \(reason)", "Content-Type: \(type)", "Content-Length: \(body.count)",
      "Cache-Control: no-store", "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer",
      "Cross-Origin-Resource-Policy: same-origin", "Cross-Origin-Opener-Policy: same-origin",
      "Content-Security-Policy: \(StudioPage.policy); frame-ancestors 'none'",
    ]
    if let fileName {
      let plain = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: ".-_"))
      let encoded = fileName.addingPercentEncoding(withAllowedCharacters: plain) ?? "sound"
      lines.append("Content-Disposition: attachment; filename*=UTF-8''\(encoded)")
    }
    if isLast { lines.append("Connection: close") }
    return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
  }
}
