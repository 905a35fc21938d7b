/// Files of uncompressed samples in memory, right or wrong in their sizes.
enum PlainContainers {
  /// The numbers of `width` bytes in `bytes`, in the other byte order.
  static func swapped(_ bytes: [UInt8], _ width: Int) -> [UInt8] {
    stride(from: 0, to: bytes.count, by: width).flatMap { bytes[$0..<$0 + width].reversed() }
  }

  private static func big(_ value: Int, _ count: Int) -> [UInt8] {
    WAVBytes.number(value, count).reversed()
  }

  private static func format(_ channels: Int, _ rate: Int, _ bits: Int) -> [UInt8] {
    let frame = channels * bits / 8
    return WAVBytes.number(1, 2) + WAVBytes.number(channels, 2) + WAVBytes.number(rate, 4)
      + WAVBytes.number(rate * frame, 4) + WAVBytes.number(frame, 2) + WAVBytes.number(bits, 2)
  }

  /// One channel of 16 bits at 16 kHz, the highest byte first; `whole` is the outer size, by
  /// default the right one.
  static func aiff(frames: Int, size: Int, whole: Int? = nil, samples: [UInt8]) -> [UInt8] {
    let rate: [UInt8] = [0x40, 0x0C, 0xFA, 0, 0, 0, 0, 0, 0, 0]
    let body =
      Array("AIFFCOMM".utf8) + big(18, 4) + big(1, 2) + big(frames, 4) + big(16, 2) + rate
      + Array("SSND".utf8) + big(size, 4) + big(0, 8) + samples
    return Array("FORM".utf8) + big(whole ?? body.count, 4) + body
  }

  /// One channel at 16 kHz.
  static func au(encoding: Int, size: Int, samples: [UInt8], isBig: Bool = true) -> [UInt8] {
    let fields = [28, size, encoding, 16_000, 1, 0]
    let head = fields.flatMap { isBig ? big($0, 4) : WAVBytes.number($0, 4) }
    return Array((isBig ? ".snd" : "dns.").utf8) + head + samples
  }

  /// Samples with the lowest byte first; `size` is that of the data chunk.
  static func caf(
    channels: Int = 1, rate: Int = 16_000, bits: Int = 16, flags: Int = 2, kind: String = "lpcm",
    frame: Int? = nil, size: Int, samples: [UInt8]
  ) -> [UInt8] {
    let frame = frame ?? channels * ((bits + 7) / 8)
    let rateBits = Int(Double(rate).bitPattern)
    let description =
      big(rateBits, 8) + Array(kind.utf8) + big(flags, 4) + big(frame, 4) + big(1, 4)
      + big(channels, 4) + big(bits, 4)
    return Array("caff".utf8) + [0, 1, 0, 0] + Array("desc".utf8) + big(32, 8) + description
      + Array("free".utf8) + big(3, 8) + [1, 2, 3] + Array("data".utf8) + big(size, 8)
      + big(0, 4) + samples
  }

  static func wave64(
    channels: Int = 1, rate: Int = 16_000, bits: Int = 16, size: Int, samples: [UInt8]
  ) -> [UInt8] {
    let outer: [UInt8] = [0x2E, 0x91, 0xCF, 0x11, 0xA5, 0xD6, 0x28, 0xDB, 0x04, 0xC1, 0, 0]
    let inner: [UInt8] = [0xF3, 0xAC, 0xD3, 0x11, 0x8C, 0xD1, 0, 0xC0, 0x4F, 0x8E, 0xDB, 0x8A]
    func name(_ text: String) -> [UInt8] { Array(text.utf8) + inner }
    let head =
      name("wave") + name("fmt ") + WAVBytes.number(40, 8) + format(channels, rate, bits)
      + name("data") + WAVBytes.number(size < 0 ? size : size + 24, 8)
    return Array("riff".utf8) + outer + WAVBytes.number(24 + head.count + samples.count, 8) + head
      + samples
  }

  static func rf64(
    _ mark: String, channels: Int = 1, rate: Int = 16_000, bits: Int = 16, size: Int,
    samples: [UInt8]
  ) -> [UInt8] {
    Array(mark.utf8) + WAVBytes.number(0xFFFF_FFFF, 4) + Array("WAVEds64".utf8)
      + WAVBytes.number(28, 4) + WAVBytes.number(size + 72, 8) + WAVBytes.number(size, 8)
      + WAVBytes.number(size / 2, 8) + WAVBytes.number(0, 4) + Array("fmt ".utf8)
      + WAVBytes.number(16, 4) + format(channels, rate, bits) + Array("data".utf8)
      + WAVBytes.number(0xFFFF_FFFF, 4) + samples
  }

  /// One channel of 16 bits at 16 kHz.
  static func sphere(
    frames: Int, coding: String = "pcm", width: Int = 2, order: String = "01", samples: [UInt8]
  ) -> [UInt8] {
    let text = """
      NIST_1A
         1024
      database_id -s5 TIMIT
      channel_count -i 1
      sample_count -i \(frames)
      sample_rate -i 16000
      sample_n_bytes -i \(width)
      sample_byte_format -s\(order.count) \(order)
      sample_sig_bits -i \(8 * width)
      sample_coding -s\(coding.count) \(coding)
      end_head

      """
    return Array(text.utf8) + [UInt8](repeating: 0x20, count: 1024 - text.utf8.count) + samples
  }
}
