import Foundation
import SpecGANErrors
import SpecGANTestSupport
import Testing
import Waveforms

/// Law: the bytes that are there decide the length of uncompressed audio, not its header. Both
/// lengths are named if they differ for no usual reason.
@Suite struct WrongSizesTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private static let ramp = (0..<1000).flatMap { WAVBytes.number(3 * $0 + 1000, 2) }
  private static let samples = (0..<1000).map { Float(3 * $0 + 1000) / 32_768 }

  private func check(
    _ bytes: [UInt8], gives given: Int?, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let sound = try folder.decoded(bytes)
    #expect(sound.waveform.samples == Self.samples, sourceLocation: sourceLocation)
    let remarks = given.map { ["has 1000 frames, but its header says \($0); all of them are used"] }
    #expect(sound.remarks == remarks ?? [], sourceLocation: sourceLocation)
  }

  /// The sizes that writers leave who cannot seek back, or do not know better.
  @Test(arguments: [
    2000, 0, 0xFFFF_FFFF, 0x7FFF_FFFF, 0x7FFF_FFFF - 36, 0x8000_0000, 0x8000_0024,
    0xFFFF_FFFF - 36, 0x7FFF_F000, 2044, 2036,
  ])
  func usualSizesOfAWAVNeedNoWord(size: Int) throws {
    var wav = WAVBytes(samples: Self.ramp)
    wav.promised = size
    wav.whole = size == 2000 ? nil : (size + 36) & 0xFFFF_FFFF
    try check(wav.bytes, gives: nil)
  }

  @Test(arguments: [4000, 1_000_000, 0x4000_0000, 1000, 2, 1998])
  func unusualSizesOfAWAVAreNamed(size: Int) throws {
    var wav = WAVBytes(samples: Self.ramp)
    wav.promised = size
    try check(wav.bytes, gives: size / 2)
    wav.whole = size + 36
    try check(wav.bytes, gives: size / 2)
  }

  @Test func aSizeThatIsLessThanAFrame() throws {
    var wav = WAVBytes(samples: Self.ramp)
    wav.promised = 1
    try check(wav.bytes, gives: 0)
  }

  /// The numbers of frames in COMM and of bytes in SSND, either or both wrong.
  @Test(arguments: [
    (1000, 2008, nil), (0, 2008, nil), (1000, 0, nil), (0, 0, nil), (0xFFFF_FFFF, 0xFFFF_FFFF, nil),
    (1256, 2008, 1256), (1256, 2520, 1256), (900, 2008, 900), (900, 1808, 900),
    (1000, 3000, nil),
  ])
  func sizesOfAnAIFF(frames: Int, size: Int, given: Int?) throws {
    let samples = PlainContainers.swapped(Self.ramp, 2)
    try check(PlainContainers.aiff(frames: frames, size: size, samples: samples), gives: given)
  }

  /// A file without frames is finished if its outer size is right, and a chunk behind it is no
  /// audio; otherwise its writer was interrupted.
  @Test func anEmptyAIFF() throws {
    let chunk = Array("ANNO".utf8) + [0, 0, 0, 4] + Array("text".utf8)
    let path = try folder.file(PlainContainers.aiff(frames: 0, size: 8, samples: chunk))
    #expect(throws: SpecGANError.noSamples(path: path)) { try AudioFile.read(path) }
    let samples = PlainContainers.swapped(Self.ramp, 2)
    for whole in [0, 46] {
      try check(
        PlainContainers.aiff(frames: 0, size: 8, whole: whole, samples: samples), gives: nil)
    }
  }

  @Test(arguments: [
    (2000, nil), (0, nil), (0xFFFF_FFFF, nil), (4000, 2000), (1000, 500),
  ])
  func sizesOfAnAU(size: Int, given: Int?) throws {
    let samples = PlainContainers.swapped(Self.ramp, 2)
    try check(PlainContainers.au(encoding: 3, size: size, samples: samples), gives: given)
  }

  @Test(arguments: [(2000, nil), (-1, nil), (4000, 2000), (1000, 500), (1 << 62, nil)])
  func sizesOfACAF(size: Int, given: Int?) throws {
    let bytes = PlainContainers.caf(size: size < 0 ? size : size + 4, samples: Self.ramp)
    try check(bytes, gives: given)
  }

  @Test(arguments: [(2000, nil), (0, nil), (4000, 2000), (1000, 500), (-1, nil)])
  func sizesOfAWave64(size: Int, given: Int?) throws {
    try check(PlainContainers.wave64(size: size, samples: Self.ramp), gives: given)
  }

  @Test(arguments: [
    (2000, nil), (0, nil), (4000, 2000), (1000, 500), (-1, nil), (1 << 40, (1 << 40) / 2),
  ])
  func sizesOfAnRF64(size: Int, given: Int?) throws {
    for mark in ["RF64", "BW64"] {
      try check(PlainContainers.rf64(mark, size: size, samples: Self.ramp), gives: given)
    }
  }

  @Test(arguments: [(1000, nil), (0, nil), (2000, 2000), (500, 500)])
  func sizesOfASPHERE(frames: Int, given: Int?) throws {
    try check(PlainContainers.sphere(frames: frames, samples: Self.ramp), gives: given)
  }

  /// The sizes of a compressed block.
  @Test func sizesOfADPCM() throws {
    let whole = try bytes(of: Fixtures.path("formats/adpcm.wav"))
    let plain = try folder.decoded(whole, channels: 2)
    #expect(plain.remarks.isEmpty && plain.sourceFrames == 1000)
    let data = try #require(whole.indices.first { whole[$0...].starts(with: "data".utf8) })
    var streamed = whole
    streamed.replaceSubrange(data + 4..<data + 8, with: [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(try folder.decoded(streamed, channels: 2) == plain)
    let cut = try folder.decoded(Array(whole.dropLast(10)), channels: 2)
    #expect(cut.sourceFrames < 1000 && cut.remarks.count == 1)
    #expect(plain.waveform.samples.starts(with: cut.waveform.samples))
  }

  // MARK: - Over 4 GiB

  /// A file of `size` bytes that begins with `head`, without the disk for the rest.
  private func sparse(_ head: [UInt8], size: Int) throws -> String {
    let path = try folder.file("large", head)
    #expect(unsafe truncate(path, off_t(size)) == 0)
    return path
  }

  /// The number of frames of `path`, which is not decoded.
  private func frames(_ path: String) throws -> (frames: Int, remarks: [String]) {
    let file = try OpenedSound(
      try InputFile(path: path), as: AudioConfiguration(sampleRate: 96_000, channels: 1))
    return (file.expectedSampleCount, file.remarks)
  }

  /// After the size in the header come `silence` bytes of zeros, less or more than a block that is
  /// read.
  @Test(arguments: [0, 100_000]) func aWAVOverFourGiBWhoseSizeWrapped(silence: Int) throws {
    let size = (1 << 32) + 32 * 96_000
    let promised = size & 0xFFFF_FFFF
    var wav = WAVBytes(channels: 8, rate: 96_000, bits: 32)
    wav.promised = promised
    wav.whole = (size + 36) & 0xFFFF_FFFF
    let path = try sparse(wav.bytes, size: 44 + size)
    let handle = try #require(FileHandle(forWritingAtPath: path))
    // Zeros up to the end of the file would be padding; reading stops at another byte.
    try handle.seek(toOffset: UInt64(44 + promised + silence))
    try handle.write(contentsOf: [UInt8](repeating: 7, count: 32))
    try handle.close()
    let found = try frames(path)
    #expect(found.frames == size / 32 && found.remarks.isEmpty)
  }

  @Test func largeFilesOfSixtyFourBits() throws {
    let size = (1 << 32) + 32 * 96_000
    for head in [
      PlainContainers.rf64("RF64", channels: 8, rate: 96_000, bits: 32, size: size, samples: []),
      PlainContainers.wave64(channels: 8, rate: 96_000, bits: 32, size: size, samples: []),
      PlainContainers.caf(channels: 8, rate: 96_000, bits: 32, size: size + 4, samples: []),
    ] {
      let found = try frames(try sparse(head, size: head.count + size))
      #expect(found.frames == size / 32 && found.remarks.isEmpty)
    }
  }
}
