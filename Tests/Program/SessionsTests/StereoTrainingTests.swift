import Foundation
import SpecGANDatasets
import SpecGANErrors
import SpecGANModels
import SpecGANRuns
import SpecGANRunSupport
import SpecGANSessions
import SpecGANSettings
import SpecGANSynthesis
import SpecGANTensors
import SpecGANTestSupport
import SpecGANTraining
import SpecGANWorkers
import Spectra
import Testing
import Waveforms

/// SpecGAN on two channels: laws 1 and 2, and its clips.
@Suite struct StereoTrainingTests {
  private func withRun(
    augmentation: AugmentationSchedule = .none, _ body: (SmallRun, TemporaryFolder) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      for (index, digit) in ["one", "two", "three", "four"].enumerated() {
        let left = try PCM16.clip("digits/\(digit)/flite_slt.wav", length: 12_000)
        let gain = Float(index + 1) / 5
        let right = left.indices.map { $0 < 7 ? 0 : gain * left[$0 - 7] }
        try FileManager.default.createDirectory(
          atPath: folder.path("sounds"), withIntermediateDirectories: true)
        try AudioFile.write(
          Waveform(samples: [left, right].interleaved, channels: 2, sampleRate: 16_000),
          to: folder.path("sounds/\(digit).wav"), format: .float)
      }
      var configuration = Configuration()
      configuration.audio.channels = 2
      configuration.network.latent = 7
      configuration.network.dimension = 2
      configuration.training.batchSize = 3
      configuration.training.criticUpdates = 2
      configuration.training.seed = 5
      configuration.training.augmentation = augmentation
      configuration.monitoring.previewCount = 0
      configuration.monitoring.tensorboard = false
      configuration.monitoring.report = false
      configuration.paths.cache = folder.path("cache")
      try body(
        SmallRun(configuration, inputs: [folder.path("sounds")], in: folder), folder)
    }
  }

  @Test(arguments: [AugmentationSchedule.none, .fixed])
  func neitherThreadsNorStopsChangeABit(_ augmentation: AugmentationSchedule) throws {
    try withRun(augmentation: augmentation) { small, _ in
      try small.train("one", to: 3, threads: 1)
      try small.train("two", to: 3, threads: 2)
      try small.train("stopped", to: 2)
      try small.train("stopped", to: 3, resuming: true)
      let bytes = try small.bytes("one", step: 3)
      #expect(try small.bytes("two", step: 3) == bytes)
      #expect(try small.bytes("stopped", step: 3) == bytes)
      #expect(try small.losses("two") == small.losses("one"))
    }
  }

  /// A checkpoint has the moments of both channels, and its clips are their joint inversions.
  @Test func clipsAreStereo() throws {
    try withRun { small, _ in
      try small.train(to: 1)
      let checkpoint = try Checkpoint(path: small.run().checkpointPath(step: 1))
      let moments = try #require(checkpoint.moments)
      #expect(moments == small.cache.moments && moments.count == 2)
      let engine = Engine(threads: 2)
      let generator = SampleGenerator(checkpoint, engine: engine)
      let samples = generator.samples(generator.latents(0..<3, seed: 1))
      #expect(samples.shape == [3, 128, 128, 2])
      let codec = try SampleCodec(checkpoint, seed: 6)
      let clips = try codec.clips(of: samples, numbers: [0, 1, 2], on: engine.workers)
      let plain = try PictureCodec(configuration: .init(), moments: moments, seed: 6)
      let (wanted, expected) = try plain.decode(
        samples.examples(2..<3).values.span, clip: 2)
      #expect(clips[2].wanted == wanted && wanted.count == 2)
      #expect(clips[2].waveform.channels == 2 && clips[2].waveform.frameCount == 16_384)
      #expect(clips[2].waveform.samples == expected)
      let features = try codec.magnitudes(of: samples, from: "run", on: engine.workers)
      #expect(features[2] == wanted.rootMeanSquare)
      // A slice is the sample that it is trained on.
      let slices = try small.cache.slices()
      #expect(try codec.encode(slices.values(1)) == small.cache.spectrograms().values(1))
    }
  }

  /// A cache of version 0.2 has the spectrograms of the mean.
  @Test func mixedSpectrogramsAreRefused() throws {
    try withRun { small, folder in
      var audio = small.configuration.audio
      audio.channels = 1
      _ = try Preprocessor(
        inputs: [folder.path("sounds")], output: folder.path("mean"), audio: audio,
        spectrogram: small.configuration.spectrogram, workers: Workers(count: 1)
      ).run()
      for name in ["spectrograms-00000.safetensors", "moments.safetensors"] {
        try folder.write(folder.bytes(of: "mean/\(name)"), as: "cache/\(name)")
      }
      try resealCache(at: folder.path("cache"))
      let old = try Cache(path: folder.path("cache"))
      #expect(throws: SpecGANError.mixedSpectrograms(cache: old.path, channels: 2)) {
        try TrainingSession(
          small.configuration, run: small.run(), cache: old, resuming: false, monitors: [],
          engine: Engine(threads: 1))
      }
    }
  }
}
