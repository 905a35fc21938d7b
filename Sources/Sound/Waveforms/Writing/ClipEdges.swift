/// The part of a clip that is written, and the fades at its ends.
package struct ClipEdges: Equatable, Sendable {
  /// The first frame of the part.
  package var start: Int
  /// The number of frames of the part.
  package var frameCount: Int
  /// The number of frames over which the level rises linearly from zero; 0 for no fade.
  package var fadeIn = 0
  /// The number of frames over which the level falls linearly to zero; 0 for no fade.
  package var fadeOut = 0

  /// The level below the peak that an attack reaches: −6 dB.
  private static let attackShare: Float = 0.5
  /// The duration of the fade before the first audible sample, in s.
  private static let fadeInSeconds = 0.001
  /// The duration of the fade after the last audible sample, in s.
  private static let fadeOutSeconds = 0.005

  /// Creates edges with these values.
  package init(start: Int, frameCount: Int, fadeIn: Int, fadeOut: Int) {
    (self.start, self.frameCount) = (start, frameCount)
    (self.fadeIn, self.fadeOut) = (fadeIn, fadeOut)
  }

  /// Finds the edges of `clip`. Silence, and a clip whose edges are both kept, do not change.
  ///
  /// - Parameters:
  ///   - clip: the audio.
  ///   - trimsStart: whether the clip begins 1 ms before its first sample within 60 dB of its peak,
  ///     with a fade over this millisecond. If less than 1 ms is before that sample, nothing is
  ///     cut; the fade is then over the first millisecond, unless a sample in it is within 6 dB of
  ///     the peak: that is the attack, which a fade would weaken.
  ///   - trimsEnd: whether the clip ends 5 ms after its last sample within 60 dB of its peak, or at
  ///     its end if that is sooner, with a fade over the last 5 ms.
  package init(of clip: Waveform, trimsStart: Bool, trimsEnd: Bool) {
    (start, frameCount) = (0, clip.frameCount)
    let limit = clip.peak * Waveform.audibleShare
    guard let first = clip.samples.firstIndex(where: { abs($0) > limit }),
      let last = clip.samples.lastIndex(where: { abs($0) > limit })
    else { return }
    func frames(_ seconds: Double) -> Int { Int((seconds * Double(clip.sampleRate)).rounded()) }
    var end = clip.frameCount
    if trimsEnd {
      fadeOut = frames(Self.fadeOutSeconds)
      end = min(last / clip.channels + 1 + fadeOut, end)
    }
    if trimsStart {
      let fade = frames(Self.fadeInSeconds)
      start = max(first / clip.channels - fade, 0)
      let beginning = clip.samples.prefix(fade * clip.channels)
      let attack = clip.peak * Self.attackShare
      let isAttack = start == 0 && beginning.contains { abs($0) >= attack }
      fadeIn = isAttack ? 0 : fade
    }
    frameCount = end - start
  }

  /// Returns the part of `clip`, with the fades.
  ///
  /// - Precondition: `clip` has the frames of the part.
  package func apply(to clip: Waveform) -> Waveform {
    let channels = clip.channels
    var samples = Array(clip.samples[start * channels..<(start + frameCount) * channels])
    for frame in 0..<min(fadeIn, frameCount) {
      let factor = Float(frame) / Float(fadeIn)
      for channel in 0..<channels { samples[frame * channels + channel] *= factor }
    }
    for frame in max(frameCount - fadeOut, 0)..<frameCount {
      let factor = Float(frameCount - frame) / Float(fadeOut + 1)
      for channel in 0..<channels { samples[frame * channels + channel] *= factor }
    }
    return Waveform(samples: samples, channels: channels, sampleRate: clip.sampleRate)
  }
}
