internal import Scores
internal import SpecGANErrors
internal import SpecGANModels
internal import SpecGANRuns
internal import SpecGANSettings
internal import SpecGANSynthesis
internal import SpecGANTensors
internal import Spectra
internal import Waveforms

/// The clips that `generate` would write with a checkpoint, in a random order.
struct GeneratedSounds: SoundSource {
  let path: String
  let checkpoint: Checkpoint
  /// The numbers of the clips; each clip depends only on its number and ``seed``.
  let numbers: [Int]
  let seed: UInt64
  let inversion: InversionConfiguration

  var count: Int { numbers.count }
  var spectrogram: SpectrogramConfiguration { checkpoint.configuration.spectrogram }

  func reader(on engine: Engine) throws(SpecGANError) -> any SoundReader {
    return Reader(
      source: self, generator: SampleGenerator(checkpoint, engine: engine),
      codec: try SampleCodec(checkpoint, inversion: inversion, seed: seed), engine: engine)
  }

  private struct Reader: SoundReader {
    let source: GeneratedSounds
    let generator: SampleGenerator
    let codec: SampleCodec
    let engine: Engine

    func sounds(
      _ places: Range<Int>, withInversions: Bool
    ) throws(SpecGANError) -> [EvaluatedSound] {
      let chosen = ChosenLatents(
        drawnFor: source.checkpoint.gan, numbers: Array(source.numbers[places]), seed: source.seed)
      let samples = generator.samples(chosen)
      let clips = try codec.finiteClips(
        of: samples, numbers: chosen.numbers, from: source.path, on: engine.workers)
      return clips.enumerated().map { place, clip in
        // The requested label, so that no clip can get another's.
        let label =
          chosen.labels.isEmpty ? nil : source.checkpoint.labels[chosen.labels[place].dominant]
        return EvaluatedSound(
          waveform: clip.waveform.stored(as: .pcm16), label: label,
          inversions: withInversions
            ? EvaluatedSound.inversions(wanted: clip.wanted, samples: clip.waveform.samples) : [])
      }
    }
  }
}
