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
  /// The longest burst in the last samples that is cut off, in s, and the shortest silence before.
  private static let (burstSeconds, burstGapSeconds) = (0.03, 0.05)
  /// The shortest silence before a rest of any length that is cut off, in s.
  private static let restGapSeconds = 0.2
  /// The highest level of what is cut off relative to the peak: −30 dB.
  private static let restShare: Float = 0.0316

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
  ///     its end if that is sooner, with a fade over the last 5 ms. Soft sounds at the end, which
  ///     generators may leave there, do not count: up to −30 dB, after 200 ms or more without a
  ///     sample within 60 dB of the peak, or after 50 ms in the last 30 ms.
  package init(of clip: Waveform, trimsStart: Bool, trimsEnd: Bool) {
    (start, frameCount) = (0, clip.frameCount)
    let limit = clip.peak * Waveform.audibleShare
    guard let first = clip.samples.firstIndex(where: { abs($0) > limit }) else { return }
    func frames(_ seconds: Double) -> Int { Int((seconds * Double(clip.sampleRate)).rounded()) }
    var end = clip.frameCount
    if trimsEnd {
      fadeOut = frames(Self.fadeOutSeconds)
      end = min(Self.lastSample(of: clip, above: limit) / clip.channels + 1 + fadeOut, end)
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

  /// Returns the index of the last sample of `clip` above `limit`, which some sample is, without
  /// soft sounds at the end.
  private static func lastSample(of clip: Waveform, above limit: Float) -> Int {
    func samples(_ seconds: Double) -> Int {
      Int((seconds * Double(clip.sampleRate)).rounded()) * clip.channels
    }
    let (soft, count) = (clip.peak * restShare, clip.samples.count)
    let (burst, burstGap) = (samples(burstSeconds), samples(burstGapSeconds))
    // From the end: the first audible sample of the rest so far, and the end without it.
    var (first, end): (Int?, Int?)
    for index in clip.samples.indices.reversed() where abs(clip.samples[index]) > limit {
      if let later = first {
        let gap = later - index
        let isBurst = count - later <= burst && gap > burstGap
        if isBurst || gap > samples(restGapSeconds) { end = index }
      }
      if abs(clip.samples[index]) > soft { break }
      first = index
    }
    return end ?? clip.samples.lastIndex { abs($0) > limit } ?? 0
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
