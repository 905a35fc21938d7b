import Foundation
import Glibc
import SpecGANTestSupport

/// A client of HTTP that sends exactly the bytes it is given.
enum LoopbackClient {
  /// A response.
  struct Response {
    let status: Int
    let head: String
    let body: [UInt8]

    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }
  }

  /// Sends a request to 127.0.0.1 with `port`, with `Host`, `Connection` and `headers`, and returns
  /// the response.
  static func ask(
    _ path: String, at port: Int, method: String = "GET", host: String? = nil,
    headers: [String] = [], body: [UInt8] = []
  ) throws -> Response {
    let lines =
      ["\(method) \(path) HTTP/1.1", "Host: \(host ?? "127.0.0.1:\(port)")", "Connection: close"]
      + headers + (body.isEmpty ? [] : ["Content-Length: \(body.count)"])
    let head = lines.joined(separator: "\r\n") + "\r\n\r\n"
    return try response(send(Array(head.utf8) + body, to: port))
  }

  /// Parses one response.
  static func response(_ bytes: [UInt8]) throws -> Response {
    let end = Array("\r\n\r\n".utf8)
    guard
      let place = bytes.indices.first(where: { bytes[$0...].starts(with: end) }),
      case let head = String(decoding: bytes[..<place], as: UTF8.self),
      let status = head.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { throw Failure.noResponse }
    return Response(status: status, head: head, body: Array(bytes[(place + 4)...]))
  }

  /// Sends `bytes`, and returns everything until the server closes the connection, or for at most
  /// ten seconds.
  static func send(_ bytes: [UInt8], to port: Int) throws -> [UInt8] {
    guard let descriptor = connect(to: "127.0.0.1", port: port) else { throw Failure.refused }
    defer { close(descriptor) }
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    _ = unsafe setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.send(
          descriptor, $0.baseAddress?.advanced(by: sent), $0.count - sent, CInt(MSG_NOSIGNAL))
      }
      if count <= 0 { break }
      sent += count
    }
    var received: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe recv(descriptor, &block, block.count, 0)
      guard count > 0 else { return received }
      received += block[..<count]
    }
  }

  /// Returns a connection to `address`; nil if it is refused.
  static func connect(to address: String, port: Int) -> CInt? {
    let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    var target = sockaddr_in()
    target.sin_family = sa_family_t(AF_INET)
    target.sin_port = in_port_t(UInt16(port)).bigEndian
    _ = unsafe inet_pton(AF_INET, address, &target.sin_addr)
    let isOpen = unsafe withUnsafePointer(to: &target) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    if isOpen { return descriptor }
    close(descriptor)
    return nil
  }

  /// The IPv4 addresses of this machine's other network interfaces.
  static var otherAddresses: [String] {
    var list: UnsafeMutablePointer<ifaddrs>?
    guard unsafe getifaddrs(&list) == 0 else { return [] }
    defer { unsafe freeifaddrs(list) }
    var found: [String] = []
    var entry = unsafe list
    while let current = unsafe entry {
      unsafe entry = current.pointee.ifa_next
      guard let address = unsafe current.pointee.ifa_addr,
        unsafe Int32(address.pointee.sa_family) == AF_INET
      else { continue }
      var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
      let isKnown = unsafe getnameinfo(
        address, socklen_t(MemoryLayout<sockaddr_in>.size), &name, socklen_t(name.count), nil, 0,
        NI_NUMERICHOST)
      let bytes = name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
      let text = String(decoding: bytes, as: UTF8.self)
      if isKnown == 0, text != "127.0.0.1" { found.append(text) }
    }
    return found
  }

  enum Failure: Error {
    case refused
    case noResponse
  }
}
