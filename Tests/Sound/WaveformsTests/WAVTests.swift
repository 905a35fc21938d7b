import Foundation
import SpecGANErrors
import Testing
import Waveforms

/// WAVs of our own making, where every sample is known exactly.
@Suite struct WAVTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func read(_ wav: WAVBytes) throws -> [Float] {
    try AudioFile.read(folder.file(wav.bytes)).samples
  }

  @Test(arguments: [8, 16, 24, 32])
  func dividesIntegersByTheirFullScale(bits: Int) throws {
    let scale = 1 << (bits - 1)
    let integers = [-scale, -scale / 2, -1, 0, 1, scale / 4, scale - 1]
    let offset = bits == 8 ? 128 : 0  // eight bits have no sign in a WAV
    let samples = integers.flatMap { WAVBytes.number($0 + offset, bits / 8) }
    let expected = integers.map { Float(Double($0) / Double(scale)) }
    #expect(try read(WAVBytes(bits: bits, samples: samples)) == expected)
  }

  @Test func keepsFloatsBeyondOne() throws {
    let values: [Float] = [-7.5, -1, -0x1p-149, 0, 0x1p-140, 1, 0x1p64]
    #expect(try read(.floats(values)) == values)
  }

  @Test func roundsDoublesToTheNearestFloat() throws {
    let values = [0.1, -1.0 / 3, 1 + 0x1p-30]
    let samples = values.flatMap { value in
      WAVBytes.number(Int(truncatingIfNeeded: value.bitPattern), 8)
    }
    #expect(try read(WAVBytes(tag: 3, bits: 64, samples: samples)) == values.map { Float($0) })
  }

  @Test func readsOneSample() throws {
    #expect(try read(.ramp(1)) == [0])
  }

  @Test func readsToTheLastWholeFrameOfAnOddLength() throws {
    var wav = WAVBytes.ramp(100)
    wav.samples.append(7)
    wav.promised = 201
    #expect(try read(wav) == (0..<100).map { Float($0) * 0x1p-15 })
  }

  @Test func readsSixtyFourChannels() throws {
    var wav = WAVBytes.ramp(64 * 700)
    wav.channels = 64
    let waveform = try AudioFile.read(folder.file(wav.bytes))
    #expect(waveform.channels == 64)
    #expect(
      waveform.samples == (0..<64 * 700).map { Float(Int16(truncatingIfNeeded: $0)) * 0x1p-15 })
  }

  @Test(arguments: [1_000, 768_000])
  func readsTheRatesAtBothEnds(rate: Int) throws {
    var wav = WAVBytes.ramp(3)
    wav.rate = rate
    #expect(try AudioFile.read(folder.file(wav.bytes)).sampleRate == rate)
  }

  @Test(arguments: [0, 1, 999, 768_001, 0xFFFF_FFFF])
  func refusesOtherRates(rate: Int) throws {
    var wav = WAVBytes.ramp(3)
    wav.rate = rate
    let path = try folder.file(wav.bytes)
    #expect(throws: SpecGANError.self) { try AudioFile.read(path) }
  }

  @Test(arguments: [0xFFFF_FFFF, 0x7FFF_F000])
  func readsAStreamOfUnknownLengthToItsEnd(promised: Int) throws {
    var wav = WAVBytes.ramp(100)
    wav.promised = promised
    wav.whole = promised + 36
    #expect(try read(wav) == (0..<100).map { Float($0) * 0x1p-15 })
  }

  @Test(arguments: [(1, 8), (1, 16), (1, 24), (1, 32), (3, 32), (3, 64)], [0, 8, 36, 0xFFFF_FFFF])
  func readsWhatWasNeverClosedToItsEnd(kind: (tag: Int, bits: Int), whole: Int) throws {
    let sound = Waveform(
      samples: (0..<200).map { Float($0 - 100) / 128 }, channels: 2, sampleRate: 16_000)
    var wav = WAVBytes(tag: kind.tag, channels: 2, bits: kind.bits)
    wav.samples = sound.samples.flatMap { sample in
      switch kind {
      case (1, 8): WAVBytes.number(Int(sample * 128) + 128, 1)
      case (1, let bits): WAVBytes.number(Int(Double(sample) * exp2(Double(bits - 1))), bits / 8)
      case (_, 32): WAVBytes.number(Int(sample.bitPattern), 4)
      default: WAVBytes.number(Int(truncatingIfNeeded: Double(sample).bitPattern), 8)
      }
    }
    #expect(try AudioFile.read(folder.file(wav.bytes)) == sound)
    wav.promised = 0
    wav.whole = whole
    #expect(try AudioFile.read(folder.file(wav.bytes)) == sound)
  }

  @Test func skipsChunksOfOddLengthAndThoseBehindTheSamples() throws {
    var wav = WAVBytes.ramp(5)
    wav.before = Array("note".utf8) + WAVBytes.number(3, 4) + [1, 2, 3, 0]
    wav.after = Array("LIST".utf8) + WAVBytes.number(4, 4) + [1, 2, 3, 4]
    #expect(try read(wav) == (0..<5).map { Float($0) * 0x1p-15 })
  }

  @Test func readsFloatsInAnExtensibleWAV() throws {
    let plain = WAVBytes.floats([0.25, -2]).bytes
    let kind: [UInt8] = [3, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
    var extensible = plain[..<16] + WAVBytes.number(40, 4) + [0xFE, 0xFF] + plain[22..<36]
    extensible += WAVBytes.number(22, 2) + WAVBytes.number(32, 2) + WAVBytes.number(4, 4) + kind
    extensible += plain[36...]
    #expect(try AudioFile.read(folder.file(Array(extensible))).samples == [0.25, -2])
    extensible[44] = 2
    let adpcm = try folder.file("adpcm", Array(extensible))
    #expect(throws: SpecGANError.unsupported(path: adpcm, encoding: "Microsoft ADPCM")) {
      try AudioFile.read(adpcm)
    }
  }
}
