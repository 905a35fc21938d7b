import Foundation
import SpecGANDatasets
import SpecGANTestSupport
import SpecGANWorkers
import Spectra
import Testing
import Waveforms

/// Data from which a model cannot learn are named, and others are not.
@Suite struct DatasetFindingsTests {
  /// Preprocesses `in` twice, with equal findings, and returns the second summary.
  private func summary(
    _ folder: TemporaryFolder, audio: AudioConfiguration = .init()
  ) throws -> PreprocessingSummary {
    let first = try preprocess([folder.path("in")], to: folder.path("cache"), audio: audio)
    let second = try preprocess([folder.path("in")], to: folder.path("cache"), audio: audio)
    #expect(first.warnings == second.warnings && second.decodedCount == 0)
    #expect(first.findings == second.findings)
    return second
  }

  @Test func silenceIsNamed() throws {
    try withTemporaryFolder { folder in
      try folder.noise("in/good.wav", frames: 20_000)
      let quiet = (0..<16_000).map { Float($0 % 2) * 0x1p-15 }
      try folder.sound("in/quiet.wav", quiet)
      try folder.sound("in/nothing.wav", [Float](repeating: 0, count: 500))
      let sides = (0..<32_000).map { (index: Int) -> Float in
        let value = sin(Float(index / 2) / 10) / 2
        return index % 2 == 0 ? value : -value
      }
      try folder.sound("in/sides.wav", sides, channels: 2)
      let soft = (0..<16_000).map { sin(Float($0) / 10) * 0x1p-14 }
      try folder.sound("in/soft.wav", soft)
      let mono = try summary(folder)
      #expect(mono.findings.silent == ["in/nothing.wav", "in/quiet.wav"].map(folder.path))
      #expect(mono.findings.cancelled == [folder.path("in/sides.wav")])
      #expect(mono.warnings.count == 2)
      #expect(mono.warnings[0].hasPrefix("2 of 5 clips are silent"))
      #expect(mono.warnings[1].contains("set audio.channels"))

      try FileManager.default.removeItem(atPath: folder.path("in/good.wav"))
      var audio = AudioConfiguration()
      audio.channels = 2
      let stereo = try summary(folder, audio: audio)
      #expect(stereo.findings.cancelled.isEmpty && stereo.findings.silent.count == 2)
    }
  }

  @Test func dataThatAreAllAlikeAreNamed() throws {
    try withTemporaryFolder { folder in
      for index in 0..<3 {
        try folder.sound("in/\(index).wav", [Float](repeating: 0, count: 9 + index))
      }
      #expect(
        try summary(folder).findings.trainingWarnings.map { $0.prefix(20) } == [
          "All clips are silent"
        ])
      for index in 0..<3 { try folder.noise("in/\(index).wav", seed: 1) }
      let warnings = try summary(folder).findings.trainingWarnings
      #expect(warnings.map { $0.prefix(26) } == ["All 3 clips are the same, "])
      #expect(try Cache(path: folder.path("cache")).findings().trainingWarnings == warnings)
      try folder.noise("in/3.wav", seed: 2)
      try folder.noise("in/4.wav", seed: 1)
      let copies = try summary(folder).findings.trainingWarnings
      #expect(copies.map { $0.prefix(25) } == ["Only 2 of 5 clips differ,"])
      try folder.noise("in/5.wav", seed: 3)
      try folder.noise("in/6.wav", seed: 4)
      #expect(try summary(folder).findings.trainingWarnings.isEmpty)
    }
  }

  /// A clip of 1.05 s has a second slice of 416 samples, at the rate of the slices.
  @Test func tailsOfOneShotsAreNamed() throws {
    try withTemporaryFolder { folder in
      for index in 0..<4 {
        try folder.noise("in/\(index).wav", seed: UInt64(index), frames: 33_600, rate: 32_000)
      }
      let tails = try summary(folder)
      #expect(tails.sliceCount == 8 && tails.findings.paddedTails == 4)
      #expect(tails.warnings.count == 1 && tails.warnings[0].contains("audio.first_slice_only"))
      #expect(tails.warnings[0].contains("(16800 holds"))
      var audio = AudioConfiguration()
      audio.firstSliceOnly = true
      #expect(try summary(folder, audio: audio).warnings.isEmpty)
      audio = AudioConfiguration()
      audio.padEnd = false
      #expect(try summary(folder, audio: audio).warnings.isEmpty)

      // A few tails among many slices, and short clips with a slice each, are usual.
      try folder.noise("in/long.wav", seed: 9, frames: 16_384 * 9 + 100)
      for index in 10..<14 { try folder.noise("in/\(index).wav", seed: UInt64(index), frames: 900) }
      let mixed = try summary(folder)
      #expect(mixed.findings.paddedTails == 5 && mixed.warnings.isEmpty)
    }
  }

  @Test(arguments: [
    (["Kick", "kick"], "differ only in case"), (["kick", "kick "], "differ only in spaces"),
    (["e\u{301}", "\u{E9}"], "Unicode form (NFC and NFD)"),
    (["Hat ", "hat"], "case and in spaces"),
    (["kick", "kicks"], nil), (["é", "e"], nil),
  ])
  func labelsThatDifferLittleAreNamed(_ labels: [String], _ words: String?) throws {
    try withTemporaryFolder { folder in
      for (index, label) in labels.enumerated() {
        try folder.noise("in/\(label)/a.wav", seed: UInt64(index))
      }
      let summary = try summary(folder)
      #expect(summary.labels.count == 2)
      #expect(summary.warnings.count == (words == nil ? 0 : 1), "\(summary.warnings)")
      if let words { #expect(summary.warnings.first?.contains(words) == true) }
    }
  }

  @Test func aLabelWithoutUsableSoundsIsNamed() throws {
    try withTemporaryFolder { folder in
      try folder.noise("in/kick/a.wav")
      for name in ["snare/b.wav", "texts/b.txt"] {
        try folder.makeParent(of: "in/\(name)")
        try folder.write(Array("no sound".utf8), as: "in/\(name)")
      }
      #expect(try summary(folder).warnings == ["The label 'snare' has no usable file."])
    }
  }

  /// A file that is not audio is an unusable audio file only if it has the name of one.
  @Test func filesThatAreNoSoundsAreToldApart() throws {
    try withTemporaryFolder { folder in
      try folder.noise("in/a.wav")
      let aac: [UInt8] = [0, 0, 0, 32] + Array("ftypM4A ".utf8) + [UInt8](repeating: 0, count: 20)
      for (name, bytes) in [
        ("a.wav.asd", [0xAB, 0x1E, 0, 0]), ("b.WAV", Array("text".utf8)), ("c.m4a", aac),
        ("d.txt", []), ("e", [0, 1, 2]), ("f.mp3", []),
      ] { try folder.write(bytes, as: "in/\(name)") }
      let skipped = try summary(folder).skippedFiles
      #expect(
        skipped.map(\.kind) == [.other, .sound, .format, .other, .other, .sound],
        "\(skipped)")
      #expect(skipped.compactMap(\.format).count == 1)
      // A new name makes it one; the contents are known.
      try FileManager.default.moveItem(
        atPath: folder.path("in/e"), toPath: folder.path("in/e.flac"))
      #expect(try summary(folder).skippedFiles[4].kind == .sound)
    }
  }

  /// A file that was too long is decoded when the limit is raised.
  @Test func theLongestFileIsASetting() throws {
    try withTemporaryFolder { folder in
      try folder.noise("in/a.wav", frames: 16_000)
      try folder.noise("in/b.wav", seed: 1, frames: 48_000)
      func run(_ seconds: Int) throws -> PreprocessingSummary {
        try Preprocessor(
          inputs: [folder.path("in")], output: folder.path("cache"), audio: .init(),
          spectrogram: .init(), longestDuration: seconds, workers: Workers(count: 1)
        ).run()
      }
      let short = try run(2)
      #expect(short.usedCount == 1)
      #expect(
        short.skippedFiles.map(\.reason)
          == ["is longer than 2 seconds; cut it into parts, or raise audio.longest_seconds."])
      let long = try run(3)
      #expect(long.usedCount == 2 && long.decodedCount == 1 && long.reusedCount == 1)
    }
  }
}
