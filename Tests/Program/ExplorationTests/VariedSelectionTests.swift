import Foundation
import SpecGANDatasets
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

/// The selection of varied clips, of networks that have hardly learned.
@Suite(.training) struct VariedSelectionTests {
  private func checkpoint(_ folder: TemporaryFolder) throws -> Checkpoint {
    let small = try SmallRun(.wavegan, in: folder)
    try small.train(to: 3)
    return try Checkpoint(path: small.run().checkpointPath(step: 3))
  }

  private func selection(
    _ count: Int, of candidates: ChosenLatents, _ checkpoint: Checkpoint, threads: Int = 2
  ) throws -> VariedSelection {
    let engine = Engine(threads: threads)
    return try VariedSelection(
      count, of: candidates, by: SampleGenerator(checkpoint, engine: engine), at: "run",
      training: nil, engine: engine)
  }

  /// The clips that are kept are among the candidates, the best first, none twice, and no two are
  /// near copies; any number of threads keeps the same ones.
  @Test func theSelectionIsVaried() throws {
    try withTemporaryFolder { folder in
      let checkpoint = try checkpoint(folder)
      let candidates = ChosenLatents(drawnFor: checkpoint.gan, count: 60, seed: 5)
      let found = try selection(12, of: candidates, checkpoint)
      #expect(found.chosen.count == 12 && found.neighbors == nil)
      #expect(Set(found.chosen.numbers).count == 12)
      let scores = try #require(found.chosen.scores)
      #expect(scores == scores.sorted(by: >))
      for (row, number) in found.chosen.numbers.enumerated() {
        #expect(
          found.chosen.latents.examples(row..<row + 1).values
            == candidates.latents.examples(number..<number + 1).values)
      }
      let features = try features(found.chosen, checkpoint)
      for first in features.indices {
        for second in 0..<first {
          #expect(features[first].distance(from: features[second]) >= found.copyDistance)
        }
      }
      let other = try selection(12, of: candidates, checkpoint, threads: 1)
      #expect(other.chosen.numbers == found.chosen.numbers)
    }
  }

  private func features(
    _ chosen: ChosenLatents, _ checkpoint: Checkpoint
  ) throws -> [ClipFeatures] {
    let engine = Engine(threads: 1)
    let samples = SampleGenerator(checkpoint, engine: engine).samples(chosen.latents)
    return try SampleCodec(checkpoint).magnitudes(of: samples, from: "run", on: engine.workers)
      .map { ClipFeatures($0, checkpoint.configuration.spectrogram) }
  }

  /// Of equal candidates one is kept, although more were asked for.
  @Test func copiesOfEachOtherAreLeftOut() throws {
    try withTemporaryFolder { folder in
      let checkpoint = try checkpoint(folder)
      let candidates = ChosenLatents(drawnFor: checkpoint.gan, count: 8, seed: 5)
      let doubled = candidates.selecting([0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3])
      let found = try selection(12, of: doubled, checkpoint)
      #expect(Set(found.chosen.numbers).count == found.chosen.count)
      #expect(found.chosen.count <= 8)
    }
  }

  /// A copy of a training clip is closer to it than the training clips are to each other.
  @Test func copiesOfTrainingClipsAreFound() throws {
    try withTemporaryFolder { folder in
      let checkpoint = try checkpoint(folder)
      let engine = Engine(threads: 2)
      let path = folder.path("run/checkpoints/step-00000003.safetensors")
      let training = try #require(
        try TrainingClips(of: checkpoint, at: path, on: engine.workers))
      let slices = try training.cache.slices()
      let spectrogram = checkpoint.configuration.spectrogram
      #expect(training.copyDistance > 0)
      for index in 0..<training.cache.count {
        let waveform = training.cache.waveform(index, of: slices)
        let features = ClipFeatures(try waveform.magnitudes(spectrogram), spectrogram)
        let nearest = training.nearest(to: features)
        #expect(nearest.slice == index && nearest.distance < 1e-3)
      }
      // Without its cache nothing is known.
      try FileManager.default.removeItem(atPath: folder.path("cache"))
      #expect(try TrainingClips(of: checkpoint, at: path, on: engine.workers) == nil)
    }
  }
}
