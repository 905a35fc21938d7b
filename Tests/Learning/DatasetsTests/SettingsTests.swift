import SpecGANDatasets
import SpecGANErrors
import SpecGANTestSupport
import Spectra
import Testing
import Waveforms

@Suite struct SettingsTests {
  /// 1,000, 16,384 and 40,000 samples.
  private func makeSounds(_ folder: TemporaryFolder) throws -> [Float] {
    try folder.noise("in/a.wav", seed: 1, frames: 1000)
    try folder.noise("in/b.wav", seed: 2, frames: 16_384)
    return try folder.noise("in/c.wav", seed: 3, frames: 40_000)
  }

  private func sliceCounts(_ change: (inout AudioConfiguration) -> Void) throws -> [Int] {
    try withTemporaryFolder { folder in
      _ = try makeSounds(folder)
      var audio = AudioConfiguration()
      change(&audio)
      try preprocess([folder.path("in")], to: folder.path("cache"), audio: audio)
      let cache = try Cache(path: folder.path("cache"))
      try cache.verify()
      #expect(cache.audio == audio)
      return try cache.sources().map(\.slices)
    }
  }

  @Test func slicingFollowsTheSettings() throws {
    #expect(try sliceCounts { _ in } == [1, 1, 3])
    #expect(try sliceCounts { $0.padEnd = false } == [0, 1, 2])
    #expect(try sliceCounts { $0.overlap = 0.5 } == [1, 1, 4])
    #expect(try sliceCounts { $0.firstSliceOnly = true } == [1, 1, 1])
    #expect(try sliceCounts { $0.sliceLength = 1000 } == [1, 17, 40])
  }

  @Test func aShortSoundIsFilledWithZerosAndTheNextStartsWhereItEnds() throws {
    try withTemporaryFolder { folder in
      let long = try makeSounds(folder)
      try preprocess([folder.path("in")], to: folder.path("cache"))
      let slices = try Cache(path: folder.path("cache")).slices()
      #expect(slices.values(0).dropFirst(1000).allSatisfy { $0 == 0 })
      #expect(slices.values(0).prefix(1000).contains { $0 != 0 })
      #expect(slices.values(3) == Array(long[16_384..<32_768]))
      let rest = long[32_768...] + [Float](repeating: 0, count: 49_152 - 40_000)
      #expect(slices.values(4) == Array(rest))
    }
  }

  @Test func aSoundThatIsTooShortIsNamed() throws {
    try withTemporaryFolder { folder in
      _ = try makeSounds(folder)
      var audio = AudioConfiguration()
      audio.padEnd = false
      let summary = try preprocess([folder.path("in")], to: folder.path("cache"), audio: audio)
      #expect(summary.usedCount == 2)
      #expect(summary.skippedFiles.map(\.path) == [folder.path("in/a.wav")])
      #expect(
        summary.skippedFiles[0].reason
          == "is shorter than a slice: 1000 of 16384 samples; set audio.pad_end to true.")
    }
  }

  @Test(arguments: [(512, 100, 5000), (64, 32, 1)])
  func shapesFollowTheSettings(frameLength: Int, frameStep: Int, sliceLength: Int) throws {
    try withTemporaryFolder { folder in
      try folder.noise("in/a.wav", frames: 12_345)
      var spectrogram = SpectrogramConfiguration()
      spectrogram.frameLength = frameLength
      spectrogram.frameStep = frameStep
      spectrogram.logFloor = 0.1
      spectrogram.clipDeviations = 2.5
      var audio = AudioConfiguration()
      audio.sliceLength = sliceLength
      audio.sampleRate = 11_025
      audio.normalize = true
      try preprocess(
        [folder.path("in")], to: folder.path("cache"), audio: audio, spectrogram: spectrogram)
      let cache = try Cache(path: folder.path("cache"))
      try cache.verify()
      #expect(cache.audio == audio && cache.spectrogram == spectrogram)
      let frames = (sliceLength + frameStep - 1) / frameStep
      #expect(try cache.spectrograms().shape == [frames, frameLength / 2, 1])
      #expect(cache.moments[0].mean.count == frameLength / 2 + 1)
    }
  }

  @Test func settingsOutOfRangeAreRefusedByName() throws {
    var audio = AudioConfiguration()
    audio.overlap = 1
    #expect(
      throws: SpecGANError.setting(
        key: "audio.overlap", found: "1.0", allowed: "at least 0.0 and less than 1.0")
    ) { try preprocess([drums], to: "/nonexistent/cache", audio: audio) }
    audio = AudioConfiguration()
    audio.sliceLength = 0
    #expect(throws: SpecGANError.self) { try preprocess([drums], to: "/nowhere/x", audio: audio) }
    audio.sliceLength = 1 << 24
    var spectrogram = SpectrogramConfiguration()
    spectrogram.frameStep = 1
    #expect(throws: SpecGANError.self) {
      try preprocess([drums], to: "/nowhere/x", audio: audio, spectrogram: spectrogram)
    }
    spectrogram.frameStep = 0
    #expect(throws: SpecGANError.frameStep(found: 0, frameLength: 256)) {
      try preprocess([drums], to: "/nowhere/x", spectrogram: spectrogram)
    }
  }
}
