internal import Foundation
internal import Glibc
package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANWorkers
internal import Synchronization

/// A server of HTTP/1.1 on 127.0.0.1, which no other machine reaches.
///
/// Each connection has a thread: a browser opens about six. No HTTP library is used: FlyingFox
/// links libcurl and about 25 other libraries, which raised the start-up time of an empty program
/// from 11 to 23 ms.
package final class StudioServer: Sendable {
  /// The port.
  package let port: Int
  private let listener: CInt
  private let connections = Mutex(Connections())

  private struct Connections: Sendable {
    /// The open connections, except those that were closed to make room.
    var open: Set<CInt> = []
    /// Those that wait for a request, the one that waits longest first.
    private var waiting: [CInt] = []
    var isStopping = false

    /// Adds `descriptor`, and returns whether it is served. If there are too many, the connection
    /// that waits longest ends for it: others could otherwise keep a browser out.
    mutating func add(_ descriptor: CInt) -> Bool {
      if isStopping { return false }
      if open.count >= StudioServer.mostConnections {
        guard let idle = waiting.first else { return false }
        remove(idle)
        shutdown(idle, CInt(SHUT_RDWR))
      }
      open.insert(descriptor)
      waiting.append(descriptor)
      return true
    }

    mutating func remove(_ descriptor: CInt) {
      open.remove(descriptor)
      waiting.removeAll { $0 == descriptor }
    }

    /// Sets whether `descriptor` waits for a request, and returns whether it is still open.
    mutating func set(_ descriptor: CInt, isWaiting: Bool) -> Bool {
      waiting.removeAll { $0 == descriptor }
      guard open.contains(descriptor) else { return false }
      if isWaiting { waiting.append(descriptor) }
      return true
    }
  }

  /// The port that is tried first if none is given, so that a browser finds what it stored for the
  /// page's address.
  package static let usualPort = 4774
  /// The largest number of connections.
  private static let mostConnections = 64
  /// The time without a request after which a connection closes, and that a write may take, in s.
  private static let patience = 60

  /// Listens on `port`; if it is nil, on the usual port, or on a free one if that is in use or not
  /// permitted.
  ///
  /// - Throws: ``SpecGANError`` if the port cannot be opened.
  package init(port wanted: Int?) throws(SpecGANError) {
    (listener, port) = try Self.opened(wanted)
  }

  private static func opened(_ wanted: Int?) throws(SpecGANError) -> (CInt, Int) {
    if let wanted { return try listen(wanted) }
    do throws(SpecGANError) { return try listen(usualPort) } catch {
      guard let number = error.errno, [EADDRINUSE, EACCES].contains(number) else { throw error }
      return try listen(0)
    }
  }

  deinit { close(listener) }

  /// The address of the page.
  package var address: String { "http://127.0.0.1:\(port)/" }

  private static func listen(_ port: Int) throws(SpecGANError) -> (CInt, Int) {
    let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw failure(port) }
    // Otherwise a port stays in use for a minute after the last connection.
    var yes: CInt = 1
    _ = unsafe setsockopt(
      descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port)).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
        unsafe bind(descriptor, plain, size) == 0 && Glibc.listen(descriptor, 64) == 0
          && getsockname(descriptor, plain, &size) == 0
      }
    }
    guard isBound else {
      let error = failure(port)
      close(descriptor)
      throw error
    }
    return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
  }

  private static func failure(_ port: Int) -> SpecGANError {
    let number = errno
    return .studioPort(port, reason: unsafe String(cString: strerror(number)), errno: number)
  }

  /// Starts to answer requests by `respond`, which several threads call, and returns at once.
  package func start(_ respond: @escaping @Sendable (StudioRequest) -> StudioResponse) {
    startThread { [self] in
      while true {
        let descriptor = accept(listener, nil, nil)
        guard descriptor >= 0 else {
          if connections.withLock({ $0.isStopping }) { return }
          // Out of descriptors, or the client has gone.
          usleep(10_000)
          continue
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        guard connections.withLock({ $0.add(descriptor) }) else {
          close(descriptor)
          continue
        }
        let isServed = startThread { [self] in
          StudioConnection(descriptor, patience: Self.patience).serve(respond) { isWaiting in
            connections.withLock { $0.set(descriptor, isWaiting: isWaiting) }
          }
          end(descriptor)
        }
        // Out of threads.
        if !isServed { end(descriptor) }
      }
    }
  }

  private func end(_ descriptor: CInt) {
    connections.withLock { connections in
      connections.remove(descriptor)
      close(descriptor)
    }
  }

  /// Stops: no request is taken any more. Waits for responses that are being computed, at most as
  /// long as a write may take.
  package func stop() {
    connections.withLock { connections in
      connections.isStopping = true
      for descriptor in connections.open { shutdown(descriptor, CInt(SHUT_RD)) }
    }
    shutdown(listener, CInt(SHUT_RDWR))
    let end = ContinuousClock.now + .seconds(Self.patience)
    while ContinuousClock.now < end, connections.withLock({ !$0.open.isEmpty }) { usleep(5_000) }
  }
}
