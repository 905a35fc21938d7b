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
/// decoders of Ogg reject a page with a wrong one at once.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(
  _ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ limit: Int, _ seed: UInt32
) -> Int {
  let count = LLVMFuzzerMutate(bytes, count, limit)
  if seed % 8 > 0 { correctChecksums(UnsafeMutableBufferPointer(start: bytes, count: count)) }
  return count
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
