internal import Scores
internal import SpecGANDatasets
internal import SpecGANErrors
internal import SpecGANModels
internal import SpecGANSynthesis
internal import SpecGANTensors
internal import SpecGANWorkers
internal import Spectra
internal import Waveforms

/// Slices of a cache, in a given order.
struct CachedSounds: SoundSource {
  let cache: Cache
  /// The indices of the slices in the cache.
  let slices: [Int]
  /// The inversion of the slices' spectrograms, which measures its cost; nil for none.
  let inversion: InversionConfiguration?
  private let examples: (slices: CachedExamples, spectrograms: CachedExamples)
  /// The label's index for each slice of the cache; negative if it has no label.
  private let labelNumbers: [Int32]
  /// The owner of a temporary cache, kept for its lifetime.
  private let owner: TemporaryCache?

  /// Creates a source with the slices `slices` of `cache`.
  ///
  /// - Throws: ``SpecGANError`` if the cache cannot be read.
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

  /// Returns the waveform of the clip at index `place`.
  func waveform(_ place: Int) -> Waveform {
    let slice = Tensor(shape: [1] + examples.slices.shape)
    examples.slices.copy(slices[place], to: 0, of: slice)
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

  /// Returns the magnitudes of the slice at index `place`, as the networks read them.
  private func magnitudes(
    _ place: Int, _ normalizer: SpectrogramNormalizer
  ) -> MagnitudeSpectrogram {
    let spectrogram = Tensor(shape: [1] + examples.spectrograms.shape)
    examples.spectrograms.copy(slices[place], to: 0, of: spectrogram)
    return spectrogram.withSpan { normalizer.magnitudes(of: $0) }
  }

  private typealias Spectral = (normalizer: SpectrogramNormalizer, inverter: Inverter)

  /// Returns the clip at index `place`, with its inversion if `spectral` is given.
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
