import Foundation
import SpecGANErrors
import SpecGANExploration
import SpecGANModels
import SpecGANRuns
import SpecGANRunSupport
import SpecGANSettings
import SpecGANSynthesis
import SpecGANTensors
import SpecGANTestSupport
import Spectra
import Testing
import Waveforms

/// The search for the latent of a given clip.
@Suite(.training) struct LatentSearchTests {
  private func checkpoint(
    _ kind: ModelKind, styleBased: Bool = false, _ folder: TemporaryFolder
  ) throws -> Checkpoint {
    var small = try SmallRun(kind, in: folder)
    if styleBased {
      small.configuration.network.generator = .styleBased
      small.configuration.network.hasNoiseInputs = true
    }
    try small.train(to: 3)
    return try Checkpoint(path: small.run().checkpointPath(step: 3))
  }

  /// The latent of a generated clip is found again: its clip is much closer than the best of the
  /// random ones, and every step helps or is not taken.
  @Test(arguments: ModelKind.allCases, [false, true])
  func aGeneratedClipIsFoundAgain(_ kind: ModelKind, _ styleBased: Bool) throws {
    try withTemporaryFolder { folder in
      let checkpoint = try checkpoint(kind, styleBased: styleBased, folder)
      let engine = Engine(threads: 2)
      let generator = SampleGenerator(checkpoint, engine: engine)
      let wanted = generator.samples(generator.latents(0..<1, seed: 21)).values
      let distance: any ClipDistance
      if kind == .specgan {
        let moments = try #require(checkpoint.moments)
        distance = PictureDistance(
          from: wanted,
          try PictureCodec(
            configuration: checkpoint.configuration.spectrogram, moments: moments))
      } else {
        distance = try WaveformDistance(from: wanted, channels: 1)
      }
      func nearest(_ steps: Int, threads: Int) -> [LatentSearch.Found] {
        var settings = LatentSearch.Settings()
        (settings.candidates, settings.steps) = (64, steps)
        let search = LatentSearch(checkpoint, distance, settings, engine: Engine(threads: threads))
        return search.nearest(labels: [], seed: 3)
      }
      let random = nearest(0, threads: 2)
      let found = nearest(60, threads: 2)
      #expect(found.count == 4)
      #expect(found.map(\.distance) == found.map(\.distance).sorted())
      #expect(found[0].distance < 0.3 * random[0].distance)
      #expect(found.allSatisfy { $0.latent.allSatisfy { abs($0) <= 1 } })
      let other = nearest(60, threads: 1)
      #expect(other.map(\.latent) == found.map(\.latent))
    }
  }

  @Test func aSilentFileIsRefused() throws {
    try withTemporaryFolder { folder in
      let checkpoint = try checkpoint(.specgan, folder)
      let silence = Waveform(
        samples: [Float](repeating: 0, count: 4_000), channels: 1, sampleRate: 16_000)
      try silence.write(to: folder.path("silence.wav"))
      let error = #expect(throws: SpecGANError.self) {
        try SearchTarget(
          folder.path("silence.wav"), for: checkpoint, on: Engine(threads: 1).workers)
      }
      #expect(error?.code == "exploration.silentTarget")
    }
  }
}
