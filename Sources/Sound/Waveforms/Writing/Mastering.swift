internal import SpecGANRandomness

/// The level at which clips are written.
public enum OutputLevel: String, CaseIterable, Sendable {
  /// Clips with a peak above −1 dBFS are turned down to it; others do not change.
  case protect
  /// All clips are scaled to a peak of −1 dBFS, except silence: those up to −78 dBFS,
  /// four steps of 16 bits, which may be dither.
  case normalize
  /// No clip changes. A 16-bit or 24-bit file clips samples beyond ±1.
  case asIs = "as-is"

  /// The largest sample, −1 dB of full scale; a multiple of 2⁻¹⁵, so that rounding does not exceed
  /// it.
  package static let ceiling: Float = 29_204 / 32_768
  /// The largest peak of a clip that counts as silence: −78 dBFS.
  package static let silence: Float = 0x1p-13

  /// Returns the factor for clips whose largest absolute sample is `peak`, so that it is at most
  /// `margin` below the ceiling.
  package func gain(peak: Float, margin: Float = 0) -> Float {
    let ceiling = Self.ceiling - margin
    return switch self {
    case .asIs: 1
    case .protect: peak > ceiling ? ceiling / peak : 1
    case .normalize: peak > Self.silence ? ceiling / peak : 1
    }
  }
}

/// The last steps before clips are written to WAV files: level, end and sample format.
package struct Mastering: Sendable {
  /// The level.
  package var level = OutputLevel.protect
  /// The sample format.
  package var format = SampleFormat.pcm16
  /// The seed of dither; nil for none. See ``dithered(_:number:)``.
  package var ditherSeed: UInt64?
  /// Whether a clip begins at its first audible sample; see ``ClipEdges``.
  package var trimsStart = false
  /// Whether a clip ends after its last audible sample; see ``ClipEdges``.
  package var trimsEnd = false

  /// Creates the mastering of 16-bit files at `level`, without dither, of whole clips.
  package init(level: OutputLevel = .protect) { self.level = level }

  /// Returns the factor for clips whose largest absolute sample is `peak`. Dither adds up to one
  /// step of the sample format, which remains below the ceiling.
  package func gain(peak: Float) -> Float {
    level.gain(peak: peak, margin: ditherSeed == nil ? 0 : step ?? 0)
  }

  /// The step of the sample format; nil for floating point.
  private var step: Float? {
    format.integerBits.map { Float(sign: .plus, exponent: 1 - $0, significand: 1) }
  }

  /// Returns `clip` as it is written after it is multiplied by `gain`.
  ///
  /// - Parameters:
  ///   - clip: the audio.
  ///   - gain: the factor; see ``OutputLevel/gain(peak:)``.
  ///   - number: the number of the clip, which determines its dither.
  /// - Returns: the samples to write.
  package func apply(to clip: Waveform, gain: Float, number: Int) -> Waveform {
    edged(clip, gain: gain, number: number).clip
  }

  /// Returns `clip` as ``apply(to:gain:number:)`` does, and the part of it that remains.
  package func edged(
    _ clip: Waveform, gain: Float, number: Int
  ) -> (clip: Waveform, edges: ClipEdges) {
    var clip = clip
    if gain != 1 { for index in clip.samples.indices { clip.samples[index] *= gain } }
    let edges = ClipEdges(of: clip, trimsStart: trimsStart, trimsEnd: trimsEnd)
    if trimsStart || trimsEnd { clip = edges.apply(to: clip) }
    return (dithered(clip, number: number), edges)
  }

  /// Adds triangular noise of ±1 step of the sample format, a function of the seed, the clip and
  /// the sample. The rounding error is then noise that does not depend on the audio. Samples of
  /// floating point do not change.
  ///
  /// Source: Lipshitz, Wannamaker and Vanderkooy, "Quantization and Dither: A Theoretical Survey",
  /// 1992.
  private func dithered(_ clip: Waveform, number: Int) -> Waveform {
    guard let ditherSeed, let step else { return clip }
    let stream = RandomStream(
      seed: ditherSeed, purpose: .dither, row: UInt32(truncatingIfNeeded: number))
    var clip = clip
    for index in clip.samples.indices {
      let place = 2 * UInt64(index)
      let noise = stream.uniform(at: place) - stream.uniform(at: place + 1)
      clip.samples[index] += step * noise
    }
    return clip
  }
}

extension Waveform {
  /// The largest absolute sample; 0 if there are none.
  package var peak: Float { samples.reduce(0) { max($0, abs($1)) } }

  /// Returns the waveform at `level`.
  package func leveled(_ level: OutputLevel = .protect) -> Waveform {
    let mastering = Mastering(level: level)
    return mastering.apply(to: self, gain: mastering.gain(peak: peak), number: 0)
  }
}
