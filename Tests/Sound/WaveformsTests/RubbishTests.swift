import SpecGANErrors
import SpecGANTestSupport
import Testing
import Waveforms

/// Tags, zeros and other data around audio, in every container.
@Suite struct RubbishTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private static let names = [
    "pcm16.wav", "pcm16.aiff", "pcm16.flac", "vorbis.ogg", "opus.ogg", "table.mp3", "layer3.mp3",
  ]
  private static let id3: [UInt8] =
    Array("ID3".utf8) + [4, 0, 0, 0, 0, 2, 0] + [UInt8](repeating: 0, count: 256)
  private static let id3v1 = Array("TAG".utf8) + [UInt8](repeating: 0x20, count: 125)
  private static let junk = (0..<777).map { UInt8(truncatingIfNeeded: $0 * $0 % 251 + 3) }

  /// An APE tag, which ends with a footer; with a header, or without.
  private static func ape(hasHeader: Bool) -> [UInt8] {
    let item = WAVBytes.number(5, 4) + WAVBytes.number(0, 4) + Array("Title\0hello".utf8)
    func edge(_ flags: Int) -> [UInt8] {
      Array("APETAGEX".utf8) + WAVBytes.number(2000, 4) + WAVBytes.number(item.count + 32, 4)
        + WAVBytes.number(1, 4) + WAVBytes.number(flags, 4) + [UInt8](repeating: 0, count: 8)
    }
    let flag = hasHeader ? 0x8000_0000 : 0
    return (hasHeader ? edge(flag | 0x2000_0000) : []) + item + edge(flag)
  }

  private func fixture(_ name: String) throws -> [UInt8] {
    try bytes(of: Fixtures.path("formats/\(name)"))
  }

  private func decoded(_ bytes: [UInt8]) throws -> DecodedSound {
    try folder.decoded(bytes, channels: 2)
  }

  /// Law: tags and zeros on either side change nothing.
  @Test(arguments: names) func tagsAndZerosOutside(name: String) throws {
    let whole = try fixture(name)
    let plain = try decoded(whole)
    #expect(plain.remarks.isEmpty)
    let zeros = [UInt8](repeating: 0, count: 1000)
    for before in [Self.id3, Self.id3 + Self.id3, zeros, Self.id3 + zeros] {
      #expect(try decoded(before + whole) == plain, "\(before.count) bytes before")
    }
    for after in [
      Self.id3v1, Self.ape(hasHeader: true), Self.ape(hasHeader: false),
      Self.ape(hasHeader: false) + Self.id3v1, zeros,
    ] {
      #expect(try decoded(whole + after) == plain, "\(after.count) bytes after")
    }
  }

  /// Law: other bytes before the audio are ignored, and reported.
  @Test(arguments: names) func otherBytesBefore(name: String) throws {
    let whole = try fixture(name)
    let plain = try decoded(whole)
    let sound = try decoded(Self.junk + whole)
    // Both are the same container.
    #expect(
      try SoundDescription(of: folder.file(Self.junk + whole)).container
        == SoundDescription(of: folder.file("plain", whole)).container)
    #expect(sound.waveform == plain.waveform)
    #expect(sound.remarks.count == 1 && sound.remarks[0].contains(" bytes before its audio"))
  }

  /// Law: other bytes after compressed audio are ignored, and reported.
  @Test(arguments: names.dropFirst(2)) func otherBytesAfter(name: String) throws {
    let whole = try fixture(name)
    let plain = try decoded(whole)
    for rest in [Self.junk, Array("a text after the sound, as some programs leave it".utf8)] {
      let sound = try decoded(whole + rest)
      #expect(sound.waveform == plain.waveform)
      #expect(sound.remarks.count == 1 && sound.remarks[0].contains("ignored"), "\(sound.remarks)")
    }
  }

  /// Law: a joined stream is decoded after the first, as by itself.
  @Test(arguments: names.dropFirst(2).dropLast()) func joinedStreams(name: String) throws {
    let whole = try fixture(name)
    let plain = try decoded(whole)
    for gap in [[], Self.id3v1 + Self.id3] {
      let sound = try decoded(whole + gap + whole)
      #expect(sound.sourceFrames == 2 * plain.sourceFrames)
      #expect(sound.waveform.samples == plain.waveform.samples + plain.waveform.samples)
      #expect(!sound.isDamaged)
    }
  }

  @Test func joinedStreamsOfDifferentFormats() throws {
    let path = "\(folder.path)/sound"
    let error = SpecGANError.unsupported(
      path: path, encoding: "joined streams of different formats")
    #expect(throws: error) {
      try decoded(fixture("pcm16.flac") + ConstantFLAC.bytes(blockCount: 1, value: 1))
    }
  }

  /// Of uncompressed containers, another file after the first is ignored, and reported.
  @Test(arguments: ["pcm16.wav", "pcm16.aiff"]) func joinedFiles(name: String) throws {
    let whole = try fixture(name)
    for gap in [[], [UInt8](repeating: 0, count: 100)] {
      let sound = try decoded(whole + gap + whole)
      #expect(try sound.waveform == decoded(whole).waveform)
      #expect(
        sound.remarks == [
          "has \(whole.count) bytes of another file after its audio, which are ignored"
        ])
    }
  }

  @Test(arguments: [
    ("pcm16.flac", 60, "unknown"), ("opus.ogg", 4000, "Ogg without its beginning"),
  ])
  func aLostBeginningIsNamed(name: String, count: Int, words: String) throws {
    let bytes = Array(try fixture(name).dropFirst(count))
    let path = try folder.file(bytes)
    do throws(SpecGANError) {
      _ = try AudioFile.read(path)
      Issue.record("\(name) was read")
    } catch { #expect(error.sentence.contains(words), "\(error)") }
  }

  @Test func aFLACWithoutItsHeader() throws {
    let frames = ConstantFLAC.bytes(blockCount: 5, value: 1).dropFirst(42)
    for cut in [0, 5] {
      let path = try folder.file(Array(frames.dropFirst(cut)))
      let error = SpecGANError.damaged(path: path, reason: "it is FLAC without its beginning")
      #expect(throws: error) { try AudioFile.read(path) }
    }
  }

  @Test func anMP3WithoutItsBeginning() throws {
    let stream = try fixture("layer3.mp3")
    let sound = try decoded(Array(stream.dropFirst(100)))
    #expect(sound.sourceFrames == 9216 - 576)
    #expect(sound.remarks == ["has 476 bytes before its audio, which are ignored"])
  }

  /// Law: the chunks around the samples change nothing, padded or not.
  @Test(arguments: [0, 1]) func oddChunks(padding: Int) throws {
    let body = Array("odd".utf8)
    let pad = [UInt8](repeating: 0, count: padding)
    let chunk = Array("LIST".utf8) + WAVBytes.number(body.count, 4) + body + pad
    var wav = WAVBytes.ramp(50)
    let plain = try folder.decoded(wav.bytes)
    wav.before = chunk + chunk
    wav.after = chunk
    #expect(try folder.decoded(wav.bytes) == plain)
    var odd = WAVBytes(bits: 8, samples: (0..<51).map { UInt8($0) }, after: pad + chunk)
    let sound = try folder.decoded(odd.bytes)
    #expect(sound.sourceFrames == 51 && sound.remarks.isEmpty)
    odd.before = chunk
    #expect(try folder.decoded(odd.bytes).waveform == sound.waveform)
  }

  /// A size before the samples that points beyond the file does not hide them.
  @Test func aChunkOfAWrongSize() throws {
    var wav = WAVBytes.ramp(50)
    let plain = try folder.decoded(wav.bytes)
    wav.before = Array("LIST".utf8) + WAVBytes.number(0x00FF_FFFF, 4) + [1, 2, 3, 4]
    #expect(try folder.decoded(wav.bytes).waveform == plain.waveform)
  }
}
