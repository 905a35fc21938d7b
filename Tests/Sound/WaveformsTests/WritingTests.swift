import Foundation
import SpecGANErrors
import SpecGANFiles
import SpecGANRandomness
import Testing
import Waveforms

@Suite struct WritingTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func noise(_ count: Int, channels: Int = 1) -> Waveform {
    let random = RandomStream(seed: 3, stream: 0)
    let samples = (0..<count).map { 2 * random.uniform(at: UInt64($0)) - 1 }
    return Waveform(samples: samples, channels: channels, sampleRate: 22_050)
  }

  @Test(arguments: [1, 2, 3, 64]) func floatsComeBackAsTheyWere(channels: Int) throws {
    var sound = noise(70_000 / channels * channels, channels: channels)
    sound.samples[0] = 17
    let path = "\(folder.path)/float.wav"
    #expect(try AudioFile.write(sound, to: path, format: .float) == 0)
    #expect(try AudioFile.read(path) == sound)
  }

  @Test func sixteenBitsComeBackWithinHalfAStep() throws {
    let sound = noise(70_000, channels: 2)
    let path = "\(folder.path)/pcm.wav"
    #expect(try AudioFile.write(sound, to: path, format: .pcm16) == 0)
    let read = try AudioFile.read(path)
    #expect(read.sampleRate == 22_050)
    #expect(read.channels == 2)
    let errors = zip(read.samples, sound.samples).map { abs($0 - $1) }
    #expect(errors.max() ?? 1 <= 0x1p-16)
  }

  /// In memory as on disk: the same bytes, and the sound that reading gives back.
  @Test(arguments: SampleFormat.allCases) func memoryHoldsWhatFilesHold(_ format: SampleFormat)
    throws
  {
    var sound = noise(7_000, channels: 2)
    sound.samples.replaceSubrange(0..<4, with: [1.5, -1.5, 1, -1])
    let path = "\(folder.path)/both.wav"
    try AudioFile.write(sound, to: path, format: format)
    let bytes = try AudioFile.bytes(of: sound, format: format, name: "both")
    #expect(try Data(bytes) == Data(contentsOf: URL(filePath: path)))
    #expect(try AudioFile.read(path) == sound.stored(as: format))
    sound.samples[5] = .nan
    #expect(throws: SpecGANError.nonFinite(path: "both", frame: 2)) {
      _ = try AudioFile.bytes(of: sound, format: format, name: "both")
    }
  }

  /// A float has 24 significant bits, so every third integer of 24 bits is one exactly; an odd
  /// number of bytes is followed by one more.
  @Test(arguments: [1_001, 1_002]) func integersOf24BitsComeBackExactly(count: Int) throws {
    let samples = (0..<count).map { Float(16_700 * $0 - 8_388_608) * 0x1p-23 }
    let sound = Waveform(samples: samples, channels: 1, sampleRate: 8000)
    let path = "\(folder.path)/24.wav"
    #expect(try AudioFile.write(sound, to: path, format: .pcm24) == 0)
    #expect(try AudioFile.read(path) == sound)
    #expect(try Data(contentsOf: URL(filePath: path)).count == 44 + 3 * count + count % 2)
  }

  @Test func integersOfSixteenBitsComeBackExactly() throws {
    let samples = (-32_768...32_767).map { Float($0) * 0x1p-15 }
    let sound = Waveform(samples: samples, channels: 1, sampleRate: 8000)
    let path = "\(folder.path)/all.wav"
    try AudioFile.write(sound, to: path, format: .pcm16)
    #expect(try AudioFile.read(path) == sound)
  }

  @Test func samplesBeyondOneAreClippedAndCounted() throws {
    let sound = Waveform(
      samples: [0.5, 1, -1, 1.0001, -1.0001, 3e38, -3e38, 0.999999], channels: 2, sampleRate: 8000)
    let path = "\(folder.path)/clipped.wav"
    #expect(try AudioFile.write(sound, to: path, format: .pcm16) == 4)
    let top = 1 - Float(0x1p-15)
    #expect(try AudioFile.read(path).samples == [0.5, top, -1, top, -1, top, -1, top])
  }

  @Test(arguments: SampleFormat.allCases) func theBytesAreAWAVs(format: SampleFormat) throws {
    let path = "\(folder.path)/sound.wav"
    let sound = Waveform(samples: [0.5, -0.25], channels: 1, sampleRate: 16_000)
    try AudioFile.write(sound, to: path, format: format)
    let expected =
      switch format {
      case .pcm16: WAVBytes(samples: [0, 0x40, 0, 0xE0]).bytes
      case .pcm24: WAVBytes(bits: 24, samples: [0, 0, 0x40, 0, 0, 0xE0]).bytes
      case .float: floatFile([0, 0, 0, 0x3F, 0, 0, 0x80, 0xBE])
      }
    #expect(try bytes(of: path) == expected)
  }

  private func floatFile(_ samples: [UInt8]) -> [UInt8] {
    var bytes = WAVBytes(tag: 3, bits: 32, samples: samples).bytes
    let fact = [0, 0] + Array("fact".utf8) + WAVBytes.number(4, 4) + WAVBytes.number(2, 4)
    bytes.insert(contentsOf: fact, at: 36)
    bytes[16] = 18
    bytes[4] += UInt8(fact.count)
    return bytes
  }

  @Test func whatCannotBeStoredIsRefusedAndTheOldFileStays() throws {
    let path = try folder.file("old.wav", [1, 2, 3])
    let broken = Waveform(samples: [0, 0, 0, .nan], channels: 2, sampleRate: 8000)
    #expect(throws: SpecGANError.nonFinite(path: path, frame: 1)) {
      try AudioFile.write(broken, to: path, format: .float)
    }
    let wide = Waveform(samples: noise(70_000).samples, channels: 70_000, sampleRate: 8000)
    #expect(throws: SpecGANError.unstorable(path: path)) {
      try AudioFile.write(wide, to: path, format: .pcm16)
    }
    #expect(try bytes(of: path) == [1, 2, 3])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["old.wav"])
  }

  @Test func aMissingFolderIsNamed() throws {
    let path = "\(folder.path)/none/sound.wav"
    let reason = "No such file or directory"
    #expect(throws: SpecGANError.unwritable(path: path, reason: reason)) {
      try AudioFile.write(noise(10), to: path, format: .pcm16)
    }
  }

  @Test func aFolderOfThatNameStays() throws {
    let path = "\(folder.path)/taken"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    #expect(throws: SpecGANError.self) {
      try AudioFile.write(noise(10), to: path, format: .pcm16)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["taken"])
  }
}
