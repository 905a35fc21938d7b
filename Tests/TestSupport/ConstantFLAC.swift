/// A FLAC file with one channel and 16 bits at 16 kHz in which all samples are equal: a dozen bytes
/// for two seconds.
///
/// Source: RFC 9639, sections 8.2, 9.1 and 9.2.3.
public enum ConstantFLAC {
  private static let blockLength = 32_768

  /// Returns the bytes of `blockCount` blocks of 32768 samples. The header declares `promised`
  /// samples if it is to be wrong; 0 means unknown.
  public static func bytes(blockCount: Int, value: Int16, promised: Int? = nil) -> [UInt8] {
    var bits = Bits()
    bits.append(0x664C_6143, 32)  // fLaC
    bits.append(0x8000_0022, 32)  // STREAMINFO, the last one, of 34 bytes
    for _ in 0..<2 { bits.append(blockLength, 16) }
    bits.append(0, 48)  // sizes of frames: not known
    bits.append(16_000, 20)
    bits.append(0, 3)  // one channel
    bits.append(15, 5)  // 16 bits
    bits.append(promised ?? blockCount * blockLength, 36)
    for _ in 0..<4 { bits.append(0, 32) }  // no checksum
    return bits.bytes + (0..<blockCount).flatMap { frame($0, value) }
  }

  private static func frame(_ number: Int, _ value: Int16) -> [UInt8] {
    var head = Bits()
    head.append(0xFFF8, 16)
    head.append(0x75, 8)  // the block's length in 16 bits below; 16 kHz
    head.append(0x08, 8)  // one channel, 16 bits
    let scalar = Unicode.Scalar(UInt32(number)) ?? " "
    for byte in String(scalar).utf8 { head.append(Int(byte), 8) }
    head.append(blockLength - 1, 16)
    head.append(remainder(of: head.bytes, 0x07, width: 8), 8)
    head.append(0, 8)  // a constant
    head.append(Int(UInt16(bitPattern: value)), 16)
    head.append(remainder(of: head.bytes, 0x8005, width: 16), 16)
    return head.bytes
  }

  /// Returns the remainder of `bytes` modulo the polynomial, bit by bit.
  private static func remainder(of bytes: [UInt8], _ polynomial: Int, width: Int) -> Int {
    var register = 0
    for byte in bytes {
      register ^= Int(byte) << (width - 8)
      for _ in 0..<8 {
        let isOut = register >> (width - 1) & 1 == 1
        register = (register << 1 ^ (isOut ? polynomial : 0)) & (1 << width - 1)
      }
    }
    return register
  }

  /// A sequence of integers of any width, highest bit first.
  private struct Bits {
    private(set) var bytes: [UInt8] = []
    private var count = 0

    mutating func append(_ value: Int, _ width: Int) {
      for place in (0..<width).reversed() {
        if count % 8 == 0 { bytes.append(0) }
        bytes[count / 8] |= UInt8(value >> place & 1) << (7 - count % 8)
        count += 1
      }
    }
  }
}
