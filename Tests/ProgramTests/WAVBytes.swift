/// WAVs for the program to read, byte by byte.
enum WAVBytes {
  /// A 16-bit mono WAV of 16 kHz.
  static func pcm16(_ samples: [Int16]) -> [UInt8] {
    func bytes(_ number: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    let data = samples.flatMap { bytes(Int($0), 2) }
    let format =
      bytes(1, 2) + bytes(1, 2) + bytes(16_000, 4) + bytes(32_000, 4) + bytes(2, 2)
      + bytes(16, 2)
    return Array("RIFF".utf8) + bytes(36 + data.count, 4) + Array("WAVEfmt ".utf8) + bytes(16, 4)
      + format + Array("data".utf8) + bytes(data.count, 4) + data
  }
}
