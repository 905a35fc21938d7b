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

  /// Law: uncompressed audio that is cut off is used to its end, and both lengths are named.
  @Test(.slow) func aWAVCutAnywhereIsUsedToItsEnd() throws {
    let whole = WAVBytes.ramp(500).bytes
    for length in 1..<whole.count {
      let bytes = Array(whole[..<length])
      let path = "\(folder.path)/sound"
      switch length {
      case ..<12:
        let error = try #require(try error(of: bytes))
        #expect(error == .notAudio(path: path, content: error.content))
      case ..<44: #expect(try error(of: bytes) == .unfinished(path: path))
      case ..<46: #expect(try error(of: bytes) == .noSamples(path: path))
      default:
        let sound = try folder.decoded(bytes)
        let found = (length - 44) / 2
        #expect(sound.waveform.samples == (0..<found).map { Float($0) / 32_768 })
        let remark = "has \(found) frames, but its header says 500; all of them are used"
        // By chance, the size may be that of the whole file, as some writers leave it.
        let isNamed = found < 500 && length != 1000 && length != 1008
        #expect(sound.remarks == (isNamed ? [remark] : []))
      }
    }
  }

  @Test(.slow, arguments: ["pcm16.aiff", "float.aifc", "extensible24.wav", "double.wav"])
  func uncompressedAudioCutAnywhereIsItsBeginning(name: String) throws {
    let whole = try bytes(of: Fixtures.path("formats/\(name)"))
    let all = try folder.decoded(whole, channels: 2)
    for length in stride(from: 1, to: whole.count, by: 41) {
      let path = try folder.file(Array(whole[..<length]))
      guard let sound = try? AudioFile.read(path) else { continue }
      #expect(sound.samples[...] == all.waveform.samples.prefix(sound.samples.count))
      #expect(whole.count - length < (1001 - sound.frameCount) * whole.count / 1000)
    }
  }

  @Test(
    .slow,
    arguments: ["pcm16.flac", "vorbis.ogg", "opus.ogg", "layer3.mp3", "table.mp3"])
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
    #expect(try folder.decoded(spoilt, channels: 2).remarks.first?.hasPrefix("has 3 bytes") == true)
    // Bytes after the last page, as those of a tag, hide none.
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
