internal import CSpecGANKernels
internal import CSpecGANZlib

/// The CRC-32 of zlib and PNG (polynomial 0xEDB88320), computed incrementally.
///
/// Source: zlib manual, `crc32`, <https://zlib.net/manual.html#Checksum>.
package struct CRC32: Hashable, Sendable {
  /// The checksum of all bytes so far.
  package private(set) var value: UInt32 = 0

  /// Creates the checksum of zero bytes.
  package init() {}

  /// Creates a checksum with the value `value`.
  init(_ value: UInt32) { self.value = value }

  /// Appends `bytes`.
  package mutating func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { buffer in
      let folded = unsafe fold(buffer)
      unsafe sum(UnsafeRawBufferPointer(rebasing: buffer[folded...]))
    }
  }

  /// Appends the complete blocks of `bytes` if the processor has the instructions, and returns the
  /// number of bytes appended.
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
    // Without a buffer, zlib returns the initial value.
    guard unsafe !bytes.isEmpty else { return }
    value = unsafe UInt32(crc32_z(UInt(value), bytes.baseAddress, bytes.count))
  }

  /// The size of a block, in bytes.
  private static let block = 64
  private static let canFold = specgan_can_fold_crc32()

  /// Appends the UTF-8 bytes of `text`.
  package mutating func update(_ text: String) { unsafe update(Array(text.utf8).span.bytes) }

  /// Appends the `byteCount` bytes whose checksum is `other`.
  ///
  /// This allows computing the checksums of several parts in parallel. Source: zlib manual,
  /// `crc32_combine`.
  package mutating func append(_ other: CRC32, byteCount: Int) {
    value = UInt32(crc32_combine(UInt(value), UInt(other.value), byteCount))
  }

  /// The value as eight hexadecimal digits, lowercase.
  package var hexadecimal: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}

extension CRC32 {
  /// The name and version of the library that computes checksums.
  package static var libraryVersion: String {
    unsafe zlibVersion().map { unsafe "zlib-\(String(cString: $0))" } ?? "zlib"
  }
}

/// The CRC-32C of iSCSI and of TensorFlow's records (Castagnoli's polynomial, reflected
/// 0x82F63B78).
///
/// It is computed one byte at a time, with a table: fast enough for files of a megabyte. For
/// caches, use ``CRC32``. Source: RFC 3720, section 12.1.
package struct CRC32C: Hashable, Sendable {
  /// The checksum.
  package let value: UInt32

  /// Computes the checksum of `bytes`.
  package init(of bytes: RawSpan) {
    var register = UInt32.max
    for offset in bytes.byteOffsets {
      let byte = unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
      register = register >> 8 ^ Self.table[Int(UInt8(truncatingIfNeeded: register) ^ byte)]
    }
    value = ~register
  }

  /// The register after eight steps, for each byte.
  private static let table: [UInt32] = (0..<256).map { byte in
    var register = UInt32(byte)
    for _ in 0..<8 { register = register & 1 == 0 ? register >> 1 : register >> 1 ^ 0x82F6_3B78 }
    return register
  }
}
