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
