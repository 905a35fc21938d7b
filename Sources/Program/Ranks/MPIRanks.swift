#if MPI
  internal import CSpecGANKernels
  internal import Foundation
  internal import Networks
  internal import SpecGANTensors
  internal import SpecGANTraining
  internal import SpecGANWorkers

  /// The ranks of an MPI program.
  ///
  /// Sums are formed by recursive halving and doubling (Thakur, Rabenseifner and Gropp,
  /// "Optimization of Collective Communication Operations in MPICH", 2005), beginning with
  /// neighbors, so that they are those of ``Networks/SumTree``. MPI's own sums depend on its
  /// version, its settings and the number of ranks.
  final class MPIRanks: RankGroup, @unchecked Sendable {  // one call at a time, by contract
    private let channel: MessageChannel
    /// The buffer for the part of a sum that another rank sends.
    private var buffer: [Float] = []
    package private(set) var availableMemory: Int?

    /// Creates the group, and measures the available memory. All ranks call it, before they
    /// allocate their networks.
    init(_ channel: MessageChannel) {
      self.channel = channel
      // Measured before the first exchange, and so before any rank allocates more.
      let memory = AvailableMemory()
      // Also containers of one machine share its memory.
      let boot = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
      let machine = boot ?? ""
      availableMemory = memory.share(of: gather(machine).count { $0 == machine })
    }

    package var count: Int { channel.size }
    package var index: Int { channel.rank }

    package func leave() { channel.end() }
  }

  // MARK: - Sums

  extension MPIRanks {
    package func addUp(_ sums: inout [Double]) {
      var distance = 1
      while distance < count {
        var others = [Double](repeating: 0, count: sums.count)
        exchange(sums, &others, with: index ^ distance)
        for place in sums.indices { sums[place] += others[place] }
        distance *= 2
      }
    }

    package func addUp(_ values: TensorView, meanwhile body: () -> Void) {
      let isDone = DispatchSemaphore(value: 0)
      let hasThread = startThread { [self] in
        addUp(values)
        isDone.signal()
      }
      body()
      if hasThread { isDone.wait() } else { addUp(values) }
    }

    package func addUp(_ values: TensorView) {
      var parts: [Range<Int>] = [0..<values.count]
      var distance = 1
      while distance < count {
        let part = parts[parts.count - 1]
        let middle = part.lowerBound + part.count / 2
        let (lower, upper) = (part.lowerBound..<middle, middle..<part.upperBound)
        let isLower = index & distance == 0
        let (kept, sent) = isLower ? (lower, upper) : (upper, lower)
        add(to: kept, sending: sent, of: values, with: index ^ distance)
        parts.append(kept)
        distance *= 2
      }
      while parts.count > 1 {
        distance /= 2
        let own = parts.removeLast()
        let whole = parts[parts.count - 1]
        let other =
          own.lowerBound == whole.lowerBound
          ? own.upperBound..<whole.upperBound : whole.lowerBound..<own.lowerBound
        swap(own, for: other, of: values, with: index ^ distance)
      }
    }

    private func add(
      to kept: Range<Int>, sending sent: Range<Int>, of values: TensorView, with rank: Int
    ) {
      if buffer.count < kept.count { buffer = [Float](repeating: 0, count: kept.count) }
      unsafe buffer.withUnsafeMutableBytes { buffer in
        let source = unsafe UnsafeRawBufferPointer(
          start: values.start + sent.lowerBound, count: 4 * sent.count)
        let target = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[..<(4 * kept.count)])
        unsafe channel.exchange(source, to: rank, target, from: rank)
      }
      unsafe specgan_add(buffer, kept.count, values.start + kept.lowerBound)
    }

    private func swap(
      _ own: Range<Int>, for other: Range<Int>, of values: TensorView, with rank: Int
    ) {
      let source = unsafe UnsafeRawBufferPointer(
        start: values.start + own.lowerBound, count: 4 * own.count)
      let target = unsafe UnsafeMutableRawBufferPointer(
        start: values.start + other.lowerBound, count: 4 * other.count)
      unsafe channel.exchange(source, to: rank, target, from: rank)
    }
  }

  // MARK: - Copies

  extension MPIRanks {
    package func gather<Value: BitwiseCopyable & Sendable>(_ values: [Value]) -> [Value] {
      guard let filler = values.first else { return [] }
      var all = [Value](repeating: filler, count: count * values.count)
      let size = values.count
      all.replaceSubrange(index * size..<(index + 1) * size, with: values)
      var distance = 1
      while distance < count {
        // The blocks that this rank has, and those that the other one has.
        let first = index / distance * distance
        let other = first ^ distance
        var received = [Value](repeating: filler, count: distance * size)
        exchange(
          Array(all[first * size..<(first + distance) * size]), &received, with: index ^ distance)
        all.replaceSubrange(other * size..<(other + distance) * size, with: received)
        distance *= 2
      }
      return all
    }

    /// Returns the texts of all ranks, in order.
    package func gather(_ text: String) -> [String] {
      let bytes = Array(text.utf8)
      let lengths = gather([bytes.count])
      let longest = lengths.max() ?? 0
      let padding = [UInt8](repeating: 0, count: longest - bytes.count)
      let all = gather(bytes + padding)
      return lengths.enumerated().map { rank, length in
        String(decoding: all[rank * longest..<rank * longest + length], as: UTF8.self)
      }
    }

    package func share(_ bytes: [UInt8]) -> [UInt8] {
      var length = [UInt64(bytes.count)]
      unsafe length.withUnsafeMutableBytes { unsafe share($0) }
      var shared = index == 0 ? bytes : [UInt8](repeating: 0, count: Int(length[0]))
      unsafe shared.withUnsafeMutableBytes { unsafe share($0) }
      return shared
    }

    package func share(_ values: TensorView) {
      unsafe share(UnsafeMutableRawBufferPointer(start: values.start, count: 4 * values.count))
    }

    /// Replaces `bytes` by those of the first rank: each rank that has them sends them to one that
    /// has not, twice as many in each round.
    private func share(_ bytes: UnsafeMutableRawBufferPointer) {
      let none = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
      var distance = 1
      while distance < count {
        if index < distance {
          unsafe channel.exchange(
            UnsafeRawBufferPointer(bytes), to: index + distance, none, from: index + distance)
        } else if index < 2 * distance {
          unsafe channel.exchange(
            UnsafeRawBufferPointer(none), to: index - distance, bytes, from: index - distance)
        }
        distance *= 2
      }
    }

    private func exchange<Value: BitwiseCopyable>(
      _ values: [Value], _ received: inout [Value], with rank: Int
    ) {
      unsafe values.withUnsafeBytes { values in
        unsafe received.withUnsafeMutableBytes { received in
          unsafe channel.exchange(values, to: rank, received, from: rank)
        }
      }
    }
  }
#endif
