#if MPI
  internal import CSpecGANMPI
  internal import Foundation
  internal import Glibc
  internal import SpecGANErrors
  internal import SpecGANWorkers

  /// The heartbeats that the ranks of an MPI program send to each other.
  ///
  /// A thread of each rank sends them, also while the rank computes or writes. So a rank that waits
  /// distinguishes another one that is busy, or waits itself, from one that has stopped. MPI takes
  /// calls from one thread at a time: all of them go through ``call(_:)``.
  @safe final class Heartbeat: @unchecked Sendable {  // fields are touched under `condition` only
    /// The time after which a rank that is silent is lost, in s.
    let patience: Double
    private let rank: Int
    private let condition = NSCondition()
    /// The time of each rank's last heartbeat; nil once it has ended, and for this rank.
    private var heard: [ContinuousClock.Instant?]
    /// The heartbeat to each rank that has not arrived yet.
    private var signs: [specgan_message?]
    /// The bytes of the two kinds of heartbeats.
    private let bytes: UnsafeMutablePointer<UInt8>
    private var isEnding = false
    private var hasThread = false

    /// The tag of heartbeats.
    private static let tag: CInt = 1
    /// The number of heartbeats within ``patience``.
    private static let frequency = 6.0

    private enum Sign: UInt8 {
      case alive
      case last
    }

    /// Begins to send heartbeats to the others of `size` ranks.
    ///
    /// - Throws: ``SpecGANError`` if the system refuses the thread.
    init(of size: Int, rank: Int, patience: Double) throws(SpecGANError) {
      self.patience = patience
      self.rank = rank
      heard = [ContinuousClock.Instant?](repeating: .now, count: size)
      heard[rank] = nil
      signs = [specgan_message?](repeating: nil, count: size)
      unsafe bytes = .allocate(capacity: 2)
      unsafe bytes[0] = Sign.alive.rawValue
      unsafe bytes[1] = Sign.last.rawValue
      hasThread = true
      guard startThread({ [self] in beat() }) else { throw .noHeartbeat() }
    }

    deinit { unsafe bytes.deallocate() }

    /// Calls `body`, which uses MPI.
    func call<Result>(_ body: () -> Result) -> Result {
      condition.lock()
      defer { condition.unlock() }
      return body()
    }

    /// Returns a rank that has been silent for too long while this one has waited since `start`;
    /// nil if there is none.
    func silentRank(since start: ContinuousClock.Instant) -> Int? {
      condition.lock()
      defer { condition.unlock() }
      listen()
      // The first rank reports first, and ends the others.
      let longest = patience + 0.25 * Double(rank)
      return heard.indices.first { index in
        heard[index].map { max($0, start).secondsPassed > longest } ?? false
      }
    }

    /// Whether another rank has ended.
    func hasEnded(_ index: Int) -> Bool {
      condition.lock()
      defer { condition.unlock() }
      listen()
      return heard[index] == nil
    }

    /// Sends the last heartbeat and waits for those of the others; returns a rank that sends none.
    func end() -> Int? {
      condition.lock()
      isEnding = true
      while hasThread { condition.wait() }
      condition.unlock()
      let start = ContinuousClock.now
      var isSaid = [Bool](repeating: false, count: heard.count)
      isSaid[rank] = true
      while true {
        let areDone = call {
          for index in heard.indices where !isSaid[index] && isFree(index) {
            isSaid[index] = send(.last, to: index)
          }
          listen()
          return heard.allSatisfy { $0 == nil }
            && heard.indices.allSatisfy { isSaid[$0] && isFree($0) }
        }
        if areDone { return nil }
        if let silent = silentRank(since: start) { return silent }
        usleep(1_000)
      }
    }

    /// Sends heartbeats until this rank ends.
    private func beat() {
      condition.lock()
      defer { condition.unlock() }
      while !isEnding {
        for index in heard.indices where index != rank && isFree(index) {
          _ = send(.alive, to: index)
        }
        listen()
        // Not by the time of day, which may be set.
        let start = ContinuousClock.now
        while !isEnding, start.secondsPassed < patience / Self.frequency {
          condition.unlock()
          usleep(50_000)
          condition.lock()
        }
      }
      hasThread = false
      condition.broadcast()
    }

    /// Whether the last heartbeat to rank `index` has arrived.
    private func isFree(_ index: Int) -> Bool {
      guard var message = signs[index] else { return true }
      var isDone: CInt = 0
      if unsafe specgan_mpi_test(&message, &isDone) != 0 || isDone != 0 {
        signs[index] = nil
        return true
      }
      signs[index] = message
      return false
    }

    private func send(_ sign: Sign, to index: Int) -> Bool {
      var message = specgan_message()
      let result = unsafe specgan_mpi_send(
        bytes + Int(sign.rawValue), 1, CInt(index), Self.tag, &message)
      if result == 0 { signs[index] = message }
      return result == 0
    }

    /// Receives the heartbeats that have arrived.
    private func listen() {
      var (byte, source): (UInt8, CInt) = (0, 0)
      while true {
        unsafe specgan_mpi_take(&byte, Self.tag, &source)
        guard source >= 0 else { return }
        heard[Int(source)] = byte == Sign.last.rawValue ? nil : .now
      }
    }
  }
#endif
