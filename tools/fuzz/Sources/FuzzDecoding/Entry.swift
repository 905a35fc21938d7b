internal import CFuzzer
internal import Fuzzing

/// The program's main function, by the name that SwiftPM gives it; libFuzzer's own stays unused.
@_cdecl("FuzzDecoding_main")
public func main(
  _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  var (count, arguments) = (count, arguments)
  return LLVMFuzzerRunDriver(&count, &arguments, test)
}

/// Checks one input of libFuzzer.
private func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let path = MemoryFile.path(holding: bytes, count: count)
  do throws(DecodingLaw.Violation) { _ = try DecodingLaw.check(path) } catch {
    fatalError("the law is broken: \(error)")
  }
  return 0
}

/// Applies libFuzzer's own mutation and then, seven times of eight, corrects the checksums, because
/// a page of Ogg or a frame of FLAC with a wrong one is rejected at once.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(
  _ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ limit: Int, _ seed: UInt32
) -> Int {
  let count = LLVMFuzzerMutate(bytes, count, limit)
  if seed % 8 > 0 {
    let bytes = UnsafeMutableBufferPointer(start: bytes, count: count)
    correctChecksums(bytes)
    if bytes.starts(with: "fLaC".utf8) { correctFrames(bytes) }
  }
  return count
}

/// Writes the correct checksums into every frame of a FLAC stream, and removes the digest of its
/// samples. Source: RFC 9639, sections 8.2 and 9.
private func correctFrames(_ bytes: UnsafeMutableBufferPointer<UInt8>) {
  guard bytes.count > 60 else { return }
  for index in 26..<42 { bytes[index] = 0 }
  let starts = (42..<bytes.count - 8).filter { bytes[$0] == 0xFF && bytes[$0 + 1] & 0xFE == 0xF8 }
  for (start, end) in zip(starts, starts.dropFirst() + [bytes.count]) where end - start > 20 {
    let number = max(1, (~bytes[start + 4]).leadingZeroBitCount)
    let (size, rate) = (bytes[start + 2] >> 4, bytes[start + 2] & 15)
    let extra = (size == 6 ? 1 : size == 7 ? 2 : 0) + (rate == 12 ? 1 : rate > 12 ? 2 : 0)
    let place = start + 4 + number + extra
    bytes[place] = UInt8(remainder(bytes[start..<place], 0x07, width: 8))
    let checksum = remainder(bytes[start..<end - 2], 0x8005, width: 16)
    bytes[end - 2] = UInt8(checksum >> 8)
    bytes[end - 1] = UInt8(checksum & 0xFF)
  }
}

/// Returns the remainder of `bytes` modulo the polynomial, bit by bit.
private func remainder(
  _ bytes: Slice<UnsafeMutableBufferPointer<UInt8>>, _ polynomial: Int, width: Int
) -> Int {
  bytes.reduce(0) { register, byte in
    (0..<8).reduce(register ^ Int(byte) << (width - 8)) { value, _ in
      (value << 1 ^ (value >> (width - 1) & 1) * polynomial) & (1 << width - 1)
    }
  }
}

/// Writes the correct checksum into every page of an Ogg stream. Source: RFC 3533, section 6.
private func correctChecksums(_ bytes: UnsafeMutableBufferPointer<UInt8>) {
  var start = 0
  while start + 27 <= bytes.count {
    guard bytes[start..<start + 4].elementsEqual("OggS".utf8) else {
      start += 1
      continue
    }
    let body = start + 27 + Int(bytes[start + 26])
    guard body <= bytes.count else { return }
    let end = bytes[(start + 27)..<body].reduce(body) { $0 + Int($1) }
    guard end <= bytes.count else { return }
    for index in start + 22..<start + 26 { bytes[index] = 0 }
    let checksum = bytes[start..<end].reduce(UInt32(0)) { value, byte in
      (0..<8).reduce(value ^ UInt32(byte) << 24) { value, _ in
        value << 1 ^ (value >> 31) * 0x04C1_1DB7
      }
    }
    for index in 0..<4 {
      bytes[start + 22 + index] = UInt8(truncatingIfNeeded: checksum >> (8 * index))
    }
    start = end
  }
}
