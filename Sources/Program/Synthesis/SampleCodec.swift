package import SpecGANDatasets
package import SpecGANErrors
internal import SpecGANModels
package import SpecGANRuns
package import SpecGANSettings
package import SpecGANTensors
package import SpecGANTraining
package import SpecGANWorkers
package import Spectra
package import Waveforms

/// A clip, and the spectrograms it was inverted from, if any.
package struct RenderedClip: Sendable {
  /// The clip.
  package let waveform: Waveform
  /// The magnitudes from SpecGAN, of each channel; the clip's own differ by the error of the
  /// inversion. Empty for WaveGAN.
  package let wanted: [MagnitudeSpectrogram]

  package init(waveform: Waveform, wanted: [MagnitudeSpectrogram] = []) {
    self.waveform = waveform
    self.wanted = wanted
  }
}

/// A codec between clips and a model's samples: WaveGAN's samples are waveforms, SpecGAN's are
/// normalized spectrograms.
package struct SampleCodec: Sendable {
  /// The shape of a sample: `[frames, bins, channels]`, or `[samples, channels]`.
  package let sampleShape: [Int]
  /// The number of frames of silence between concatenated clips.
  ///
  /// As in the reference's previews: half a second for WaveGAN, and for SpecGAN half a slice, which
  /// is 8,192 of its 16,384 samples. The reference adds one after the last clip, too.
  package let silenceBetweenClips: Int
  private let audio: AudioConfiguration
  private let spectrogram: SpectrogramConfiguration
  private let isCroppedAtRandom: Bool
  /// The level of noise on real waveforms, in dB; nil for none.
  private let realNoise: Float?
  private let trainingSeed: UInt64
  private let form: Form

  private enum Form: Sendable {
    case waveform
    case spectrogram(PictureCodec)
  }

  /// Creates a codec of the model that `configuration` describes.
  ///
  /// - Parameters:
  ///   - configuration: the run's configuration.
  ///   - moments: the moments of the cache's spectrograms, which SpecGAN needs, for each channel.
  ///   - inversion: the settings of the inversion; nil for the configuration's.
  ///   - seed: the seed of the inversion's random phases, which also depend on a clip's number.
  /// - Throws: ``SpecGANError`` if a setting is out of range.
  package init(
    _ configuration: Configuration, moments: [Moments]?, inversion: InversionConfiguration? = nil,
    seed: UInt64 = 0
  ) throws(SpecGANError) {
    (audio, spectrogram) = (configuration.audio, configuration.spectrogram)
    isCroppedAtRandom = configuration.training.randomCrops
    (realNoise, trainingSeed) = (configuration.wavegan.realNoise, configuration.training.seed)
    sampleShape = configuration.gan(labels: 0).sampleShape
    guard configuration.model.samplesAreSpectrograms else {
      form = .waveform
      silenceBetweenClips = audio.sampleRate / 2
      return
    }
    guard let moments, moments.count == audio.channels else {
      trap("SpecGAN needs moments of \(audio.channels) channels, not of \(moments?.count ?? 0)")
    }
    form = .spectrogram(
      try PictureCodec(
        configuration: configuration.spectrogram, moments: moments,
        inversion: inversion ?? configuration.inversion, seed: seed))
    silenceBetweenClips = audio.sliceLength / 2
  }

  /// Creates a codec of the model of `checkpoint`, with its moments.
  ///
  /// - Throws: ``SpecGANError`` if a setting is out of range.
  package init(
    _ checkpoint: Checkpoint, inversion: InversionConfiguration? = nil, seed: UInt64 = 0
  ) throws(SpecGANError) {
    try self.init(
      checkpoint.configuration, moments: checkpoint.moments, inversion: inversion, seed: seed)
  }

  /// Whether samples are spectrograms, so that clips depend on how they are inverted.
  package var isInverted: Bool {
    if case .spectrogram = form { true } else { false }
  }
}

// MARK: - To samples

extension SampleCodec {
  /// Returns the examples of `cache` to train from: its slices or spectrograms, or random crops.
  ///
  /// - Throws: ``SpecGANError`` if they cannot be read, or all files are too short for random
  ///   crops.
  package func examples(of cache: Cache) throws(SpecGANError) -> any Examples {
    switch (form, isCroppedAtRandom) {
    case (.waveform, false): return noisy(try cache.slices())
    case (.waveform, true): return noisy(try cache.croppedSlices())
    case (.spectrogram, false): return try cache.spectrograms()
    case (.spectrogram, true): return try cache.croppedSpectrograms()
    }
  }

  private func noisy(_ examples: any Examples) -> any Examples {
    realNoise.map { NoisyExamples(examples, level: $0, seed: trainingSeed) } ?? examples
  }

  /// The augmenter of the model's samples in training.
  package var augmenter: any Augmenter {
    switch form {
    case .waveform: WaveformAugmenter(length: sampleShape[0], channels: sampleShape[1])
    case .spectrogram(let codec): PictureAugmenter(frames: sampleShape[0], codec)
    }
  }

  /// Returns the sample of `slice`, `[length, channels]`.
  ///
  /// - Throws: ``SpecGANError`` if the transform cannot be planned.
  package func encode(_ slice: [Float]) throws(SpecGANError) -> [Float] {
    switch form {
    case .waveform: return slice
    case .spectrogram(let codec): return try codec.encode(slice.span)
    }
  }
}

// MARK: - From samples

extension SampleCodec {
  /// Decodes those of `samples`, `[count] + sampleShape`, that have the indices `places`.
  ///
  /// - Parameters:
  ///   - samples: the output of a generator.
  ///   - places: the indices of the samples to decode; nil for all.
  ///   - numbers: the clip's number for each of `samples`.
  ///   - workers: the threads.
  /// - Returns: the clip of each index.
  /// - Throws: ``SpecGANError`` if a spectrogram cannot be inverted.
  package func clips(
    of samples: Tensor, _ places: Range<Int>? = nil, numbers: [Int], on workers: Workers
  ) throws(SpecGANError) -> [RenderedClip] {
    let places = places ?? 0..<samples.shape[0]
    let results = workers.map(places.count) { index, _ in
      let place = places.lowerBound + index
      return Result { () throws(SpecGANError) in
        try clip(of: samples, place, number: numbers[place])
      }
    }
    return try results.map { (result) throws(SpecGANError) in try result.get() }
  }

  /// Decodes `samples`, which the generator of the checkpoint at `path` made.
  ///
  /// - Throws: ``SpecGANError`` if a sample is not finite or too large for audio: the generator may
  ///   have diverged, or a learned filter may overflow.
  package func finiteClips(
    of samples: Tensor, numbers: [Int], from path: String, on workers: Workers
  ) throws(SpecGANError) -> [RenderedClip] {
    do throws(SpecGANError) {
      let clips = try clips(of: samples, numbers: numbers, on: workers)
      guard clips.allSatisfy({ $0.waveform.samples.span.isFinite }) else {
        throw .generatesNoNumbers(path: path)
      }
      return clips
    } catch {
      throw error.code == .magnitude ? .generatesNoNumbers(path: path) : error
    }
  }

  /// Returns the magnitudes of `samples`, which the generator of the checkpoint at `path` made,
  /// before any inversion: of two channels the root mean square. Waveforms are
  /// transformed with the configuration's settings.
  ///
  /// - Throws: ``SpecGANError`` if a sample is not finite.
  package func magnitudes(
    of samples: Tensor, from path: String, on workers: Workers
  ) throws(SpecGANError) -> [MagnitudeSpectrogram] {
    guard samples.values.span.isFinite else { throw .generatesNoNumbers(path: path) }
    let results = workers.map(samples.shape[0]) { index, _ in
      Result { () throws(SpecGANError) in
        let values = samples.examples(index..<index + 1).values
        switch form {
        case .waveform: return try waveform(values).magnitudes(spectrogram)
        case .spectrogram(let codec): return codec.magnitudes(of: values.span).rootMeanSquare
        }
      }
    }
    return try results.map { (result) throws(SpecGANError) in try result.get() }
  }

  private func waveform(_ values: [Float]) -> Waveform {
    Waveform(samples: values, channels: audio.channels, sampleRate: audio.sampleRate)
  }

  private func clip(
    of samples: Tensor, _ place: Int, number: Int
  ) throws(SpecGANError) -> RenderedClip {
    let values = samples.examples(place..<place + 1).values
    switch form {
    case .waveform:
      return RenderedClip(waveform: waveform(values))
    case .spectrogram(let codec):
      let (wanted, samples) = try codec.decode(
        values.span, clip: UInt32(truncatingIfNeeded: number))
      return RenderedClip(waveform: waveform(samples), wanted: wanted)
    }
  }
}
