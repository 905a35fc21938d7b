internal import CSpecGANKernels
internal import CSpecGANZlib

/// The CRC-32 of zlib and PNG (polynomial 0xEDB88320), taken piece by piece.
///
/// Source: zlib manual, `crc32`, <https://zlib.net/manual.html#Checksum>.
package struct CRC32: Hashable, Sendable {
  /// The checksum of all the bytes so far.
  package private(set) var value: UInt32 = 0

  /// The checksum of no bytes.
  package init() {}

  /// The checksum `value`.
  init(_ value: UInt32) { self.value = value }

  /// Takes `bytes` in.
  package mutating func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { buffer in
      let folded = unsafe fold(buffer)
      unsafe sum(UnsafeRawBufferPointer(rebasing: buffer[folded...]))
    }
  }

  /// Takes in what `bytes` have of whole blocks, where the processor helps, and says how much that
  /// is.
  private mutating func fold(_ bytes: UnsafeRawBufferPointer) -> Int {
    let blocks = bytes.count / Self.block
    guard blocks > 0, Self.canFold else { return 0 }
    let remainder = unsafe [UInt8](unsafeUninitializedCapacity: 16) { remainder, count in
      unsafe specgan_fold_crc32(
        value, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), blocks,
        remainder.baseAddress)
      count = 16
    }
    value = .max
    unsafe remainder.withUnsafeBytes { unsafe sum($0) }
    return blocks * Self.block
  }

  private mutating func sum(_ bytes: UnsafeRawBufferPointer) {
    // Without a buffer zlib answers with the first value.
    guard unsafe !bytes.isEmpty else { return }
    value = unsafe UInt32(crc32_z(UInt(value), bytes.baseAddress, bytes.count))
  }

  /// Bytes that are folded at a time.
  private static let block = 64
  private static let canFold = specgan_can_fold_crc32()

  /// Takes the UTF-8 of `text` in.
  package mutating func update(_ text: String) { unsafe update(Array(text.utf8).span.bytes) }

  /// Takes in the `byteCount` bytes that `other` is the checksum of, as if they came next.
  ///
  /// So pieces may be summed up side by side. Source: zlib manual, `crc32_combine`.
  package mutating func append(_ other: CRC32, byteCount: Int) {
    value = UInt32(crc32_combine(UInt(value), UInt(other.value), byteCount))
  }

  /// Eight hexadecimal digits, lower case.
  package var hexadecimal: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
