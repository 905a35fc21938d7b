import Foundation
import SpecGANErrors
import SpecGANFiles
import SpecGANTestSupport
import Testing
import Waveforms

/// Invalid files: each is rejected with its own reason, and none traps or hangs.
@Suite struct BadInputTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func error(of path: String) -> SpecGANError? {
    do throws(SpecGANError) {
      _ = try AudioFile.read(path)
      return nil
    } catch {
      #expect(error.description.contains(path))
      return error
    }
  }

  private func fixture(_ name: String) throws -> [UInt8] {
    try bytes(of: Fixtures.path("formats/\(name)"))
  }

  @Test func whatIsNotAReadableFile() throws {
    #expect(error(of: "\(folder.path)/none") == .notFound(path: "\(folder.path)/none"))
    func unreadable(_ path: String, _ reason: String) -> SpecGANError {
      .unreadable(path: path, reason: reason)
    }
    #expect(error(of: folder.path) == unreadable(folder.path, "it is a folder"))
    let pipe = "\(folder.path)/pipe"
    #expect(unsafe mkfifo(pipe, 0o600) == 0)
    #expect(error(of: pipe) == unreadable(pipe, "it is a named pipe"))
    #expect(error(of: "/dev/zero") == unreadable("/dev/zero", "it is a device"))
    let loop = "\(folder.path)/loop"
    #expect(unsafe symlink(loop, loop) == 0)
    #expect(error(of: loop) == unreadable(loop, "Too many levels of symbolic links"))
    let empty = try folder.file("empty.wav", [])
    #expect(error(of: empty) == .empty(path: empty))
  }

  @Test(.disabled(if: geteuid() == 0, "the superuser may read everything"))
  func aFileWithoutPermission() throws {
    let path = try folder.file(WAVBytes.ramp(3).bytes)
    unsafe chmod(path, 0)
    #expect(error(of: path) == .unreadable(path: path, reason: "Permission denied"))
  }

  @Test(arguments: [
    (Array("kick, snare\n".utf8), "text"),
    ([0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10], "a PNG image"),
    (Array("%PDF-1.4".utf8), "a PDF document"),
    ([0, 1, 2, 3, 4, 5, 6, 7], nil), (Array("RIFF".utf8), "text"),
    ([0xFF, 0xFB, 0x90, 0x64] + [UInt8](repeating: 0, count: 2000), nil),  // one MP3 header
  ])
  func whatIsNotAudio(bytes: [UInt8], content: String?) throws {
    let path = try folder.file(bytes)
    #expect(error(of: path) == .notAudio(path: path, content: content))
  }

  @Test(arguments: [
    ("PK\u{3}\u{4}zip", "a ZIP archive"), ("Rar!\u{1A}\u{7}\u{0}", "a RAR archive"),
    ("BZh91AY", "a bzip2 archive"),
  ])
  func anArchiveIsToBeUnpacked(text: String, kind: String) throws {
    let path = try folder.file(Array(text.utf8))
    #expect(error(of: path) == .archive(path: path, kind: kind))
    #expect(error(of: path)?.sentence.hasSuffix("; unpack it.") == true)
  }

  @Test func aPointerOfGitLFS() throws {
    let digest = String(repeating: "0", count: 64)
    let text = "version https://git-lfs.github.com/spec/v1\noid sha256:\(digest)\nsize 32044\n"
    let path = try folder.file(Array(text.utf8))
    #expect(error(of: path) == .pointer(path: path))
    #expect(error(of: path)?.sentence.contains("git lfs pull") == true)
  }

  @Test(arguments: [
    ("wvpk\u{1}\u{0}\u{0}\u{0}", "WavPack"), ("\0\0\0\u{20}ftypM4A ", "MPEG-4 audio or video"),
    ("FORM\0\0\0\u{20}8SVX", "8SVX"),
  ])
  func soundsInOtherContainers(text: String, encoding: String) throws {
    let path = try folder.file(Array(text.utf8))
    #expect(error(of: path) == .unsupported(path: path, encoding: encoding))
  }

  /// All files of a kind have the same predicate, so that a list of them needs it once.
  @Test func theSentenceOfAKindIsTheSame() throws {
    let predicates = try ["memo.m4a", "other one.m4a"].map { name in
      error(of: try folder.file(name, Array("\0\0\0\u{20}ftypM4A ".utf8)))?.predicate
    }
    #expect(predicates[0] != nil && predicates[0] == predicates[1])
  }

  @Test(arguments: [
    (0x31, 0, "GSM 6.10"), (0x55, 0, "MP3 in WAV"), (0x11, 3, "IMA ADPCM"), (7, 16, "µ-law"),
  ])
  func encodingsThatAreNotOnTheList(tag: Int, bits: Int, encoding: String) throws {
    let wav = WAVBytes(tag: tag, bits: bits, samples: [UInt8](repeating: 0, count: 64))
    let path = try folder.file(wav.bytes)
    #expect(error(of: path) == .unsupported(path: path, encoding: encoding))
  }

  @Test func compressionsOfAIFCThatAreNotOnTheList() throws {
    var aifc = try fixture("sowt.aifc")
    aifc.replaceSubrange(50..<54, with: "ima4".utf8)
    let path = try folder.file(aifc)
    #expect(error(of: path) == .unsupported(path: path, encoding: "AIFC of the kind “ima4”"))
    // What a terminal would obey is not shown.
    aifc.replaceSubrange(50..<54, with: [0x1B, 0x5B, 0x32, 0x4A])
    let hostile = try folder.file("hostile", aifc)
    #expect(error(of: hostile) == .unsupported(path: hostile, encoding: "AIFC of an unknown kind"))
  }

  @Test(arguments: [("pcm16.flac", 20..<22, [0x03, 0x30] as [UInt8], "FLAC of 20 bits")])
  func encodingsThatAreNotOnTheListInAStream(
    name: String, place: Range<Int>, change: [UInt8], encoding: String
  ) throws {
    var stream = try fixture(name)
    stream.replaceSubrange(place, with: change)
    let path = try folder.file(stream)
    #expect(error(of: path) == .unsupported(path: path, encoding: encoding))
  }

  @Test func anOggWhoseFirstPageIsNotWhatItSays() throws {
    var ogg = try fixture("vorbis.ogg")
    ogg[30] ^= 1  // in the packet, so that the page's checksum is wrong
    let path = try folder.file(ogg)
    #expect(error(of: path) == .unsupported(path: path, encoding: "an unknown encoding in Ogg"))
    ogg[30] ^= 1
    ogg[50] ^= 1
    let reason = "the checksum of its first page is wrong"
    #expect(error(of: try folder.file(ogg)) == .damaged(path: path, reason: reason))
  }

  @Test func samplesInOtherBytesThanTheyNeed() throws {
    let samples = [UInt8](repeating: 1, count: 48)
    let padded = WAVBytes(bits: 16, alignment: 4, samples: samples)
    let path = try folder.file("padded", padded.bytes)
    #expect(error(of: path) == .unsupported(path: path, encoding: "PCM of 16 bits in 4 bytes"))
    let many = try folder.file("many", WAVBytes(channels: 1025, bits: 8).bytes)
    #expect(error(of: many) == .unsupported(path: many, encoding: "1025 channels"))
    for alignment in [0, 5] {
      let odd = WAVBytes(channels: 2, bits: 24, alignment: alignment, samples: samples)
      let path = try folder.file("odd", odd.bytes)
      let reason = "its frames of 2 channels have \(alignment) bytes"
      #expect(error(of: path) == .damaged(path: path, reason: reason))
    }
  }

  @Test func headersWithoutSamples() throws {
    let path = try folder.file(WAVBytes().bytes)
    #expect(error(of: path) == .noSamples(path: path))
    // Closed properly with no samples and with a chunk behind: its bytes are not samples.
    let list = WAVBytes(after: Array("LIST".utf8) + WAVBytes.number(4, 4) + [1, 2, 3, 4])
    let listed = try folder.file("listed", list.bytes)
    #expect(error(of: listed) == .noSamples(path: listed))
  }

  @Test func samplesThatAreNotNumbers() throws {
    for (value, frame) in [
      (Float.nan, 20_000), (.infinity, 3), (-.infinity, 0), (.signalingNaN, 40_000),
    ] {
      var values = [Float](repeating: 0.5, count: 50_000)
      values[frame] = value
      let path = try folder.file(WAVBytes.floats(values).bytes)
      #expect(error(of: path) == .nonFinite(path: path, frame: frame))
    }
    let double = WAVBytes.number(Int(1e300.bitPattern), 8)  // finite, but no float
    let path = try folder.file(WAVBytes(tag: 3, bits: 64, samples: double).bytes)
    #expect(error(of: path) == .nonFinite(path: path, frame: 0))
  }

  @Test func samplesThatAreNoSound() throws {
    for (value, frame) in [(Float(0x1p64).nextUp, 20_000), (1e29, 7), (-3e38, 3)] {
      var values = [Float](repeating: 0x1p64, count: 50_000)
      values[frame] = value
      let path = try folder.file(WAVBytes.floats(values).bytes)
      #expect(error(of: path) == .tooLoud(path: path, frame: frame))
      #expect(throws: SpecGANError.tooLoud(path: path, frame: frame)) {
        try Waveform.decoded(path: path, as: AudioConfiguration())
      }
    }
  }

  @Test func soundsLongerThanTheLimit() throws {
    let frames = 1000 * AudioFile.longestDuration
    let longest = WAVBytes(rate: 1000, bits: 8, samples: [UInt8](repeating: 128, count: frames))
    #expect(error(of: try folder.file(longest.bytes)) == nil)
    var longer = longest
    longer.samples.append(128)
    let path = try folder.file(longer.bytes)
    #expect(error(of: path) == .tooLong(path: path, limit: AudioFile.longestDuration))
  }

  @Test func everySentenceSaysWhereAndWhatToDo() {
    let path = "kick.wav"
    let errors: [SpecGANError] = [
      .notFound(path: path), .unreadable(path: path, reason: "r"),
      .empty(path: path), .notAudio(path: path, content: nil),
      .archive(path: path, kind: "k"), .pointer(path: path),
      .unsupported(path: path, encoding: "e"), .sampleRate(path: path, found: 1),
      .noSamples(path: path), .truncated(path: path, framesFound: 1, framesPromised: 2),
      .unfinished(path: path), .damaged(path: path, reason: "r"),
      .nonFinite(path: path, frame: 1), .tooLoud(path: path, frame: 1),
      .tooLong(path: path, limit: 10_800),
      .tooLarge(path: path), .unstorable(path: path),
      .unconvertible(path: path, .unmixable(channels: 3, wanted: 2)),
      .unconvertible(path: path, .unresampled(rate: 1, wanted: 2, reason: "r")),
    ]
    for error in errors {
      #expect(error.description.hasPrefix(path))
      #expect(error.description.contains("; "))
      #expect(error.description.hasSuffix("."))
    }
  }
}
