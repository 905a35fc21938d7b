import Foundation
import Safetensors
import SpecGANErrors
import SpecGANExploration
import SpecGANModels
import SpecGANRuns
import SpecGANRunSupport
import SpecGANSettings
import SpecGANSynthesis
import SpecGANTensors
import SpecGANTestSupport
import SpecGANTraining
import Testing
import Waveforms

/// Directions in the space of latents, of networks that have hardly learned.
@Suite(.training) struct LatentDirectionsTests {
  private func checkpoint(_ kind: ModelKind, _ folder: TemporaryFolder) throws -> Checkpoint {
    // In the middle of its range a spectrogram is audible, in contrast to the mean of digits.
    var configuration = Configuration.small
    configuration.model = kind
    configuration.network.latent = 7
    configuration.network.dimension = 2
    configuration.training.batchSize = 3
    configuration.monitoring.previewCount = 0
    configuration.monitoring.tensorboard = false
    configuration.monitoring.report = false
    configuration.paths.cache = folder.path("cache")
    let digits = ["zero", "one"].map { Fixtures.path("audio/digits/\($0)") }
    let small = try SmallRun(configuration, inputs: digits, in: folder)
    try small.train(to: 3)
    return try Checkpoint(path: small.run().checkpointPath(step: 3))
  }

  /// Clips that were not used to find a direction change along it, by as much as is said.
  @Test(arguments: ModelKind.allCases) func aTurnChangesItsProperty(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      let checkpoint = try checkpoint(kind, folder)
      let engine = Engine(threads: 2)
      let generator = SampleGenerator(checkpoint, engine: engine)
      let found = try LatentDirections(of: generator, at: "run", count: 1_024, engine: engine)
      #expect(!found.directions.isEmpty)
      let profiler = SoundProfiler(
        checkpoint.configuration.spectrogram,
        sampleRate: checkpoint.configuration.audio.sampleRate)
      let codec = try SampleCodec(checkpoint)
      let chosen = ChosenLatents(drawnFor: checkpoint.gan, count: 64, seed: 11)
      for direction in found.directions {
        #expect(direction.correlation >= 0.2 && direction.correlation <= 1)
        #expect(abs(inner(direction.vector, direction.vector) - 1) < 1e-5)
        guard let descriptor = SoundDescriptor(rawValue: direction.name) else { continue }
        func mean(_ amount: Double) throws -> Double {
          let turned = try found.turned(chosen, by: [(direction.name, amount)], at: "run")
          let samples = generator.samples(turned)
          let values = try codec.magnitudes(of: samples, from: "run", on: engine.workers)
            .compactMap { profiler.profile(of: $0)?[descriptor] }
          return values.reduce(0, +) / Double(values.count)
        }
        let change = try mean(0.5) - mean(-0.5)
        // The slope is a mean over all latents, and the map is not linear.
        #expect(
          change > 0.3 * direction.effect && change < 3 * direction.effect,
          "\(direction.name): \(change), \(direction.effect)")
      }
    }
  }

  @Test func theyAreStoredWithTheirStep() throws {
    try withTemporaryFolder { folder in
      let checkpoint = try checkpoint(.specgan, folder)
      let path = folder.path("run/checkpoints/step-00000003.safetensors")
      func stored(threads: Int) throws -> LatentDirections {
        let engine = Engine(threads: threads)
        return try LatentDirections.stored(
          for: SampleGenerator(checkpoint, engine: engine), at: path, engine: engine)
      }
      let first = try stored(threads: 1)
      let file = folder.path("run/directions-step-00000003.safetensors")
      let read = try LatentDirections(path: file, latent: 7)
      #expect(read.step == 3 && read.directions.map(\.vector) == first.directions.map(\.vector))
      let bytes = try Data(contentsOf: URL(filePath: file))
      #expect(try stored(threads: 2) == read)
      // Another number of threads finds the same bits.
      try FileManager.default.removeItem(atPath: file)
      _ = try stored(threads: 2)
      #expect(try Data(contentsOf: URL(filePath: file)) == bytes)
      // Those of another step in its place are refused.
      var contents = read.contents
      contents.metadata["step"] = "2"
      try contents.write(to: file)
      let error = #expect(throws: SpecGANError.self) { try stored(threads: 2) }
      #expect(error?.code == "exploration.notDirections")
    }
  }

  @Test func anUnknownDirectionIsNamedWithTheKnownOnes() throws {
    try withTemporaryFolder { folder in
      let checkpoint = try checkpoint(.specgan, folder)
      let engine = Engine(threads: 2)
      let generator = SampleGenerator(checkpoint, engine: engine)
      let found = try LatentDirections(of: generator, at: "run", count: 512, engine: engine)
      let chosen = ChosenLatents(drawnFor: checkpoint.gan, count: 1, seed: 0)
      let error = #expect(throws: SpecGANError.self) {
        try found.turned(chosen, by: [("warmth", 1)], at: "run")
      }
      #expect(error?.code == "exploration.unknownDirection")
      #expect(error?.sentence.contains("warmth") == true)
    }
  }
}
