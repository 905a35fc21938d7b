package import SpecGANErrors
internal import SpecGANModels
package import SpecGANRuns
internal import SpecGANSettings
package import SpecGANSynthesis
package import SpecGANTensors
package import SpecGANWorkers
internal import Spectra
internal import Waveforms

/// A clip to search for, as the samples of a model.
package struct SearchTarget: Sendable {
  /// The distance of samples from the clip.
  package let distance: any ClipDistance
  /// The remarks on the file; see ``SampleReader``.
  package let remarks: [String]
  private let magnitudes: MagnitudeSpectrogram
  private let floor: Float

  /// Reads the clip in the audio file `file` as the model of `checkpoint` is trained on it: its
  /// first slice.
  ///
  /// - Throws: ``SpecGANError`` if the file cannot be read, or the clip is silent.
  package init(
    _ file: String, for checkpoint: Checkpoint, on workers: Workers
  ) throws(SpecGANError) {
    let configuration = checkpoint.configuration
    let read = try SampleReader(checkpoint).samples(file)
    let codec = try SampleCodec(checkpoint)
    let magnitudes = try codec.magnitudes(of: read.samples, from: file, on: workers)
    let profiler = SoundProfiler(
      configuration.spectrogram, sampleRate: configuration.audio.sampleRate)
    guard magnitudes.count == 1, profiler.profile(of: magnitudes[0]) != nil else {
      throw .silentTarget(path: file)
    }
    self.magnitudes = magnitudes[0]
    remarks = read.remarks
    floor = configuration.spectrogram.audibleFloor
    if configuration.model.samplesAreSpectrograms, let moments = checkpoint.moments {
      distance = PictureDistance(
        from: read.samples.values,
        try PictureCodec(configuration: configuration.spectrogram, moments: moments))
    } else {
      distance = try WaveformDistance(
        from: read.samples.values, channels: configuration.audio.channels)
    }
  }

  /// Returns the log-spectral distance of each clip of `chosen` from this one over the frames
  /// that are not silent in both, in dB, before any inversion.
  ///
  /// - Throws: ``SpecGANError`` if a sample is not finite.
  package func distances(
    of chosen: ChosenLatents, by generator: SampleGenerator, at path: String, _ engine: Engine
  ) throws(SpecGANError) -> [Double] {
    let samples = generator.samples(chosen)
    let codec = try SampleCodec(generator.checkpoint)
    return try codec.magnitudes(of: samples, from: path, on: engine.workers).map {
      $0.soundingDistance(from: magnitudes, floor: floor)
    }
  }
}

extension ChosenLatents {
  /// Creates the clips of the latents that a search has found, all with the number that it used.
  ///
  /// - Precondition: there is at least one.
  package init(found: [LatentSearch.Found], seed: UInt64) {
    let shape = [found.count, found.first?.latent.count ?? 0]
    self.init(
      latents: Tensor(shape: shape, found.flatMap(\.latent)),
      numbers: found.map { _ in LatentSearch.clipNumber },
      labels: found.compactMap(\.label), seed: seed)
  }
}
