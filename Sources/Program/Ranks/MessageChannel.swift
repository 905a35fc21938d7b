#if MPI
  internal import CSpecGANMPI
  internal import Foundation
  internal import Glibc
  internal import SpecGANErrors
  internal import SpecGANWorkers

  /// The messages between the ranks of an MPI program.
  ///
  /// Calls do not block: a rank that waits ends all ranks if one of them has no more ``Heartbeat``.
  final class MessageChannel {
    /// The number of ranks.
    let size: Int
    /// The number of this rank, from 0.
    let rank: Int
    /// The status with which all ranks end if one cannot be reached.
    private let status: Int32
    private let report: @Sendable (SpecGANError) -> Void
    private let heartbeat: Heartbeat

    /// The largest part of a message, in bytes.
    private static let largestPart = 1 << 28
    /// The tag of messages.
    private static let tag: CInt = 0
    /// The number of tests between which a waiting rank does not sleep.
    private static let busyTests = 2_000

    /// Starts MPI. A rank that is silent for `patience` s is lost.
    ///
    /// - Throws: ``SpecGANError`` if it cannot be started.
    init(
      endingWith status: Int32, patience: Double,
      report: @escaping @Sendable (SpecGANError) -> Void
    ) throws(SpecGANError) {
      var (rank, size): (CInt, CInt) = (0, 0)
      // The call has no deadline of its own, and waits for ranks that may never come. Machines may
      // need minutes to get ready.
      let limit = 10 * patience
      let deadline = Deadline(after: limit + 0.25 * Double(Launcher.index)) {
        report(.slowStart(seconds: Int(limit)))
        _exit(status)
      }
      defer { deadline.meet() }
      guard specgan_mpi_start() == 0, unsafe specgan_mpi_rank(&rank) == 0,
        unsafe specgan_mpi_size(&size) == 0
      else { throw .noMPI() }
      (self.rank, self.size) = (Int(rank), Int(size))
      (self.status, self.report) = (status, report)
      heartbeat = try Heartbeat(of: Int(size), rank: Int(rank), patience: patience)
    }

    /// Ends MPI; all ranks call it.
    func end() {
      if let rank = heartbeat.end() { fail(.silentRank(rank, seconds: Int(heartbeat.patience))) }
      // This call has no deadline of its own either.
      let deadline = Deadline(after: heartbeat.patience + 0.25 * Double(rank)) {
        [report, status, patience = heartbeat.patience] in
        report(.slowEnd(seconds: Int(patience)))
        _exit(status)
      }
      _ = specgan_mpi_end()
      deadline.meet()
    }

    /// Reports `error`, and ends all ranks.
    private func fail(_ error: SpecGANError) -> Never {
      report(error)
      heartbeat.call { specgan_mpi_abort(status) }
      // Without destructors, because other threads may compute.
      _exit(status)
    }

    /// Sends `bytes` to rank `to` and fills `received` with bytes from rank `from`; either may be
    /// empty. The other rank exchanges the same numbers of bytes; it may do something else before,
    /// for any time.
    func exchange(
      _ bytes: UnsafeRawBufferPointer, to: Int, _ received: UnsafeMutableRawBufferPointer,
      from: Int
    ) {
      let count = max(bytes.count, received.count)
      for first in stride(from: 0, to: count, by: Self.largestPart) {
        let last = min(first + Self.largestPart, count)
        let arriving = Self.part(first..<last, of: received.count)
        let leaving = Self.part(first..<last, of: bytes.count)
        let receipt = begin(arriving.count, with: from) { count, message in
          let part = unsafe UnsafeMutableRawBufferPointer(rebasing: received[arriving])
          return unsafe specgan_mpi_receive(
            part.baseAddress, count, CInt(from), Self.tag, &message)
        }
        let dispatch = begin(leaving.count, with: to) { count, message in
          let part = unsafe UnsafeRawBufferPointer(rebasing: bytes[leaving])
          return unsafe specgan_mpi_send(part.baseAddress, count, CInt(to), Self.tag, &message)
        }
        wait(for: receipt, from)
        wait(for: dispatch, to)
      }
    }

    /// Returns those of the bytes `range` that are among `count` bytes.
    private static func part(_ range: Range<Int>, of count: Int) -> Range<Int> {
      range.clamped(to: 0..<count)
    }

    /// Begins a message of `count` bytes from or to `rank` with `call`; returns nil if `count` is
    /// 0.
    private func begin(
      _ count: Int, with rank: Int, _ call: (CInt, inout specgan_message) -> CInt
    ) -> specgan_message? {
      if count == 0 { return nil }
      var message = specgan_message()
      check(heartbeat.call { call(CInt(count), &message) }, rank)
      return message
    }

    private func check(_ result: CInt, _ rank: Int) {
      if result != 0 { fail(.lostRank(rank)) }
    }

    /// Waits until `message` from or to `rank` has arrived; returns at once if it is nil.
    private func wait(for message: specgan_message?, _ rank: Int) {
      guard var message else { return }
      let start = ContinuousClock.now
      var (tests, isDone): (Int, CInt) = (0, 0)
      while true {
        check(heartbeat.call { unsafe specgan_mpi_test(&message, &isDone) }, rank)
        if isDone != 0 { return }
        tests += 1
        guard tests > Self.busyTests else { continue }
        // Other ranks may need this processor.
        usleep(tests > 10 * Self.busyTests ? 1_000 : 50)
        guard tests.isMultiple(of: 100) else { continue }
        if heartbeat.hasEnded(rank) {
          // The message has arrived before the last heartbeat, or is never sent.
          check(heartbeat.call { unsafe specgan_mpi_test(&message, &isDone) }, rank)
          if isDone != 0 { return }
          fail(.lostRank(rank))
        }
        if let silent = heartbeat.silentRank(since: start) {
          fail(.silentRank(silent, seconds: Int(heartbeat.patience)))
        }
      }
    }
  }
#endif
