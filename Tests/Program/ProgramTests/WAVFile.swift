import Testing

/// A WAV file, read by an independent parser, chunk by chunk.
///
/// Source: Microsoft, "Multimedia Programming Interface and Data Specifications 1.0", chapter 3.
struct WAVFile: Equatable {
  let tag, channels, rate, bits: Int
  let samples: [Float]

  init(_ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) throws {
    func number(_ offset: Int, _ count: Int) -> Int {
      (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
    func text(_ offset: Int) -> String {
      String(decoding: bytes[offset..<offset + 4], as: UTF8.self)
    }
    try #require(bytes.count >= 44 && text(0) == "RIFF" && text(8) == "WAVE")
    #expect(number(4, 4) == bytes.count - 8, sourceLocation: sourceLocation)
    var chunks: [String: Range<Int>] = [:]
    var offset = 12
    while offset < bytes.count {
      let start = offset + 8
      chunks[text(offset)] = start..<start + number(offset + 4, 4)
      offset = start + number(offset + 4, 4)
    }
    #expect(offset == bytes.count, "the chunks fill the file", sourceLocation: sourceLocation)
    let format = try #require(chunks["fmt "]).lowerBound
    (tag, channels, rate) = (number(format, 2), number(format + 2, 2), number(format + 4, 4))
    bits = number(format + 14, 2)
    #expect(number(format + 8, 4) == rate * channels * bits / 8, sourceLocation: sourceLocation)
    #expect(number(format + 12, 2) == channels * bits / 8, sourceLocation: sourceLocation)
    let width = bits / 8
    samples = try #require(chunks["data"]).striding(by: width).map { place in
      switch width {
      case 2: Float(Int16(truncatingIfNeeded: number(place, 2))) / 32_768
      case 3: Float(Int32(truncatingIfNeeded: number(place, 3) << 8)) / 0x1p31
      default: Float(bitPattern: UInt32(number(place, 4)))
      }
    }
  }

  /// `√(mean x²)`.
  var level: Double {
    (samples.reduce(0) { $0 + Double($1) * Double($1) } / Double(max(samples.count, 1)))
      .squareRoot()
  }
}

extension Range<Int> {
  fileprivate func striding(by step: Int) -> StrideTo<Int> {
    stride(from: lowerBound, to: upperBound, by: step)
  }
}
