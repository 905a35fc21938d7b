import Foundation
import SpecGANErrors
import SpecGANTestSupport
import Testing
import Waveforms

/// The INFO list of WAV files, by its own reader, byte by byte, and by other programs.
@Suite struct WAVInformationTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private static let information = WAVInformation(
    software: "specgan", title: "kick 01", comment: #"{"a":[0.5,"x"]}"#)

  /// Samples of every size, so that the list begins after padding and without.
  private func write(_ count: Int, _ format: SampleFormat) throws -> (String, Waveform) {
    let sound = Waveform(
      samples: (0..<count).map { Float($0 % 64) / 64 - 0.5 }, channels: 1, sampleRate: 16_000)
    let path = "\(folder.path)/\(count)-\(format.rawValue).wav"
    try AudioFile.write(sound, to: path, format: format, information: Self.information)
    return (path, sound)
  }

  @Test(arguments: SampleFormat.allCases) func textsComeBackAndAudioWithoutARemark(
    _ format: SampleFormat
  ) throws {
    for count in [1, 2, 3, 4, 999, 70_001] {
      let (path, sound) = try write(count, format)
      #expect(try WAVInformation(path: path) == Self.information)
      let read = try AudioFile.readWithRemarks(path)
      #expect(read.waveform == sound.stored(as: format) && read.remarks.isEmpty)
    }
  }

  /// Each text ends with a zero, and has an even number of bytes with its padding.
  @Test func theListIsTheOneOfTheSpecification() throws {
    let (path, _) = try write(1, .pcm24)
    let bytes = try Array(Data(contentsOf: URL(filePath: path)))
    let list =
      Array("INFOISFT".utf8) + [8, 0, 0, 0] + Array("specgan\0INAM".utf8) + [8, 0, 0, 0]
      + Array("kick 01\0ICMT".utf8) + [16, 0, 0, 0] + Array(#"{"a":[0.5,"x"]}"#.utf8) + [0]
    #expect(Array(bytes[48...]) == Array("LIST".utf8) + [UInt8(list.count), 0, 0, 0] + list)
    #expect(Int(bytes[4]) == bytes.count - 8)
    let odd = WAVInformation(title: "ab")
    let sound = Waveform(samples: [0, 0], channels: 1, sampleRate: 8_000)
    try AudioFile.write(sound, to: path, format: .pcm16, information: odd)
    let short = try Array(Data(contentsOf: URL(filePath: path)))
    #expect(
      Array(short[48...])
        == Array("LIST".utf8) + [16, 0, 0, 0] + Array("INFOINAM".utf8) + [3, 0, 0, 0]
        + Array("ab\0\0".utf8))
    #expect(try WAVInformation(path: path) == odd)
  }

  @Test func withoutATextThereIsNoList() throws {
    let sound = Waveform(samples: [0, 0.5], channels: 1, sampleRate: 8_000)
    let (plain, empty) = ("\(folder.path)/plain.wav", "\(folder.path)/empty.wav")
    try AudioFile.write(sound, to: plain, format: .pcm16)
    try AudioFile.write(sound, to: empty, format: .pcm16, information: WAVInformation())
    #expect(
      try Data(contentsOf: URL(filePath: plain)) == Data(contentsOf: URL(filePath: empty)))
    #expect(try WAVInformation(path: plain) == WAVInformation())
  }

  /// Lists that are cut off or lie about their sizes, and files that are not WAV.
  @Test func damagedListsGiveNoTextsOrFewer() throws {
    let (path, _) = try write(2, .pcm16)
    let bytes = try Array(Data(contentsOf: URL(filePath: path)))
    for length in 48..<bytes.count {
      let cut = try folder.file("cut.wav", Array(bytes[..<length]))
      let found = try WAVInformation(path: cut)
      #expect(found.comment == nil || found.comment == Self.information.comment)
    }
    for place in 52..<72 {
      var bad = bytes
      bad[place] = 0xFF
      _ = try WAVInformation(path: folder.file("bad.wav", bad))
    }
    #expect(throws: SpecGANError.self) {
      _ = try WAVInformation(path: folder.file("text.wav", Array("hello".utf8)))
    }
  }

  // MARK: - Other programs

  /// Python's `wave` and a reader of RIFF chunks that shares nothing with this one.
  @Test(.enabled(if: OutsideTools.isWanted("python3"))) func pythonReadsThem() throws {
    let program = "\(Fixtures.repository)/tools/reference/wav_information.py"
    for format in [SampleFormat.pcm16, .pcm24] {
      for count in [3, 4] {
        let (path, sound) = try write(count, format)
        let result = try run("python3", [program, path])
        let object = try #require(
          try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(object["frames"] as? Int == sound.frameCount)
        #expect(object["rate"] as? Int == 16_000)
        #expect(object["chunks"] as? [String] == ["fmt ", "data", "LIST"])
        #expect(
          object["INFO"] as? [String: String]
            == ["ISFT": "specgan", "INAM": "kick 01", "ICMT": Self.information.comment ?? ""])
        #expect(object["whole"] as? Bool == true)
      }
    }
  }

  /// The samples that SoX decodes are the stored ones; it warns of nothing.
  @Test(.enabled(if: OutsideTools.isWanted("sox")), arguments: SampleFormat.allCases)
  func soxReadsThem(_ format: SampleFormat) throws {
    let (path, sound) = try write(999, format)
    let result = try run("sox", [path, "-t", "f32", "-e", "float", "out.raw"])
    #expect(result.status == 0 && result.messages.isEmpty, "\(result.messages)")
    let bytes = try Array(Data(contentsOf: URL(filePath: "\(folder.path)/out.raw")))
    let stored = sound.stored(as: format).samples.flatMap { sample in
      (0..<4).map { UInt8(truncatingIfNeeded: sample.bitPattern >> (8 * UInt32($0))) }
    }
    #expect(bytes == stored)
  }

  private func run(_ tool: String, _ arguments: [String]) throws -> ProgramResult {
    let home = try TemporaryFolder()
    defer { home.remove() }
    return try RunningProgram(
      "/usr/bin/env", [tool] + arguments, in: home, after: "cd '\(folder.path)'; "
    ).wait()
  }
}
