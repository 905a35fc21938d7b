/// A WAV in memory, right or wrong in any field.
struct WAVBytes {
  var tag = 1
  var channels = 1
  var rate = 16_000
  var bits = 16
  var alignment: Int?  // bytes of a frame, as the header says
  var samples: [UInt8] = []
  var promised: Int?  // bytes of samples, as the header says
  var whole: Int?  // bytes of the file but for eight, as the header says
  var before: [UInt8] = []  // between the format and the samples
  var after: [UInt8] = []

  var bytes: [UInt8] {
    let frameLength = alignment ?? channels * ((bits + 7) / 8)
    var body = Array("WAVEfmt ".utf8) + Self.number(16, 4) + Self.number(tag, 2)
    body += Self.number(channels, 2) + Self.number(rate, 4) + Self.number(rate * frameLength, 4)
    body += Self.number(frameLength, 2) + Self.number(bits, 2) + before
    body += Array("data".utf8) + Self.number(promised ?? samples.count, 4) + samples + after
    return Array("RIFF".utf8) + Self.number(whole ?? body.count, 4) + body
  }

  /// One channel of 32-bit floats.
  static func floats(_ values: [Float]) -> WAVBytes {
    WAVBytes(tag: 3, bits: 32, samples: values.flatMap { number(Int($0.bitPattern), 4) })
  }

  /// Frames 0, 1, 2 … of 16 bits in one channel, as many as `count`.
  static func ramp(_ count: Int) -> WAVBytes {
    WAVBytes(samples: (0..<count).flatMap { number($0, 2) })
  }

  static func number(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
