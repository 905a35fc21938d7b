/// WAV files as bytes, as input of the program.
enum WAVBytes {
  /// Returns a 16-bit WAV file at 16 kHz; `samples` are interleaved.
  static func pcm16(_ samples: [Int16], channels: Int = 1) -> [UInt8] {
    file(tag: 1, width: 2, channels, data: samples.flatMap { bytes(Int($0), 2) })
  }

  /// Returns a 32-bit float mono WAV file at 16 kHz.
  static func float(_ samples: [Float]) -> [UInt8] {
    file(tag: 3, width: 4, 1, data: samples.flatMap { bytes(Int($0.bitPattern), 4) })
  }

  private static func file(tag: Int, width: Int, _ channels: Int, data: [UInt8]) -> [UInt8] {
    let frame = channels * width
    let format =
      bytes(tag, 2) + bytes(channels, 2) + bytes(16_000, 4) + bytes(16_000 * frame, 4)
      + bytes(frame, 2)
      + bytes(8 * width, 2)
    return Array("RIFF".utf8) + bytes(36 + data.count, 4) + Array("WAVEfmt ".utf8) + bytes(16, 4)
      + format + Array("data".utf8) + bytes(data.count, 4) + data
  }

  private static func bytes(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
}
