import SpecGANErrors
import SpecGANTestSupport
import Testing
import Waveforms

/// Law: damage that a format's own checks reveal is never used in silence. It is refused, or, if
/// that is allowed, the intact part is used and the damage named.
@Suite struct DamageTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func error(of bytes: [UInt8]) -> SpecGANError? {
    do {
      _ = try folder.decoded(bytes)
      return nil
    } catch { return error as? SpecGANError }
  }

  private func fixture(_ name: String) throws -> [UInt8] {
    try bytes(of: Fixtures.path("formats/\(name)"))
  }

  // MARK: - FLAC

  private static let block = 32_768  // samples of a frame of ConstantFLAC, which has 13 bytes

  @Test func everyChangedByteOfAFLACFrameIsFound() throws {
    let whole = ConstantFLAC.bytes(blockCount: 6, value: 1000)
    for place in 42..<whole.count {
      var bytes = whole
      bytes[place] ^= 0xFF
      let frame = (place - 42) / 13 + 1
      let found = try #require(error(of: bytes), "byte \(place)")
      #expect(found.code.isDamage && found.advice == "copy it again.")
      if frame < 6 { #expect(found.found?.hasPrefix("frame \(frame) ") == true, "\(found)") }
      let sound = try folder.decoded(bytes, allowsDamage: true)
      #expect(sound.isDamaged && sound.remarks.count == 1)
      #expect(sound.sourceFrames == 5 * Self.block)
      #expect(sound.waveform.samples.allSatisfy { $0 == 1000 / 32_768 }, "byte \(place)")
      #expect(sound.remarks[0].hasSuffix("; \(5 * Self.block) frames are used"))
    }
  }

  @Test func aFLACWithoutAFrameInTheMiddle() throws {
    let whole = ConstantFLAC.bytes(blockCount: 6, value: 1)
    let bytes = Array(whole[..<55] + whole[68...])
    #expect(error(of: bytes)?.found == "frame 2 is not the one that should follow")
    #expect(try folder.decoded(bytes, allowsDamage: true).sourceFrames == 5 * Self.block)
    // Without a number of samples in the header there is nothing else to compare with.
    let streamed = ConstantFLAC.bytes(blockCount: 6, value: 1, promised: 0)
    #expect(try folder.decoded(streamed).sourceFrames == 6 * Self.block)
    #expect(error(of: Array(streamed[..<55] + streamed[68...])) != nil)
  }

  @Test(arguments: ["pcm8.flac", "pcm16.flac", "pcm24.flac"])
  func aFLACWhoseDigestIsAnothers(name: String) throws {
    var bytes = try fixture(name)
    #expect(try folder.decoded(bytes, channels: 2).remarks.isEmpty)
    bytes[26] ^= 1
    let found = try #require(error(of: bytes))
    #expect(found.found == "its samples do not match their MD5 checksum")
    let sound = try folder.decoded(bytes, channels: 2, allowsDamage: true)
    #expect(sound.isDamaged && sound.sourceFrames == 1000)
    bytes.replaceSubrange(26..<42, with: [UInt8](repeating: 0, count: 16))
    #expect(try folder.decoded(bytes, channels: 2).remarks.isEmpty, "no digest")
  }

  // MARK: - Ogg

  @Test(arguments: ["vorbis.ogg", "opus.ogg"])
  func aPageOfOggWithAChangedByte(name: String) throws {
    let whole = try fixture(name)
    let starts = whole.indices.filter { whole[$0...].starts(with: "OggS".utf8) }
    var bytes = whole
    bytes[starts[starts.count - 1] + 200] ^= 1
    let found = try #require(error(of: bytes))
    #expect(found.found == "a page is missing, or its checksum is wrong")
    // The pages before it; of the Vorbis file they are headers alone.
    let sound = try? folder.decoded(bytes, channels: 2, allowsDamage: true)
    if name == "opus.ogg" {
      let sound = try #require(sound)
      #expect(sound.isDamaged && sound.sourceFrames == (22_080 - 312) / 3)
      let intact = try folder.decoded(whole, channels: 2).waveform.samples
      #expect(intact.prefix(14_000) == sound.waveform.samples.prefix(14_000))
    } else {
      #expect(sound == nil)
    }
  }

  @Test(arguments: [("vorbis.ogg", 8000), ("opus.ogg", 8000)])
  func anOggWithoutTheMarkOfItsLastPage(name: String, frames: Int) throws {
    let whole = try fixture(name)
    let sound = try folder.decoded(OggBytes.withoutEnd(whole), channels: 2)
    #expect(sound.sourceFrames == frames && !sound.isDamaged)
    let remark = "ends without the page that is marked as its last, so more may be missing"
    #expect(sound.remarks == [remark])
  }

  // MARK: - MP3

  @Test func aFrameOfMP3WithAWrongChecksum() throws {
    let frames = (0..<20).map { _ in MP3Bytes.silence(isProtected: true) }
    let whole = frames.flatMap { $0 }
    #expect(try folder.decoded(whole, rate: 44_100).remarks.isEmpty)
    for bit in 0..<8 {
      var bytes = whole
      bytes[6 * 417 + 6 + 12] ^= 1 << bit  // of the side information of frame 7
      let found = try #require(error(of: bytes), "bit \(bit)")
      #expect(found.found?.contains("of its MP3 frame 7 is wrong") == true, "\(found)")
      let sound = try folder.decoded(bytes, rate: 44_100, allowsDamage: true)
      #expect(sound.isDamaged && sound.sourceFrames == 19 * 1152)
    }
    // An encoder that writes none at all is not damage.
    var none = whole
    for frame in 0..<20 { none.replaceSubrange(frame * 417 + 4..<frame * 417 + 6, with: [7, 7]) }
    #expect(try folder.decoded(none, rate: 44_100).sourceFrames == 20 * 1152)
  }

  @Test(arguments: ["layer3.mp3", "table.mp3"])
  func anMP3ThatLosesItsSync(name: String) throws {
    let whole = try fixture(name)
    let frame = try #require(
      whole.indices.dropFirst(1000).first { whole[$0...].starts(with: whole[..<2]) })
    let junk = [UInt8](repeating: 0x55, count: 100)
    let bytes = Array(whole[..<frame] + junk + whole[frame...])
    #expect(error(of: bytes)?.found?.contains("is not a frame") == true)
    let sound = try folder.decoded(bytes, channels: 2, allowsDamage: true)
    #expect(sound.isDamaged && sound.sourceFrames >= 8000)
  }

  /// The checksums of the other formats; of an MP3, the last frame.
  @Test(arguments: ["pcm16.flac", "opus.ogg", "layer3.mp3", "table.mp3"])
  func aCutFileIsUsedUpToTheCutIfAllowed(name: String) throws {
    let whole = try fixture(name)
    let bytes = Array(whole[..<(whole.count - 30)])
    #expect(error(of: bytes)?.code.isDamage == true)
    if name == "pcm16.flac" { return }  // its only frame is lost
    let sound = try folder.decoded(bytes, channels: 2, allowsDamage: true)
    #expect(sound.isDamaged && (1000..<9000).contains(sound.sourceFrames), "\(sound.sourceFrames)")
  }

  /// Other errors are refused in either case.
  @Test func whatIsNoDamageStaysRefused() throws {
    let values = [Float](repeating: .nan, count: 100)
    for bytes in [WAVBytes.floats(values).bytes, Array("kick".utf8), WAVBytes(tag: 0x55).bytes] {
      #expect(throws: SpecGANError.self) { try folder.decoded(bytes, allowsDamage: true) }
    }
  }
}

/// Frames of MP3. Source: ISO/IEC 11172-3, section 2.4.1.
enum MP3Bytes {
  /// A frame of silence in one channel at 44.1 kHz with 128 kbit/s: 417 bytes.
  static func silence(isProtected: Bool = false) -> [UInt8] {
    let head: [UInt8] = [0xFF, isProtected ? 0xFA : 0xFB, 0x90, 0xC0]
    let side = [UInt8](repeating: 0, count: 17)
    let checksum = isProtected ? checksum(Array(head[2...]) + side) : []
    return head + checksum + side
      + [UInt8](repeating: 0, count: 417 - head.count - checksum.count - side.count)
  }

  /// CRC-16 from ones with the polynomial 0x8005, bit by bit.
  private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
    var register = 0xFFFF
    for byte in bytes {
      for bit in (0..<8).reversed() {
        let isOut = register >> 15 & 1 != Int(byte >> bit & 1)
        register = (register << 1 ^ (isOut ? 0x8005 : 0)) & 0xFFFF
      }
    }
    return [UInt8(register >> 8), UInt8(register & 0xFF)]
  }
}

extension OggBytes {
  /// `bytes` whose last page is not marked as the last.
  static func withoutEnd(_ bytes: [UInt8]) -> [UInt8] {
    let starts = bytes.indices.filter { bytes[$0...].starts(with: "OggS".utf8) }
    guard let last = starts.last else { return bytes }
    var page = Array(bytes[last...])
    page[5] &= ~4
    page.replaceSubrange(22..<26, with: [0, 0, 0, 0])
    page.replaceSubrange(22..<26, with: WAVBytes.number(Int(checksum(page)), 4))
    return bytes[..<last] + page
  }
}
