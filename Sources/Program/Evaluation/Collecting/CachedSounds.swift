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
    cache.waveform(slices[place], of: examples.slices)
  }

  func reader(on engine: Engine) throws(SpecGANError) -> any SoundReader {
    Reader(
      sounds: self, engine: engine,
      codec: try inversion.map { (inversion) throws(SpecGANError) in
        try cache.codec(inversion: inversion)
      })
  }

  /// Returns the clip at index `place`, with its inversion if `codec` is given.
  private func sound(
    _ place: Int, _ codec: PictureCodec?
  ) throws(SpecGANError) -> EvaluatedSound {
    let number = slices[place]
    var sound = EvaluatedSound(waveform: waveform(place), label: label(place))
    guard sound.waveform.samples.span.isFinite else {
      throw .notFinite(slice: number, of: cache.path)
    }
    guard let codec else { return sound }
    do throws(SpecGANError) {
      let picture = examples.spectrograms.values(number)
      let (wanted, samples) = try codec.decode(
        picture.span, clip: UInt32(truncatingIfNeeded: number))
      sound.inversions = EvaluatedSound.inversions(wanted: wanted, samples: samples)
    } catch {
      throw error.code == .magnitude ? .notFinite(slice: number, of: cache.path) : error
    }
    return sound
  }

  private struct Reader: SoundReader {
    let sounds: CachedSounds
    let engine: Engine
    let codec: PictureCodec?

    func sounds(
      _ places: Range<Int>, withInversions: Bool
    ) throws(SpecGANError) -> [EvaluatedSound] {
      let (sounds, codec) = (sounds, withInversions ? codec : nil)
      let results = engine.workers.map(places.count) { index, _ in
        Result { () throws(SpecGANError) in
          try sounds.sound(places.lowerBound + index, codec)
        }
      }
      return try results.map { (result) throws(SpecGANError) in try result.get() }
    }
  }
}
