internal import Scores
internal import SpecGANErrors
internal import SpecGANTensors
internal import Spectra
internal import Waveforms

/// A source of a set's clips, in a random order.
protocol SoundSource: Sendable {
  /// The number of clips.
  var count: Int { get }
  /// The settings of its spectrograms.
  var spectrogram: SpectrogramConfiguration { get }

  /// Returns a reader of the clips.
  ///
  /// - Throws: ``SpecGANError`` if a setting is out of range.
  func reader(on engine: Engine) throws(SpecGANError) -> any SoundReader
}

/// A reader of a set's clips, in batches.
protocol SoundReader {
  /// Returns the clips at the indices `places`, with their inversions if `withInversions` and if
  /// there are any.
  ///
  /// - Throws: ``SpecGANError`` if one cannot be generated or read.
  func sounds(
    _ places: Range<Int>, withInversions: Bool
  ) throws(SpecGANError) -> [EvaluatedSound]
}

/// A clip of a set.
struct EvaluatedSound: Sendable {
  /// The audio.
  let waveform: Waveform
  /// The label of its folder or its generator; nil if it has none.
  let label: String?
  /// The spectrogram of each channel and its inversion; empty if the clip has none.
  var inversions: [Inversion] = []

  struct Inversion: Sendable {
    /// The spectrogram to invert, of one channel.
    let wanted: MagnitudeSpectrogram
    /// The samples of the inversion.
    let samples: [Float]
  }

  /// Returns the inversions of the channels with the spectrograms `wanted` to `samples`,
  /// `[length, channels]`.
  static func inversions(wanted: [MagnitudeSpectrogram], samples: [Float]) -> [Inversion] {
    wanted.indices.map { channel in
      Inversion(
        wanted: wanted[channel], samples: samples.span.channel(channel, of: wanted.count))
    }
  }

  /// Returns the first `length` frames, mixed to one channel or to `channels`, with zeros at the
  /// end.
  func slice(_ length: Int, channels: Int = 1) -> [Float] {
    do { return try waveform.mixed(to: channels).slice(at: 0, length: length) } catch {
      trap("the numbers of channels have been checked: \(error)")
    }
  }
}

/// A set of clips with a column in the table.
struct SoundColumn: Sendable {
  /// The role of a set.
  enum Kind: String, Encodable, Sendable {
    /// The real clips, to which all sets are compared.
    case real
    /// Real clips to which no set is compared.
    case heldOut = "held-out"
    /// The clips of a checkpoint's generator.
    case generated
    /// The clips of a folder or a cache.
    case sounds
  }

  /// The name in the table.
  let name: String
  let path: String
  let kind: Kind
  let source: any SoundSource
  /// The number of clips to choose from; nil if any number can be generated.
  let available: Int?
  /// The recipe of the run; nil for sounds that no run generates.
  var recipe: Recipe?

  /// All that decides what a checkpoint generates.
  struct Recipe: Sendable {
    /// The parts that must be equal for an average over seeds: the settings of the run and of its
    /// inversion as YAML, without its seed, and its cache, labels and origin.
    struct Training: Hashable, Sendable {
      let settings: String
      let fingerprint, origin: String?
      let labels: [String]
    }

    let training: Training
    /// The checkpoint's step.
    let step: Int
    /// The run's seed.
    let seed: UInt64
  }
}
