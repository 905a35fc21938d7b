import SpecGANErrors
import SpecGANTestSupport
import Testing
import Waveforms

/// Encodings and containers beside plain WAV and AIFF, each against its definition.
@Suite struct OtherFormatsTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  // MARK: - Samples of several widths, in every container

  private static let values = [0, 1, -1, 5, -300, 32_767, -32_768, 12_345, -12_344, 77]

  /// The samples `values` of 16 bits, as integers of `width` bytes, the lowest first.
  private static func integers(_ width: Int) -> [UInt8] {
    values.flatMap { WAVBytes.number(width == 1 ? $0 >> 8 : $0 << (8 * (width - 2)), width) }
  }

  private func samples(_ bytes: [UInt8]) throws -> [Float] {
    try folder.decoded(bytes).waveform.samples
  }

  @Test(arguments: [2, 3, 4]) func integersInEveryContainer(width: Int) throws {
    let little = Self.integers(width)
    let big = PlainContainers.swapped(little, width)
    let expected = Self.values.map { Float($0) / 32_768 }
    let count = little.count
    let encoding = width + 1
    for (name, bytes) in [
      ("AU", PlainContainers.au(encoding: encoding, size: count, samples: big)),
      ("AU", PlainContainers.au(encoding: encoding, size: count, samples: little, isBig: false)),
      ("CAF", PlainContainers.caf(bits: 8 * width, size: count + 4, samples: little)),
      ("CAF", PlainContainers.caf(bits: 8 * width, flags: 0, size: count + 4, samples: big)),
      ("Wave64", PlainContainers.wave64(bits: 8 * width, size: count, samples: little)),
      ("RF64", PlainContainers.rf64("RF64", bits: 8 * width, size: count, samples: little)),
      ("SPHERE", PlainContainers.sphere(frames: 10, width: width, samples: little)),
      ("SPHERE", PlainContainers.sphere(frames: 10, width: width, order: "10", samples: big)),
    ] {
      #expect(try samples(bytes) == expected, "\(name) of \(width) bytes")
    }
  }

  @Test func floatsAndBytes() throws {
    let values: [Float] = [0, 0.5, -1.25, 3e-7]
    let little = values.flatMap { WAVBytes.number(Int($0.bitPattern), 4) }
    let big = PlainContainers.swapped(little, 4)
    #expect(try samples(PlainContainers.au(encoding: 6, size: 16, samples: big)) == values)
    let caf = PlainContainers.caf(bits: 32, flags: 3, size: 20, samples: little)
    #expect(try samples(caf) == values)
    let doubles = values.flatMap { value in
      WAVBytes.number(Int(bitPattern: UInt(Double(value).bitPattern)), 8).reversed()
    }
    #expect(try samples(PlainContainers.au(encoding: 7, size: 32, samples: doubles)) == values)
    let bytes: [UInt8] = [0, 1, 0x7F, 0x80]
    let expected: [Float] = [0, 1 / 128, 127 / 128, -1]
    #expect(try samples(PlainContainers.au(encoding: 2, size: 4, samples: bytes)) == expected)
    #expect(try samples(PlainContainers.caf(bits: 8, size: 8, samples: bytes)) == expected)
    #expect(
      try samples(PlainContainers.sphere(frames: 4, width: 1, order: "1", samples: bytes))
        == expected)
  }

  @Test func aWAVWithTheHighestByteFirst() throws {
    let little = Self.integers(2)
    var wav = Array("WAVEfmt ".utf8) + WAVBytes.number(16, 4).reversed()
    for (value, count) in [(1, 2), (1, 2), (16_000, 4), (32_000, 4), (2, 2), (16, 2)] {
      wav += WAVBytes.number(value, count).reversed()
    }
    wav += Array("data".utf8) + WAVBytes.number(little.count, 4).reversed()
    wav += PlainContainers.swapped(little, 2)
    let bytes = Array("RIFX".utf8) + WAVBytes.number(wav.count, 4).reversed() + wav
    #expect(try samples(bytes) == Self.values.map { Float($0) / 32_768 })
  }

  // MARK: - 24 bits in 4 bytes

  @Test(arguments: [false, true]) func samplesOf24BitsInTheUpperThreeBytes(isCAF: Bool) throws {
    let values = [0, 1, -1, 0x7F_FFFF, -0x80_0000, 4711]
    let bytes = values.flatMap { WAVBytes.number($0 << 8, 4) }
    let file =
      isCAF
      ? PlainContainers.caf(bits: 24, frame: 4, size: bytes.count + 4, samples: bytes)
      : WAVBytes(bits: 24, alignment: 4, samples: bytes).bytes
    #expect(try samples(file) == values.map { Float($0) / 0x80_0000 })
  }

  /// Below a sign, as `arecord` writes them, or below zeros.
  @Test(arguments: [true, false]) func samplesOf24BitsInTheLowerThreeBytes(hasSign: Bool) throws {
    let values = [0, 1, -1, 0x7F_FFFF, -0x80_0000, 4711]
    let bytes = values.flatMap { WAVBytes.number(hasSign ? $0 : $0 & 0xFF_FFFF, 4) }
    let file = WAVBytes(bits: 24, alignment: 4, samples: bytes).bytes
    #expect(try samples(file) == values.map { Float($0) / 0x80_0000 })
  }

  /// Neither: the lowest byte is more of the sample.
  @Test func samplesOf24BitsThatFillFourBytes() throws {
    let values = [1 << 30, -3 << 29, 0x1234_5600 | 0x80]
    let bytes = values.flatMap { WAVBytes.number($0, 4) }
    let file = WAVBytes(bits: 24, alignment: 4, samples: bytes).bytes
    #expect(try samples(file) == values.map { Float($0) * 0x1p-31 })
  }

  // MARK: - G.711

  /// ITU-T G.711, table 2a: 14 bits, here of 16.
  private static func muLaw(_ code: UInt8) -> Float {
    let inverted = ~code
    let magnitude = (Int(inverted & 15) << 3 + 132) << Int(inverted >> 4 & 7) - 132
    return Float(inverted & 0x80 != 0 ? -magnitude : magnitude) / 32_768
  }

  /// ITU-T G.711, table 1a: 13 bits, here of 16.
  private static func aLaw(_ code: UInt8) -> Float {
    let inverted = code ^ 0x55
    let (exponent, mantissa) = (Int(inverted >> 4 & 7), Int(inverted & 15))
    let magnitude =
      exponent == 0 ? mantissa << 4 + 8 : (mantissa << 4 + 264) << (exponent - 1)
    return Float(inverted & 0x80 != 0 ? magnitude : -magnitude) / 32_768
  }

  @Test(arguments: [true, false]) func theCodesOfTelephony(isMuLaw: Bool) throws {
    let codes = (0..<256).map { UInt8($0) }
    let expected = codes.map(isMuLaw ? Self.muLaw : Self.aLaw)
    for (name, bytes) in [
      ("WAV", WAVBytes(tag: isMuLaw ? 7 : 6, bits: 8, samples: codes).bytes),
      ("AU", PlainContainers.au(encoding: isMuLaw ? 1 : 27, size: 256, samples: codes)),
      (
        "CAF",
        PlainContainers.caf(
          bits: 8, flags: 0, kind: isMuLaw ? "ulaw" : "alaw", size: 260, samples: codes)
      ),
      (
        "SPHERE",
        PlainContainers.sphere(
          frames: 256, coding: isMuLaw ? "ulaw" : "alaw", width: 1, order: "1", samples: codes)
      ),
    ] {
      #expect(try samples(bytes) == expected, "\(name)")
    }
  }

  // MARK: - ADPCM

  /// IMA's decoder, from "Recommended Practices for Enhancing Digital Audio Compatibility in
  /// Multimedia Systems" of 1992.
  private static func ima(_ block: [UInt8]) -> [Float] {
    let steps = [
      7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66,
      73, 80, 88, 97, 107, 118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408,
      449, 494, 544, 598, 658, 724, 796, 876, 963, 1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066,
      2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630,
      9493, 10_442, 11_487, 12_635, 13_899, 15_289, 16_818, 18_500, 20_350, 22_385, 24_623, 27_086,
      29_794, 32_767,
    ]
    let changes = [-1, -1, -1, -1, 2, 4, 6, 8]
    var value = Int(Int16(truncatingIfNeeded: Int(block[0]) | Int(block[1]) << 8))
    var index = Int(block[2])
    var samples = [Float(value) / 32_768]
    for nibble in block.dropFirst(4).flatMap({ [Int($0 & 15), Int($0 >> 4)] }) {
      let step = steps[index]
      var difference = step >> 3
      if nibble & 4 != 0 { difference += step }
      if nibble & 2 != 0 { difference += step >> 1 }
      if nibble & 1 != 0 { difference += step >> 2 }
      value = max(-32_768, min(32_767, value + (nibble & 8 != 0 ? -difference : difference)))
      index = max(0, min(88, index + changes[nibble & 7]))
      samples.append(Float(value) / 32_768)
    }
    return samples
  }

  private static func imaFile(_ blocks: [[UInt8]], frames: Int) -> [UInt8] {
    let length = blocks[0].count
    let each = (length - 4) * 2 + 1
    let format =
      WAVBytes.number(0x11, 2) + WAVBytes.number(1, 2) + WAVBytes.number(16_000, 4)
      + WAVBytes.number(16_000 * length / each, 4) + WAVBytes.number(length, 2)
      + WAVBytes.number(4, 2) + WAVBytes.number(2, 2) + WAVBytes.number(each, 2)
    let body =
      Array("WAVEfmt ".utf8) + WAVBytes.number(20, 4) + format + Array("fact".utf8)
      + WAVBytes.number(4, 4) + WAVBytes.number(frames, 4) + Array("data".utf8)
      + WAVBytes.number(blocks.count * length, 4) + blocks.flatMap { $0 }
    return Array("RIFF".utf8) + WAVBytes.number(body.count, 4) + body
  }

  @Test func theADPCMOfIMA() throws {
    let blocks = (0..<3).map { block -> [UInt8] in
      let codes = (0..<124).map { UInt8(truncatingIfNeeded: ($0 * $0 * 7 + block * 31) >> 1) }
      return WAVBytes.number(1000 * block - 900, 2) + [UInt8(20 + block), 0] + codes
    }
    let expected = blocks.flatMap(Self.ima)
    #expect(expected.count == 3 * 249)
    // The number of frames says how much of the last block is used, if it can.
    for (frames, used) in [(747, 747), (600, 600), (0, 747), (5000, 747)] {
      let found = try samples(Self.imaFile(blocks, frames: frames))
      #expect(found == Array(expected.prefix(used)), "\(frames)")
    }
  }

  @Test func blocksThatNobodyWrites() throws {
    let path = "\(folder.path)/sound"
    for length in [4, 6] {
      let file = Self.imaFile([[UInt8](repeating: 0, count: length)], frames: 1)
      let encoding = "IMA ADPCM in blocks of \(length) bytes"
      #expect(throws: SpecGANError.unsupported(path: path, encoding: encoding)) {
        try samples(file)
      }
    }
    var own = try bytes(of: Fixtures.path("formats/adpcm.wav"))
    own[44] ^= 1  // of the coefficients
    let encoding = "Microsoft ADPCM with its own coefficients"
    #expect(throws: SpecGANError.unsupported(path: path, encoding: encoding)) { try samples(own) }
  }

  // MARK: - Refused

  @Test func encodingsOfOtherContainers() throws {
    let path = "\(folder.path)/sound"
    let data = [UInt8](repeating: 1, count: 64)
    for (bytes, encoding) in [
      (PlainContainers.au(encoding: 23, size: 64, samples: data), "AU of the encoding 23"),
      (PlainContainers.caf(kind: "aac ", size: 68, samples: data), "CAF of the kind “aac ”"),
      (
        PlainContainers.caf(frame: 6, size: 68, samples: data),
        "CAF of 1 channels in packets of 6 bytes"
      ),
      (
        PlainContainers.sphere(frames: 8, width: 5, samples: data),
        "NIST SPHERE with samples of 5 bytes"
      ),
    ] {
      #expect(throws: SpecGANError.unsupported(path: path, encoding: encoding)) {
        try samples(bytes)
      }
    }
    let shorten = PlainContainers.sphere(
      frames: 8, coding: "pcm,embedded-shorten-v2.00", samples: data)
    do {
      _ = try samples(shorten)
      Issue.record("shorten was read")
    } catch let error as SpecGANError { #expect(error.advice?.contains("sph2pipe") == true) }
  }

  // MARK: - MP3 of variable rate without a table

  /// Frames of silence of two rates; libsndfile estimates the length from the first.
  @Test func anMP3OfVariableRateWithoutATable() throws {
    func frame(_ rate: Int) -> [UInt8] {
      var bytes = MP3Bytes.silence()
      bytes[2] = UInt8(rate << 4)
      let length = 144 * [9: 128_000, 14: 320_000][rate, default: 0] / 44_100
      return bytes + [UInt8](repeating: 0, count: length - bytes.count)
    }
    for order in [[14, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9], [9, 14, 14, 14, 14, 14, 14, 14, 14, 14]] {
      let sound = try folder.decoded(order.flatMap(frame), rate: 44_100)
      #expect(sound.sourceFrames == order.count * 1152 && sound.remarks.isEmpty)
      #expect(sound.waveform.samples.allSatisfy { $0 == 0 })
    }
  }
}
