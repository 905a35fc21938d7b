import Foundation
import SpecGANErrors
import SpecGANRandomness
import SpecGANTestSupport
import Testing
import Waveforms

/// Files that are truncated or have changed bytes.
@Suite struct TruncationTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func error(of bytes: [UInt8]) throws -> SpecGANError? {
    let path = try folder.file(bytes)
    do throws(SpecGANError) {
      _ = try AudioFile.read(path)
      return nil
    } catch {
      return error
    }
  }

  @Test(.slow) func aWAVCutAnywhereIsRefused() throws {
    let whole = WAVBytes.ramp(500).bytes
    for length in 1..<whole.count {
      let error = try #require(try error(of: Array(whole[..<length])))
      let path = "\(folder.path)/sound"
      switch length {
      case ..<12: #expect(error == .notAudio(path: path, content: error.content))
      case ..<44: #expect(error == .unfinished(path: path))
      default:
        let found = (length - 44) / 2
        #expect(error == .truncated(path: path, framesFound: found, framesPromised: 500))
      }
    }
  }

  @Test(
    .slow,
    arguments: [
      "pcm16.aiff", "float.aifc", "pcm16.flac", "vorbis.ogg", "opus.ogg", "layer3.mp3", "table.mp3",
      "extensible24.wav", "double.wav",
    ])
  func otherFilesCutAnywhereAreRefused(name: String) throws {
    let whole = try bytes(of: Fixtures.path("formats/\(name)"))
    // An MP3 without a table is whole wherever a frame ends: 144 · 64000 / 16000 = 576 bytes.
    let frame = name == "layer3.mp3" ? 576 : whole.count
    let lengths = Set(1..<min(200, whole.count)).union(stride(from: 200, to: whole.count, by: 37))
      .union([whole.count - 1])
    for length in lengths where !length.isMultiple(of: frame) {
      #expect(try error(of: Array(whole[..<length])) != nil, "\(length) bytes")
    }
  }

  @Test func aLieAboutTheLengthIsFound() throws {
    var wav = WAVBytes.ramp(100)
    for promised in [201, 202, 0x7FFF_FFFE, 0xFFFF_FFFE] {
      wav.promised = promised
      let expected = SpecGANError.truncated(
        path: "\(folder.path)/sound", framesFound: 100, framesPromised: promised / 2)
      #expect(try error(of: wav.bytes) == expected)
    }
    wav.promised = 100
    #expect(try AudioFile.read(folder.file(wav.bytes)).frameCount == 50)
  }

  @Test func anAIFFThatPromisesMoreFramesThanItHolds() throws {
    var aiff = try bytes(of: Fixtures.path("formats/pcm16.aiff"))
    let expected = SpecGANError.truncated(
      path: "\(folder.path)/sound", framesFound: 1000, framesPromised: 1256)
    aiff.replaceSubrange(22..<26, with: [0, 0, 4, 0xE8])
    #expect(try error(of: aiff) == expected)
  }

  @Test func anOpusWithoutOneOfItsPages() throws {
    let whole = try bytes(of: Fixtures.path("formats/opus.ogg"))
    let starts = whole.indices.filter { whole[$0...].starts(with: "OggS".utf8) }
    let expected = SpecGANError.damaged(
      path: "\(folder.path)/sound", reason: "a page is missing, or its checksum is wrong")
    for (start, end) in zip(starts.dropFirst(), starts.dropFirst(2)) {
      #expect(try error(of: Array(whole[..<start] + whole[end...])) == expected)
    }
    var spoilt = whole
    spoilt[whole.count * 3 / 4] ^= 0xFF
    #expect(try error(of: spoilt) == expected)
    spoilt = Array(whole[..<starts[2]] + [1, 2, 3] + whole[starts[2]...])
    #expect(try error(of: spoilt) == expected)
    // Bytes behind the last page, as those of a tag, hide none.
    #expect(try error(of: whole + Array("TAG".utf8)) != expected)
  }

  /// Law: whatever a file holds, reading it returns a finite sound or an error.
  @Test(
    .slow,
    arguments: [
      "pcm16.wav", "extensible24.wav", "float.wav", "pcm16.aiff", "sowt.aifc", "pcm16.flac",
      "vorbis.ogg", "opus.ogg", "table.mp3",
    ])
  func changedBytesNeverTrap(name: String) throws {
    let whole = try bytes(of: Fixtures.path("formats/\(name)"))
    let random = RandomStream(seed: 7, stream: 0)
    for round in 0..<100 {
      var changed = whole
      for change in 0..<3 {
        let index = UInt64(round * 6 + change * 2)
        // Half of the changes fall on the first hundred bytes, where the headers are.
        let bound = change == 0 ? whole.count : 100
        let position = random.integer(below: bound, at: index)
        changed[position] = UInt8(truncatingIfNeeded: random.bits(at: index + 1))
      }
      let path = try folder.file(changed)
      let waveform = try? AudioFile.read(path)
      #expect(waveform?.samples.allSatisfy(\.isFinite) != false)
    }
  }
}

extension SpecGANError {
  /// The probable type of a file that is not audio.
  fileprivate var content: String? {
    code == .notAudio ? found : nil
  }
}
