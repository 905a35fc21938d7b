internal import Scores
internal import SpecGANErrors
internal import SpecGANTensors
internal import Spectra
internal import Waveforms

/// Where a set's sounds come from, in an order by chance.
protocol SoundSource: Sendable {
  /// How many sounds there are.
  var count: Int { get }
  /// How its spectrograms are made.
  var spectrogram: SpectrogramConfiguration { get }

  /// What reads them.
  ///
  /// - Throws: ``SpecGANError`` where a setting is out of range.
  func reader(on engine: Engine) throws(SpecGANError) -> any SoundReader
}

/// Reads a set's sounds, some at a time.
protocol SoundReader {
  /// The sounds at `places`, with what they were inverted from if `withInversions` and if there is
  /// such a thing.
  ///
  /// - Throws: ``SpecGANError`` where one cannot be made.
  func sounds(
    _ places: Range<Int>, withInversions: Bool
  ) throws(SpecGANError) -> [EvaluatedSound]
}

/// A sound of a set.
struct EvaluatedSound: Sendable {
  /// What is heard.
  let waveform: Waveform
  /// What it is called by its folder or its generator; nil where it is called nothing.
  let label: String?
  /// A spectrogram, and what inversion made of it.
  var inversion: Inversion?

  struct Inversion: Sendable {
    /// What was asked for.
    let wanted: MagnitudeSpectrogram
    /// Samples, as inversion gives them.
    let samples: [Float]
  }

  /// Its first `length` frames, mixed down to one channel or to as many as it has, zeros behind its
  /// end.
  func slice(_ length: Int, channels: Int = 1) -> [Float] {
    do { return try waveform.mixed(to: channels).slice(at: 0, length: length) } catch {
      preconditionFailure("the numbers of channels have been checked: \(error)")
    }
  }
}
