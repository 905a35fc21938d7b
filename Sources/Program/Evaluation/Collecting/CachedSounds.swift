internal import Scores
internal import SpecGANDatasets
internal import SpecGANErrors
internal import SpecGANModels
internal import SpecGANSynthesis
internal import SpecGANTensors
internal import SpecGANWorkers
internal import Spectra
internal import Waveforms

/// Slices of a cache, in an order of their own.
struct CachedSounds: SoundSource {
  let cache: Cache
  /// Which slices.
  let slices: [Int]
  /// How its spectrograms are inverted, to hear what that costs; nil where nobody asks.
  let inversion: InversionConfiguration?
  private let examples: (slices: CachedExamples, spectrograms: CachedExamples)
  /// Of every slice of the cache its label's number, negative where it has none.
  private let labelNumbers: [Int32]
  /// Keeps a cache that is there for this alone.
  private let owner: TemporaryCache?

  /// The slices `slices` of `cache`.
  ///
  /// - Throws: ``SpecGANError`` where the cache cannot be read.
  init(
    _ cache: Cache, _ slices: [Int], inversion: InversionConfiguration?, owner: TemporaryCache?
  ) throws(SpecGANError) {
    self.cache = cache
    self.slices = slices
    self.inversion = inversion
    self.owner = owner
    examples = (try cache.slices(), try cache.spectrograms())
    labelNumbers = try cache.labelNumbers()
  }

  var count: Int { slices.count }
  var spectrogram: SpectrogramConfiguration { cache.spectrogram }

  private func label(_ place: Int) -> String? {
    let number = Int(labelNumbers[slices[place]])
    return number < 0 ? nil : cache.labels[number]
  }

  /// The sound at `place`.
  func waveform(_ place: Int) -> Waveform {
    let slice = Tensor(shape: [1] + examples.slices.shape)
    examples.slices.copy(slices[place], to: 0, of: slice.view)
    return Waveform(
      samples: slice.values, channels: cache.audio.channels, sampleRate: cache.audio.sampleRate)
  }

  func reader(on engine: Engine) throws(SpecGANError) -> any SoundReader {
    guard let inversion else { return Reader(sounds: self, engine: engine, spectral: nil) }
    let normalizer = try SpectrogramNormalizer(
      configuration: cache.spectrogram, moments: cache.moments)
    let inverter = try Inverter(
      spectrogram: cache.spectrogram, inversion: inversion, seed: 0)
    return Reader(sounds: self, engine: engine, spectral: (normalizer, inverter))
  }

  /// The magnitudes that the networks would be given of the slice at `place`.
  private func magnitudes(
    _ place: Int, _ normalizer: SpectrogramNormalizer
  ) -> MagnitudeSpectrogram {
    let spectrogram = Tensor(shape: [1] + examples.spectrograms.shape)
    examples.spectrograms.copy(slices[place], to: 0, of: spectrogram.view)
    return spectrogram.withSpan { normalizer.magnitudes(of: $0) }
  }

  private typealias Spectral = (normalizer: SpectrogramNormalizer, inverter: Inverter)

  /// The sound at `place`, inverted too where `spectral` says how.
  private func sound(
    _ place: Int, _ spectral: Spectral?
  ) throws(SpecGANError) -> EvaluatedSound {
    var sound = EvaluatedSound(waveform: waveform(place), label: label(place))
    let wanted = spectral.map { magnitudes(place, $0.normalizer) }
    let (samples, values) = (sound.waveform.samples, wanted?.values ?? [])
    guard samples.span.isFinite, values.span.isFinite else {
      throw .notFinite(slice: slices[place], of: cache.path)
    }
    guard let spectral, let wanted else { return sound }
    let clip = UInt32(truncatingIfNeeded: slices[place])
    sound.inversion = .init(
      wanted: wanted, samples: try spectral.inverter.invert(wanted, clip: clip))
    return sound
  }

  private struct Reader: SoundReader {
    let sounds: CachedSounds
    let engine: Engine
    let spectral: Spectral?

    func sounds(
      _ places: Range<Int>, withInversions: Bool
    ) throws(SpecGANError) -> [EvaluatedSound] {
      let (sounds, spectral) = (sounds, withInversions ? spectral : nil)
      let results = engine.workers.map(places.count) { index, _ in
        Result { () throws(SpecGANError) in
          try sounds.sound(places.lowerBound + index, spectral)
        }
      }
      return try results.map { (result) throws(SpecGANError) in try result.get() }
    }
  }
}
