package import SpecGANDatasets
package import SpecGANErrors
package import SpecGANModels
package import SpecGANRuns
internal import SpecGANSettings
package import SpecGANSynthesis
package import SpecGANTensors
internal import SpecGANTraining
internal import Spectra
internal import Waveforms

/// Makes previews of checkpoints: sounds of the run's own latents, and how far they are from real ones.
///
/// Sound `i` is the one that `generate` makes of the checkpoint with the run's seed.
package struct PreviewMaker {
  private let count: Int
  private let real: RealExamples?
  private let engine: Engine

  /// A maker of previews of `count` sounds, compared with examples of `cache` where there is one.
  ///
  /// - Throws: ``SpecGANError`` where the cache cannot be read.
  package init(
    count: Int, comparedWith cache: Cache?, engine: Engine
  ) throws(SpecGANError) {
    self.count = count
    self.engine = engine
    if let cache {
      real = try RealExamples(of: cache, count: count, on: engine.workers)
    } else {
      real = nil
    }
  }

  /// What previews are compared with, as far as it is shown.
  var realSounds: [SoundRenderer.Sound] { real?.sounds ?? [] }

  /// The latents of the sounds of every preview of a run of `gan` under `seed`.
  package func latents(for gan: GAN, seed: UInt64) -> ChosenLatents {
    ChosenLatents(drawnFor: gan, count: count, seed: seed)
  }

  /// Makes a preview of `checkpoint`; nil where its generator gives numbers that are not finite, or of which inversion
  /// makes some: magnitudes are exponentials of them.
  ///
  /// - Throws: ``SpecGANError`` where a sound cannot be made.
  package func preview(of checkpoint: Checkpoint) throws(SpecGANError) -> Preview? {
    let generator = SampleGenerator(checkpoint, engine: engine)
    let madeCount = real == nil ? count : max(count, Preview.scoredCount)
    let latents = ChosenLatents(
      drawnFor: checkpoint.gan, count: madeCount, seed: checkpoint.configuration.training.seed)
    let made = generator.samples(latents.latents, labels: latents.labels)
    guard made.withSpan({ $0.isFinite }) else { return nil }
    let samples = Tensor(copying: made.examples(0..<count))
    do throws(SpecGANError) {
      let sounds = try sounds(samples, checkpoint, checkpoint.configuration.inversion)
      guard sounds.allSatisfy({ $0.waveform.samples.span.isFinite }) else { return nil }
      return Preview(
        step: checkpoint.step, samples: samples, sounds: sounds, realSounds: realSounds,
        distance: try distance(made, checkpoint))
    } catch {
      if error.code == .magnitude { return nil }
      throw error
    }
  }

  /// What is heard of `samples`.
  private func sounds(
    _ samples: Tensor, _ checkpoint: Checkpoint, _ inversion: InversionConfiguration
  ) throws(SpecGANError) -> [SoundRenderer.Sound] {
    try SoundRenderer(
      checkpoint, inversion: inversion, seed: checkpoint.configuration.training.seed
    ).sounds(of: samples, numbers: Array(0..<samples.shape[0]), on: engine.workers)
  }

  /// How far what is heard of `samples` is from the cache's sounds; phases are found fast.
  private func distance(
    _ samples: Tensor, _ checkpoint: Checkpoint
  ) throws(SpecGANError) -> Float? {
    guard let real else { return nil }
    var inversion = InversionConfiguration()
    inversion.method = .fast
    let sounds = try sounds(samples, checkpoint, inversion)
    let distance = try SpectralStatistics(
      of: sounds.map(\.waveform), checkpoint.configuration.spectrogram, on: engine.workers
    ).distance(to: real.statistics)
    return distance.isFinite ? distance : nil
  }
}
