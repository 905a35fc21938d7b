internal import Foundation
package import SpecGANErrors

/// A request to the studio, as a browser sends it.
package struct StudioRequest: Sendable {
  /// The method, such as `GET`.
  package var method: String
  /// The path, percent-encoded.
  package var path: String
  /// The query, percent-encoded; empty for none.
  package var query: String
  /// The values of the headers by their names in lower case; of a repeated one the values joined by
  /// commas.
  package var headers: [String: String]
  /// The body.
  package var body: [UInt8]

  /// The largest body, in bytes: a kit of some hundred sounds.
  package static let largestBody = 1 << 20
  /// The largest head, in bytes: a sound's name has two latents at most.
  package static let largestHead = 1 << 16

  /// Creates a request.
  package init(
    _ method: String = "GET", _ path: String, query: String = "", headers: [String: String] = [:],
    body: [UInt8] = []
  ) {
    (self.method, self.path, self.query) = (method, path, query)
    (self.headers, self.body) = (headers, body)
  }

  /// Parses the request line and the headers.
  ///
  /// Source: RFC 9112, sections 3 and 5.
  /// - Parameter head: the bytes before the empty line.
  /// - Throws: ``SpecGANError`` if they are no HTTP/1.1 or HTTP/1.0.
  package init(head: some Collection<UInt8>) throws(SpecGANError) {
    guard let text = String(validating: head, as: UTF8.self) else {
      throw .studioRequest("The head of the request is not UTF-8")
    }
    // A line feed after a carriage return is one character.
    let lines = text.replacing("\r\n", with: "\n").split(
      separator: "\n", omittingEmptySubsequences: false)
    let words = lines[0].split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0",
      words[1].hasPrefix("/")
    else { throw .studioRequest("The request does not begin with a method, a path and HTTP/1.1") }
    let target = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    self.init(
      String(words[0]), String(target[0]), query: target.count > 1 ? String(target[1]) : "")
    if words[2] == "HTTP/1.0" { headers["connection"] = "close" }
    for line in lines.dropFirst() where !line.isEmpty {
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty,
        parts[0].allSatisfy({ !$0.isWhitespace && $0.isASCII })
      else { throw .studioRequest("The request has a line that is no header") }
      let value = parts[1].trimmingCharacters(in: .whitespaces)
      let name = parts[0].lowercased()
      headers[name] = headers[name].map { "\($0),\(value)" } ?? value
    }
  }

  /// Returns the number of bytes of the body.
  ///
  /// - Throws: ``SpecGANError`` if it is not known, or too large.
  package func bodyCount() throws(SpecGANError) -> Int {
    guard headers["transfer-encoding"] == nil else {
      throw .studioRequest("The request has a Transfer-Encoding; send it with a Content-Length")
    }
    guard let text = headers["content-length"] else { return 0 }
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), !text.isEmpty else {
      throw .studioRequest("The Content-Length is \(text); it must be a whole number")
    }
    guard let count = Int(text), count <= Self.largestBody else {
      throw .studioTooLarge(limit: Self.largestBody)
    }
    return count
  }

  /// Whether the connection ends after the response.
  package var isLast: Bool {
    (headers["connection"] ?? "").lowercased().split(separator: ",")
      .contains { $0.drop { $0 == " " } == "close" }
  }

  /// Checks that the request is for the studio at `port`, from its own page or from no page.
  ///
  /// A page of another site may make a browser send requests to 127.0.0.1. The header Origin then
  /// names that site (cross-site request forgery). If its name resolves to 127.0.0.1 (DNS
  /// rebinding), Host has that name. Only a link to the studio's page is followed from anywhere.
  ///
  /// Source: Fetch Metadata Request Headers, W3C working draft, for `Sec-Fetch-Site`.
  /// - Throws: ``SpecGANError`` otherwise.
  package func checkOrigin(port: Int) throws(SpecGANError) {
    let hosts = ["127.0.0.1:\(port)", "localhost:\(port)"]
    guard let host = headers["host"]?.lowercased() else {
      throw .studioForbidden("The request has no host")
    }
    guard hosts.contains(host) || port == 80 && ["127.0.0.1", "localhost"].contains(host) else {
      throw .studioForbidden("The request is for another host, \(host)")
    }
    if let origin = headers["origin"]?.lowercased(), origin != "http://\(host)" {
      throw .studioForbidden("The request comes from another site, \(origin)")
    }
    let site = headers["sec-fetch-site"] ?? "none"
    let isLink = path == "/" && method == "GET" && headers["sec-fetch-mode"] == "navigate"
    guard ["same-origin", "none"].contains(site) || isLink else {
      throw .studioForbidden("The request comes from another site")
    }
  }
}
