import Foundation
import SpecGANErrors
import SpecGANTestSupport
import Testing
import Waveforms

/// The authors, owners and licenses in audio files: byte by byte, and as other programs write them.
@Suite struct SoundRightsTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func rights(_ bytes: [UInt8], _ name: String) throws -> SoundRights {
    let path = "\(folder.path)/\(name)"
    try Data(bytes).write(to: URL(filePath: path))
    return try SoundRights(of: InputFile(path: path))
  }

  private func little(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 0xFF) } }

  /// A WAV file of two samples, and an INFO list of these texts before them.
  private func wav(_ texts: [(String, String)]) -> [UInt8] {
    let list =
      Array("INFO".utf8)
      + texts.flatMap { name, text in
        let bytes = Array(text.utf8) + [0]
        return name.utf8 + little(bytes.count) + bytes + (bytes.count % 2 == 1 ? [0] : [])
      }
    let body =
      Array("WAVEfmt ".utf8) + little(16) + [1, 0, 1, 0] + little(8_000) + little(16_000)
      + [2, 0, 16, 0] + Array("LIST".utf8) + little(list.count) + list + Array("data".utf8)
      + little(4) + [1, 2, 3, 4]
    return Array("RIFF".utf8) + little(body.count) + body
  }

  @Test func theListOfAWAVFileHasThem() throws {
    let texts = [("INAM", "kick"), ("IART", "Ann\n  B."), ("ICOP", " (c) 2020 Ann ")]
    #expect(
      try rights(wav(texts), "a.wav") == SoundRights(artist: "Ann B.", copyright: "(c) 2020 Ann"))
    // Older programs write ISO 8859-1.
    let latin = wav([("IART", "Bj?rk")]).map { $0 == UInt8(ascii: "?") ? 0xF6 : $0 }
    #expect(try rights(latin, "l.wav").artist == "Björk")
    // The bytes decide, not the name.
    #expect(try rights(wav(texts), "a.flac").artist == "Ann B.")
    #expect(try rights(wav([("INAM", "kick")]), "b.wav") == SoundRights())
    #expect(try rights(wav([("IART", " \t")]), "c.wav") == SoundRights())
    let long = try rights(wav([("ICOP", String(repeating: "é", count: 999))]), "d.wav")
    #expect(long.copyright == String(repeating: "é", count: 300))
  }

  @Test func chunksOfAnAIFFFileHaveThem() throws {
    func big(_ value: Int) -> [UInt8] { little(value).reversed() }
    func chunk(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
      name.utf8 + big(bytes.count) + bytes + (bytes.count % 2 == 1 ? [0] : [])
    }
    let common: [UInt8] =
      [0, 1] + big(1) + [0, 16] + [0x40, 0x0B, 0xFA] + [UInt8](repeating: 0, count: 7)
    let body =
      Array("AIFF".utf8) + chunk("COMM", common) + chunk("AUTH", Array("Ann".utf8))
      + chunk("(c) ", Array("2020 Ann".utf8)) + chunk("SSND", big(0) + big(0) + [1, 2])
    let file = Array("FORM".utf8) + big(body.count) + body
    #expect(try rights(file, "a.aiff") == SoundRights(artist: "Ann", copyright: "2020 Ann"))
  }

  /// Comments as SoX writes them. A FLAC file has other blocks before them.
  @Test(.enabled(if: OutsideTools.isWanted("sox")), arguments: ["flac", "ogg"])
  func commentsOfOtherProgramsHaveThem(_ form: String) throws {
    try withTemporaryFolder { folder in
      let path = folder.path("a.\(form)")
      let comments = ["Artist=Ann", "COPYRIGHT=2020 Ann", "license=CC0 = free", "ARTIST=Bob"]
      let result = try RunningProgram(
        "/usr/bin/env",
        ["sox", "-n", "-r", "16000"] + comments.flatMap { ["--add-comment", $0] }
          + [path, "synth", "0.1", "sine", "440"], in: folder
      ).wait()
      try #require(result.status == 0, "\(result.messages)")
      #expect(
        try SoundRights(of: InputFile(path: path))
          == SoundRights(artist: "Ann", copyright: "2020 Ann", license: "CC0 = free"))
    }
  }

  /// A file that is cut off or changed anywhere has these texts, others or none, but is no error.
  @Test func damageIsNoError() throws {
    let whole = wav([("IART", "Ann"), ("ICOP", "2020")])
    for count in 1..<whole.count { _ = try rights(Array(whole.prefix(count)), "cut.wav") }
    for index in whole.indices {
      var bytes = whole
      bytes[index] = 0xFF
      _ = try rights(bytes, "changed.wav")
    }
    #expect(throws: SpecGANError.self) { _ = try SoundRights(of: InputFile(path: "/no/file.wav")) }
  }
}
