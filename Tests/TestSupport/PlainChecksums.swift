/// Returns the CRC-32 of `bytes`, bit by bit from its definition: an oracle for the table-driven
/// one.
///
/// The polynomial is 0xEDB88320, the register starts as all ones and is inverted at the end.
/// Source: RFC 1952, section 8, whose tables contain the results of these steps. For "123456789" it
/// is 0xCBF43926.
public func bitwiseCRC32(_ bytes: some Sequence<UInt8>) -> UInt32 {
  var register = UInt32.max
  for byte in bytes {
    register ^= UInt32(byte)
    for _ in 0..<8 { register = register & 1 == 0 ? register >> 1 : register >> 1 ^ 0xEDB8_8320 }
  }
  return ~register
}

/// Returns the Adler-32 of `bytes`, with a remainder per byte as in the definition. Source: RFC
/// 1950, section 8.2.
public func plainAdler32(_ bytes: some Sequence<UInt8>) -> UInt32 {
  var (low, high): (UInt32, UInt32) = (1, 0)
  for byte in bytes {
    low = (low + UInt32(byte)) % 65_521
    high = (high + low) % 65_521
  }
  return high << 16 | low
}
