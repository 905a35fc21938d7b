internal import Datasets
internal import Models
internal import Spectra
internal import Tensors
internal import Training
internal import Waveforms
internal import Workers

extension DatasetError {
  /// That number `slice` of the cache at `path`, or what is computed of it, is not finite; what preprocessing writes is.
  static func notFinite(slice: Int, of path: String) -> DatasetError {
    .damaged(
      path: path, reason: "slice \(slice) holds a number that is not finite, or far too large")
  }
}

/// Slices of a cache, in an order of their own.
struct CachedSounds: SoundSource {
  let cache: Cache
  /// Which slices.
  let slices: [Int]
  let labels: [String?]
  /// How its spectrograms are inverted, to hear what that costs; nil where nobody asks.
  let inversion: InversionConfiguration?
  private let examples: (slices: CachedExamples, spectrograms: CachedExamples)
  /// Keeps a cache that is there for this alone.
  private let owner: TemporaryCache?

  /// The slices `slices` of `cache`.
  ///
  /// - Throws: ``EvaluationError`` where the cache cannot be read.
  init(
    _ cache: Cache, _ slices: [Int], inversion: InversionConfiguration?, owner: TemporaryCache?
  ) throws(EvaluationError) {
    self.cache = cache
    self.slices = slices
    self.inversion = inversion
    self.owner = owner
    do throws(DatasetError) {
      examples = (try cache.slices(), try cache.spectrograms())
      let numbers = try cache.labelNumbers()
      labels = slices.map { numbers[$0] < 0 ? nil : cache.labels[Int(numbers[$0])] }
    } catch {
      throw .dataset(error)
    }
  }

  var count: Int { slices.count }
  var spectrogram: SpectrogramConfiguration { cache.spectrogram }

  /// The sound at `place`.
  func waveform(_ place: Int) -> Waveform {
    let slice = Tensor(shape: [1] + examples.slices.shape)
    examples.slices.copy(slices[place], to: 0, of: slice)
    return Waveform(
      samples: slice.values, channels: cache.audio.channels, sampleRate: cache.audio.sampleRate)
  }

  func reader(on engine: Engine) throws(EvaluationError) -> any SoundReader {
    guard let inversion else { return Reader(sounds: self, engine: engine, spectral: nil) }
    do throws(SpectraError) {
      let normalizer = try SpectrogramNormalizer(
        configuration: cache.spectrogram, moments: cache.moments)
      let inverter = try Inverter(
        spectrogram: cache.spectrogram, inversion: inversion, seed: 0)
      return Reader(sounds: self, engine: engine, spectral: (normalizer, inverter))
    } catch {
      throw .spectra(error)
    }
  }

  /// What the networks would be given of the slice at `place`, inverted.
  private func inversion(
    _ place: Int, _ normalizer: SpectrogramNormalizer, _ inverter: Inverter
  ) throws(SpectraError) -> EvaluatedSound.Inversion {
    let spectrogram = Tensor(shape: [1] + examples.spectrograms.shape)
    examples.spectrograms.copy(slices[place], to: 0, of: spectrogram)
    let wanted = spectrogram.withSpan { normalizer.magnitudes(of: $0) }
    let clip = UInt32(truncatingIfNeeded: slices[place])
    return .init(wanted: wanted, samples: try inverter.invert(wanted, clip: clip))
  }

  private struct Reader: SoundReader {
    let sounds: CachedSounds
    let engine: Engine
    let spectral: (normalizer: SpectrogramNormalizer, inverter: Inverter)?

    func sounds(
      _ places: Range<Int>, withInversions: Bool
    ) throws(EvaluationError) -> [EvaluatedSound] {
      let (sounds, spectral) = (sounds, withInversions ? spectral : nil)
      let results = engine.workers.map(places.count) { index, _ in
        Result { () throws(SpectraError) in
          let place = places.lowerBound + index
          var sound = EvaluatedSound(waveform: sounds.waveform(place))
          if let spectral {
            sound.inversion = try sounds.inversion(place, spectral.normalizer, spectral.inverter)
          }
          return sound
        }
      }
      let made: [EvaluatedSound]
      do throws(SpectraError) {
        made = try results.map { (result) throws(SpectraError) in try result.get() }
      } catch {
        throw .spectra(error)
      }
      let finite = engine.workers.map(made.count) { index, _ in
        let samples = made[index].waveform.samples
        return samples.span.isFinite
      }
      if let bad = finite.firstIndex(of: false) {
        let slice = sounds.slices[places.lowerBound + bad]
        throw .dataset(.notFinite(slice: slice, of: sounds.cache.path))
      }
      return made
    }
  }
}
