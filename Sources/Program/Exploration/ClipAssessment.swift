package import SpecGANErrors
internal import SpecGANModels
internal import SpecGANRuns
internal import SpecGANSettings
package import SpecGANSynthesis
package import SpecGANTensors
internal import SpecGANWorkers
internal import Spectra

/// The figures by which clips can be judged without listening: the critic's scores, and the
/// training clips that are closest.
package struct ClipAssessment: Sendable {
  /// The critic's score of each clip.
  package let scores: [Float]
  /// The training clip closest to each; nil if the training clips are not known.
  package let neighbors: [TrainingClips.Neighbor]?

  /// Assesses the clips of `chosen`.
  ///
  /// - Parameters:
  ///   - chosen: the latents.
  ///   - generator: the generator.
  ///   - path: its checkpoint, for errors.
  ///   - training: the clips of training; nil if they are not known.
  ///   - engine: the threads.
  ///   - progress: called after each batch with the number of clips so far.
  /// - Throws: ``SpecGANError`` if a sample is not finite.
  package init(
    _ chosen: ChosenLatents, by generator: SampleGenerator, at path: String,
    training: TrainingClips?, engine: Engine, progress: (_ done: Int) -> Void = { _ in }
  ) throws(SpecGANError) {
    let checkpoint = generator.checkpoint
    let spectrogram = checkpoint.configuration.spectrogram
    let codec = try SampleCodec(checkpoint)
    let scorer = CriticScorer(checkpoint, engine: engine)
    var (scores, neighbors) = ([Float](), [TrainingClips.Neighbor]())
    for (first, batch) in chosen.batches(of: SampleGenerator.batchSize) {
      let samples = generator.samples(batch)
      scores += scorer.scores(samples, labels: batch.labels).values
      if let training {
        let magnitudes = try codec.magnitudes(of: samples, from: path, on: engine.workers)
        neighbors += engine.workers.map(batch.count) { index, _ in
          training.nearest(to: ClipFeatures(magnitudes[index], spectrogram))
        }
      }
      progress(first + batch.count)
    }
    self.scores = scores
    self.neighbors = training == nil ? nil : neighbors
  }
}
