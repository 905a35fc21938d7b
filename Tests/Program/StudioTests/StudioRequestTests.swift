import SpecGANErrors
import SpecGANStudio
import Testing

/// Requests as browsers send them, and as attackers would.
@Suite struct StudioRequestTests {
  private func parsed(_ lines: String...) throws -> StudioRequest {
    try StudioRequest(head: Array(lines.joined(separator: "\r\n").utf8))
  }

  private func code(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch { return (error as? SpecGANError)?.code.rawValue }
  }

  @Test func aHeadIsParsed() throws {
    let request = try parsed(
      "GET /sound?run=0&number=3 HTTP/1.1", "Host: 127.0.0.1:80", "X-Thing:  a b", "x-thing: c")
    #expect(request.method == "GET" && request.path == "/sound")
    #expect(request.query == "run=0&number=3")
    #expect(request.headers == ["host": "127.0.0.1:80", "x-thing": "a b,c"])
    #expect(try request.bodyCount() == 0 && !request.isLast)
    #expect(try parsed("GET / HTTP/1.1", "Connection: Keep-Alive, Close").isLast)
    #expect(try parsed("GET / HTTP/1.0").isLast)
  }

  @Test(arguments: [
    "", "GET", "GET /", "GET / HTTP/2", "GET  / HTTP/1.1", "GET http://127.0.0.1/ HTTP/1.1",
    "GET / HTTP/1.1\r\nno header", "GET / HTTP/1.1\r\n: value", "GET / HTTP/1.1\r\na b: c",
    "GET / HTTP/1.1\r\nHost : x",
  ]) func whatIsNoHTTPIsRefused(_ head: String) {
    #expect(code { _ = try StudioRequest(head: Array(head.utf8)) } == "studio.request")
  }

  @Test func aBodyHasAKnownAndBoundedLength() throws {
    func count(_ headers: String...) throws -> Int {
      try StudioRequest(
        head: Array((["POST /kit HTTP/1.1"] + headers).joined(separator: "\r\n").utf8)
      ).bodyCount()
    }
    #expect(try count("Content-Length: 12") == 12)
    let largest = StudioRequest.largestBody
    #expect(try count("Content-Length:\t\(largest) ") == largest)
    for text in ["\(largest + 1)", "99999999999999999999999"] {
      #expect(code { _ = try count("Content-Length: \(text)") } == "studio.tooLarge")
    }
    for text in ["-1", "+1", "1 2", "0x10", "", "1,1"] {
      #expect(code { _ = try count("Content-Length: \(text)") } == "studio.request", "\(text)")
    }
    #expect(code { _ = try count("Transfer-Encoding: chunked") } == "studio.request")
    // Two lengths are none: what follows could be a hidden request.
    #expect(
      code { _ = try count("Content-Length: 1", "Content-Length: 2") } == "studio.request")
  }

  /// Requests of the page itself, of a terminal, and of a link from elsewhere.
  @Test(arguments: [
    [:], ["origin": "http://127.0.0.1:4774"], ["sec-fetch-site": "same-origin"],
    ["sec-fetch-site": "none"], ["host": "localhost:4774", "origin": "http://localhost:4774"],
    ["host": "LocalHost:4774"],
  ]) func ownRequestsAreAnswered(_ headers: [String: String]) throws {
    var request = StudioRequest("GET", "/runs")
    request.headers = ["host": "127.0.0.1:4774"].merging(headers) { $1 }
    try request.checkOrigin(port: 4774)
  }

  @Test(arguments: [
    ["host": "example.com"], ["host": "example.com:4774"], ["host": "127.0.0.1"],
    ["host": "127.0.0.1:4775"], ["host": "127.0.0.1:4774.example.com"], ["host": "[::1]:4774"],
    ["host": ""], ["host": "127.0.0.1:4774,example.com"],
    ["origin": "http://example.com"], ["origin": "null"], ["origin": "https://127.0.0.1:4774"],
    ["origin": "http://127.0.0.1:4775"], ["origin": "http://localhost:4774"], ["origin": ""],
    ["sec-fetch-site": "cross-site"], ["sec-fetch-site": "same-site"],
    ["sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"],
  ]) func requestsOfOthersAreRefused(_ headers: [String: String]) {
    var request = StudioRequest("GET", "/sound")
    request.headers = ["host": "127.0.0.1:4774"].merging(headers) { $1 }
    #expect(code { try request.checkOrigin(port: 4774) } == "studio.forbidden")
    request.headers = headers
    request.headers["host"] = nil
    #expect(code { try request.checkOrigin(port: 4774) } == "studio.forbidden")
  }

  @Test func aLinkToThePageMayBeFollowed() throws {
    var request = StudioRequest("GET", "/")
    request.headers = [
      "host": "127.0.0.1:4774", "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate",
    ]
    try request.checkOrigin(port: 4774)
    request.headers["sec-fetch-mode"] = "no-cors"
    #expect(code { try request.checkOrigin(port: 4774) } == "studio.forbidden")
  }
}
