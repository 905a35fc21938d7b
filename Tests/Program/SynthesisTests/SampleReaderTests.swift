import Safetensors
import SpecGANDatasets
import SpecGANErrors
import SpecGANFiles
import SpecGANModels
import SpecGANRuns
import SpecGANRunSupport
import SpecGANSessions
import SpecGANSettings
import SpecGANSynthesis
import SpecGANTensors
import SpecGANTestSupport
import Testing
import Waveforms

@Suite struct SampleReaderTests {
  /// The critic gets the same sample of a clip as in training.
  @Test(arguments: ModelKind.allCases)
  func aClipIsReadAsTheCacheHasIt(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      let small = try SmallRun(kind, in: folder)
      let reader = SampleReader(try checkpoint(small))
      let examples = kind == .specgan ? try small.cache.spectrograms() : try small.cache.slices()
      let sources = try small.cache.sources()
      #expect(sources.count == examples.count)
      for (index, source) in sources.enumerated() {
        let input = try #require(source.input)
        let samples = try reader.samples("\(input)/\(source.path)").samples
        #expect(samples.shape[0] == 1)
        #expect(samples.values == examples.values(index))
      }
    }
  }

  @Test func aLongSoundGivesItsFirstSliceAndAShortOneIsPadded() throws {
    try withTemporaryFolder { folder in
      let reader = SampleReader(try checkpoint(SmallRun(.wavegan, in: folder)))
      for count in [1, 16_384, 40_000] {
        let noise = randomNumbers(count, seed: 1).map { $0 / 2 }
        let path = folder.path("\(count).wav")
        try AudioFile.write(
          Waveform(samples: noise, channels: 1, sampleRate: 16_000), to: path, format: .float)
        let padding = [Float](repeating: 0, count: max(0, 16_384 - count))
        #expect(try reader.samples(path).samples.values == Array(noise.prefix(16_384)) + padding)
      }
    }
  }

  @Test func anotherRateAndStereoAreBroughtToTheRunsOwn() throws {
    try withTemporaryFolder { folder in
      let reader = SampleReader(try checkpoint(SmallRun(.wavegan, in: folder)))
      let noise = randomNumbers(8000, seed: 1).map { $0 / 2 }
      let path = folder.path("stereo.wav")
      let stereo = noise.flatMap { [$0, $0 / 2] }
      try AudioFile.write(
        Waveform(samples: stereo, channels: 2, sampleRate: 16_000), to: path, format: .float)
      expectWithin(
        0x1p-24, Array(try reader.samples(path).samples.values.prefix(8000)),
        noise.map { $0 * 0.75 })
      try AudioFile.write(
        Waveform(samples: noise, channels: 1, sampleRate: 8_000), to: path, format: .float)
      let values = try reader.samples(path).samples.values
      #expect(values[15_000..<16_000].contains { abs($0) > 0.05 }, "twice as many samples")
      #expect(values[16_000...].allSatisfy { $0 == 0 })
    }
  }

  @Test(arguments: ModelKind.allCases)
  func storedSamplesAreTakenAsTheyAre(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      let checkpoint = try checkpoint(SmallRun(kind, in: folder))
      let shape = [3] + checkpoint.gan.sampleShape
      let values = randomNumbers(3 * 16_384, seed: 2)
      let path = try write(shape, values, folder)
      let samples = try SampleReader(checkpoint).samples(path).samples
      #expect(samples.shape == shape && samples.values == values)
    }
  }

  @Test func whatAreNoSamplesIsNamed() throws {
    try withTemporaryFolder { folder in
      let reader = SampleReader(try checkpoint(SmallRun(.specgan, in: folder)))
      for shape in [[2, 128, 128], [128, 128, 1], [1, 1, 16_384, 1], [16_384], []] {
        let path = try write(shape, [Float](repeating: 0, count: shape.reduce(1, *)), folder)
        #expect(
          throws: SpecGANError.sampleShape(path: path, found: shape, expected: [128, 128, 1])
        ) { try reader.samples(path) }
      }
      var values = [Float](repeating: 0, count: 16_384)
      values[99] = .nan
      let path = try write([1, 128, 128, 1], values, folder)
      #expect(throws: SpecGANError.notFinite(path: path, name: "samples")) {
        try reader.samples(path)
      }
      let missing = folder.path("missing.wav")
      #expect(throws: SpecGANError.notFound(path: missing)) {
        try reader.samples(missing)
      }
    }
  }

  private func write(
    _ shape: [Int], _ values: [Float], _ folder: TemporaryFolder
  ) throws -> String {
    var contents = SafetensorsContents()
    contents.append("samples", shape: shape, values)
    try contents.write(to: folder.path("samples.safetensors"))
    return folder.path("samples.safetensors")
  }

  private func checkpoint(_ small: SmallRun) throws -> Checkpoint {
    _ = try small.session().train(until: .init(), isInterrupted: { true })
    return try Checkpoint(path: small.run().checkpointPath(step: 0))
  }
}
