import Foundation
import SpecGANDatasets
import SpecGANErrors
import SpecGANTestSupport
import SpecGANWorkers
import Spectra
import Testing
import Waveforms

@Suite struct SoundSurveyTests {
  private func survey(_ folder: TemporaryFolder, threads: Int = 2) throws -> SoundSurvey {
    try SoundSurvey(
      of: folder.path("in"), longestDuration: 60, workers: Workers(count: threads))
  }

  @Test func itHasThePropertiesOfEachSound() throws {
    try withTemporaryFolder { folder in
      try folder.noise("in/a/kick.wav", frames: 22_050, rate: 44_100)
      try folder.noise("in/a/x/stereo.wav", frames: 9_600, channels: 2, rate: 48_000)
      try folder.sound("in/b.wav", [Float](repeating: 0.5, count: 256 * 10), rate: 16_000)
      let found = try survey(folder)
      #expect(found.sounds.map(\.label) == ["a", "a", ""])
      #expect(found.sounds.map(\.sampleRate) == [44_100, 48_000, 16_000])
      #expect(found.sounds.map(\.channels) == [1, 2, 1])
      #expect(found.sounds.map(\.seconds) == [0.5, 0.2, 0.16])
      #expect(found.sounds.map(\.audibleSeconds) == [0.5, 0.2, 0.16])
      #expect(found.labelCounts == ["a": 2] && found.unlabelledCount == 1)
      #expect(found.skippedFiles.isEmpty && found.silent.isEmpty)
      for threads in [1, 5] { #expect(try survey(folder, threads: threads) == found) }
    }
  }

  /// Files are skipped with the reasons of preprocessing, in its order.
  @Test func itSkipsWhatPreprocessingSkips() throws {
    try withTemporaryFolder { folder in
      for index in 0..<40 { try folder.noise("in/a/\(index).wav", seed: UInt64(index)) }
      let flac = ConstantFLAC.bytes(blockCount: 2, value: 9)
      try folder.write(Array(flac.prefix(60)), as: "in/a/cut.flac")
      try folder.write([], as: "in/a/empty.wav")
      try folder.write(Array("text".utf8), as: "in/text.txt")
      try folder.write(Array("text".utf8), as: "in/text.wav")
      try folder.noise("in/long.wav", frames: 61_000, rate: 1_000)
      try folder.makeParent(of: "in/nothing/x")
      let summary = try Preprocessor(
        inputs: [folder.path("in")], output: folder.path("cache"), audio: .init(),
        spectrogram: .init(), longestDuration: 60, workers: Workers(count: 1)
      ).run()
      let found = try survey(folder)
      #expect(found.skippedFiles == summary.skippedFiles && summary.skippedFiles.count == 6)
      #expect(found.sounds.count == summary.usedCount)
    }
  }

  @Test func withoutAnAudibleSoundItThrows() throws {
    try withTemporaryFolder { folder in
      func code() -> SpecGANError.Code? {
        do { _ = try survey(folder) } catch let error as SpecGANError { return error.code } catch {}
        return nil
      }
      #expect(code() == "datasets.missingInput")
      try folder.makeParent(of: "in/x")
      #expect(code() == "datasets.noFiles")
      try folder.write([1, 2, 3], as: "in/x.wav")
      #expect(code() == "datasets.nothingUsable")
      try folder.sound("in/silent.wav", [Float](repeating: 0x1p-16, count: 999))
      #expect(code() == "datasets.nothingAudible")
      try folder.noise("in/a.wav")
      let found = try survey(folder)
      #expect(found.silent == [folder.path("in/silent.wav")] && found.sounds.count == 1)
    }
  }

  @Test func itStopsWhenItIsAskedTo() throws {
    try withTemporaryFolder { folder in
      try folder.noise("in/a.wav")
      let error = #expect(throws: SpecGANError.self) {
        try SoundSurvey(
          of: folder.path("in"), longestDuration: 60, workers: Workers(count: 1),
          isInterrupted: { true })
      }
      #expect(error?.kind == .interrupted)
    }
  }

  /// The duration that a share of the sounds does not exceed, counted by hand.
  @Test func sharesAreCounted() {
    let sounds = (1...20).reversed().map {
      SoundSurvey.Sound(sampleRate: 16_000, seconds: 99, audibleSeconds: Double($0))
    }
    let found = SoundSurvey(sounds: sounds)
    for (share, seconds) in [(0.01, 1.0), (0.05, 1), (0.5, 10), (0.51, 11), (0.9, 18), (1, 20)] {
      #expect(found.audibleSeconds(ofShare: share) == seconds)
    }
  }

  /// A cache is of a folder if one file is in both, whatever its name.
  @Test func aCacheKnowsItsSounds() throws {
    try withTemporaryFolder { folder in
      try folder.noise("in/a.wav", seed: 1)
      try folder.noise("in/b.wav", seed: 2)
      try folder.noise("other/a.wav", seed: 3)
      try folder.noise("moved/b/c.wav", seed: 2)
      try preprocess([folder.path("in")], to: folder.path("cache"))
      let cache = try Cache(path: folder.path("cache"))
      #expect(try cache.sharesSound(with: folder.path("in")))
      #expect(try cache.sharesSound(with: folder.path("moved")))
      #expect(try !cache.sharesSound(with: folder.path("other")))
    }
  }
}
