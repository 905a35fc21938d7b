internal import Glibc
internal import SpecGANErrors
internal import SpecGANFiles

/// A connection of a browser: requests one after the other, each with its response.
struct StudioConnection {
  private let descriptor: CInt
  /// Bytes that were read and not used yet.
  private var unread: [UInt8] = []

  private static let blockLength = 1 << 14

  /// Creates a connection of the socket `descriptor`, which the caller closes. It ends after
  /// `patience` seconds without a request.
  init(_ descriptor: CInt, patience: Int) {
    self.descriptor = descriptor
    var limit = timeval(tv_sec: patience, tv_usec: 0)
    var yes: CInt = 1
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      _ = unsafe setsockopt(
        descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
    _ = unsafe setsockopt(
      descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<CInt>.size))
  }

  /// Answers requests by `respond` until the connection ends, and calls `wait` with true before it
  /// waits for the head or the body of a request, and with false when one has arrived. If `wait`
  /// returns false, the connection has been ended, and nothing is answered.
  ///
  /// A request that cannot be read to its end is answered too, and ends the connection: its rest
  /// must not be taken for a request.
  consuming func serve(
    _ respond: (StudioRequest) -> StudioResponse, telling wait: (_ isWaiting: Bool) -> Bool
  ) {
    var connection = self
    while true {
      do throws(SpecGANError) {
        guard wait(true), let head = try connection.nextHead(), wait(true),
          let request = try connection.request(with: head), wait(false)
        else { return }
        let response = respond(request)
        // Pages of other sites must not occupy connections.
        let isLast = request.isLast || response.status == 403
        var bytes = response.http(isLast: isLast)
        if request.method == "HEAD" { bytes.removeLast(response.body.count) }
        guard connection.write(bytes), !isLast else { return }
      } catch {
        guard wait(false) else { return }
        if connection.write(StudioResponse(error).http(isLast: true)) { connection.discardRest() }
        return
      }
    }
  }

  /// Reads the rest of the request with `head`; nil at the end of the connection.
  ///
  /// - Throws: ``SpecGANError`` if it is too large, or no HTTP.
  private mutating func request(
    with head: [UInt8]
  ) throws(SpecGANError) -> StudioRequest? {
    var request = try StudioRequest(head: head)
    let count = try request.bodyCount()
    if count > 0, request.headers["expect"]?.lowercased() == "100-continue" {
      guard write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) else { return nil }
    }
    while unread.count < count {
      guard read() else { return nil }
    }
    request.body = Array(unread.prefix(count))
    unread.removeFirst(count)
    return request
  }

  /// Reads up to the next empty line, and returns the bytes before it; nil at the end.
  private mutating func nextHead() throws(SpecGANError) -> [UInt8]? {
    let end = Array("\r\n\r\n".utf8)
    var searched = 0
    while true {
      let place = (searched..<max(unread.count - end.count + 1, searched)).first { start in
        unread[start] == end[0] && unread[start..<start + end.count].elementsEqual(end)
      }
      if let place {
        let head = Array(unread[..<place])
        unread.removeFirst(place + end.count)
        return head
      }
      guard unread.count <= StudioRequest.largestHead else {
        throw .studioHeadTooLarge(limit: StudioRequest.largestHead)
      }
      searched = max(unread.count - end.count + 1, 0)
      guard read() else { return nil }
    }
  }

  /// Reads some bytes; returns false at the end.
  private mutating func read() -> Bool {
    var block = [UInt8](repeating: 0, count: Self.blockLength)
    var count = 0
    repeat {
      count = unsafe recv(descriptor, &block, block.count, 0)
    } while count < 0 && errno == EINTR
    guard count > 0 else { return false }
    unread += block[..<count]
    return true
  }

  /// Writes `bytes`; returns false if the browser has gone.
  private func write(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe send(
          descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent,
          CInt(MSG_NOSIGNAL))
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// Reads and drops some of the rest, for at most a second: a connection that is closed with
  /// unread bytes is reset, and the response lost.
  private func discardRest() {
    shutdown(descriptor, CInt(SHUT_WR))
    var limit = timeval(tv_sec: 1, tv_usec: 0)
    _ = unsafe setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var block = [UInt8](repeating: 0, count: Self.blockLength)
    for _ in 0..<512 {
      guard unsafe recv(descriptor, &block, block.count, 0) > 0 else { return }
    }
  }
}
