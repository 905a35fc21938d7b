import SpecGANErrors
import SpecGANTestSupport
import Testing
import Waveforms

/// Headers with a wrong length: the audio in the file counts, up to the longest duration.
@Suite struct LyingLengthTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func error(of bytes: [UInt8], longestDuration: Int = AudioFile.longestDuration) throws
    -> SpecGANError?
  {
    let path = try folder.file(bytes)
    do throws(SpecGANError) {
      _ = try AudioFile.read(path, longestDuration: longestDuration)
      return nil
    } catch {
      return error
    }
  }

  private func tooLong(_ limit: Int = AudioFile.longestDuration) -> SpecGANError {
    .tooLong(path: "\(folder.path)/sound", limit: limit)
  }

  @Test func theSentenceNamesTheLimit() {
    let limits = [(AudioFile.longestDuration, "3 hours"), (90, "90 seconds")]
    for (limit, text) in limits {
      let sentence = "s.wav is longer than \(text); cut it into parts."
      #expect(SpecGANError.tooLong(path: "s.wav", limit: limit).description == sentence)
    }
  }

  /// Fourteen bytes that decode to 32768 samples, repeated, after a header without a length.
  @Test(arguments: [0, nil]) func aTinyFileThatBecomesALongSound(promised: Int?) throws {
    let bomb = ConstantFLAC.bytes(blockCount: 30, value: 1, promised: promised)
    #expect(bomb.count < 500)
    #expect(try error(of: bomb) == nil)
    #expect(try error(of: bomb, longestDuration: 62) == nil)
    #expect(try error(of: bomb, longestDuration: 61) == tooLong(61))
    let path = try folder.file(bomb)
    #expect(throws: tooLong(61)) {
      try Waveform.decoded(path: path, as: AudioConfiguration(), longestDuration: 61)
    }
  }

  @Test func aFLACThatPromisesMoreThanItHolds() throws {
    let longest = 16_000 * AudioFile.longestDuration
    for (promised, found) in [(32_769, 32_768), (longest, 32_768)] {
      let expected = SpecGANError.truncated(
        path: "\(folder.path)/sound", framesFound: found, framesPromised: promised)
      let flac = ConstantFLAC.bytes(blockCount: 1, value: 1, promised: promised)
      #expect(try error(of: flac) == expected)
    }
    for promised in [longest + 1, 1 << 36 - 1] {
      let flac = ConstantFLAC.bytes(blockCount: 1, value: 1, promised: promised)
      #expect(try error(of: flac) == tooLong())
    }
  }

  @Test func anOpusWhoseLastPageGoesBackwards() throws {
    let whole = try bytes(of: Fixtures.path("formats/opus.ogg"))
    let reason = "the positions of its pages decrease"
    for position in [-1, 1, .min] {
      let path = try folder.file(OggBytes.withLastPosition(position, of: whole))
      #expect(throws: SpecGANError.damaged(path: path, reason: reason)) {
        try AudioFile.read(path)
      }
    }
  }

  @Test func anOpusWhoseLastPageLies() throws {
    let whole = try bytes(of: Fixtures.path("formats/opus.ogg"))
    // Positions count at 48 kHz, whatever the rate is; 312 of them are for the coder to begin with.
    let lie = OggBytes.withLastPosition(4_800_000, of: whole)
    let expected = SpecGANError.truncated(
      path: "\(folder.path)/sound", framesFound: 8056, framesPromised: (4_800_000 - 312) / 3)
    #expect(try error(of: lie) == expected)
    #expect(try error(of: OggBytes.withLastPosition(1 << 62, of: whole)) == tooLong())
  }

  /// If the last page is the first one with audio, libsndfile counts the samples of its packets.
  @Test(arguments: [8192, 1_600_000, 1 << 62]) func aVorbisWhoseLastPageLies(position: Int) throws {
    let whole = try bytes(of: Fixtures.path("formats/vorbis.ogg"))
    let path = try folder.file(OggBytes.withLastPosition(position, of: whole))
    #expect(try AudioFile.read(path).frameCount == 8192)
  }

  @Test func anMP3WhoseTableLies() throws {
    let whole = try bytes(of: Fixtures.path("formats/table.mp3"))
    let table = try #require(whole.indices.first { whole[$0...].starts(with: "Xing".utf8) })
    func error(frames: [UInt8]) throws -> SpecGANError? {
      var lie = whole
      lie.replaceSubrange(table + 8..<table + 12, with: frames)
      return try self.error(of: lie)
    }
    for frames: [UInt8] in [[0, 0xFF, 0xFF, 0xFF], [0x7F, 0xFF, 0xFF, 0xFF]] {
      #expect(try error(frames: frames) == tooLong())
    }
    #expect(try error(frames: [0, 0, 1, 0])?.code == "audio.truncated")
  }

  /// A decoder stops at the table's length.
  @Test func anMP3WithMoreFramesThanItsTableCounts() throws {
    let whole = try bytes(of: Fixtures.path("formats/table.mp3"))
    let table = try #require(whole.indices.first { whole[$0...].starts(with: "Xing".utf8) })
    var lie = whole
    lie.replaceSubrange(table + 8..<table + 12, with: [0, 0, 0, 3])
    let error = try #require(try error(of: lie))
    #expect(error.code == "audio.damaged")
    #expect(error.found?.hasPrefix("its table gives 3 frames") == true, "\(error)")
  }

  /// After the four bytes of the header: `main_data_begin`; two bits, and then twelve that count
  /// the bits of main data; and nine that count pairs of large values, at most 288. A file of
  /// constant rate has so much space between the main data of its frames that only the last is
  /// certainly wrong.
  @Test(
    arguments: [
      ("layer3.mp3", 6, 0x03), ("table.mp3", 4, 0xFF), ("table.mp3", 5, 0x3F),
      ("table.mp3", 6, 0x03),
    ] as [(String, Int, UInt8)])
  func anMP3OfDamagedSideInformation(name: String, place: Int, mask: UInt8) throws {
    var stream = try bytes(of: Fixtures.path("formats/\(name)"))
    let starts = stream.indices.filter { stream[$0...].starts(with: stream[..<2]) }
    stream[try #require(starts.dropFirst(5).first) + place] |= mask
    let error = try #require(try error(of: stream), "byte \(place) of \(name)")
    #expect(error.code == "audio.damaged")
    #expect(error.found?.hasPrefix("the side information of its MP3 frame") == true)
  }

  @Test func whatStandsBetweenTheFramesOfAnMP3() throws {
    let stream = try bytes(of: Fixtures.path("formats/layer3.mp3"))
    let frame = 576  // 144 · 64000 / 16000
    #expect(try error(of: stream + [UInt8](repeating: 0, count: 100)) == nil)
    let other = "\(folder.path)/sound"
    let tag = Array("TAG".utf8) + [UInt8](repeating: 0x20, count: 125)
    let ape =
      Array("APETAGEX".utf8) + WAVBytes.number(2000, 4) + WAVBytes.number(42, 4)
      + WAVBytes.number(1, 4) + WAVBytes.number(0xA000_0000, 4) + [UInt8](repeating: 0, count: 50)
    let lyrics = Array("LYRICSBEGININD00002000000LYRICS200".utf8)
    for end in [tag, ape, lyrics + tag, ape + tag, [0, 0, 0] + tag + [0], Array(tag.prefix(50))] {
      #expect(try error(of: stream + end) == nil)
    }
    // Behind a tag, a stream that was joined goes on.
    for gap in [tag, ape, [0, 0] + tag + [0]] {
      #expect(try folder.decoded(stream + gap + stream, channels: 2).sourceFrames == 2 * 9216)
    }
    // Sound behind what looks like an end would be lost.
    for gap in [[UInt8](repeating: 0, count: 1000)] {
      let end = stream.count + gap.count
      let reason =
        "the data after its MP3 frame \(stream.count / frame), at byte \(end), is not a frame"
      #expect(try error(of: stream + gap + stream) == .damaged(path: other, reason: reason))
    }
    var zeroed = stream
    zeroed.replaceSubrange(3 * frame..<4 * frame, with: [UInt8](repeating: 0, count: frame))
    #expect(try error(of: zeroed)?.code == "audio.damaged", "zeros in place of a frame are an end")
    let broken = Array(stream[..<(3 * frame)]) + [1, 2, 3] + stream[(3 * frame)...]
    let reason = "the data after its MP3 frame 3, at byte 1728, is not a frame"
    #expect(try error(of: broken) == .damaged(path: "\(folder.path)/sound", reason: reason))
  }
}

/// The pages of an Ogg file, changed with their checksums right. Source: RFC 3533, section 6.
enum OggBytes {
  /// `bytes` with another position of its last sample.
  static func withLastPosition(_ position: Int, of bytes: [UInt8]) -> [UInt8] {
    let starts = bytes.indices.filter { bytes[$0...].starts(with: "OggS".utf8) }
    guard let last = starts.last else { return bytes }
    var page = Array(bytes[last...])
    page.replaceSubrange(6..<14, with: WAVBytes.number(position, 8))
    page.replaceSubrange(22..<26, with: [0, 0, 0, 0])
    page.replaceSubrange(22..<26, with: WAVBytes.number(Int(checksum(page)), 4))
    return bytes[..<last] + page
  }

  /// CRC-32 with the polynomial 0x04C11DB7, bit by bit.
  static func checksum(_ page: [UInt8]) -> UInt32 {
    page.reduce(0) { value, byte in
      (0..<8).reduce(value ^ UInt32(byte) << 24) { value, _ in
        value << 1 ^ (value >> 31) * 0x04C1_1DB7
      }
    }
  }
}
