internal import RealModule
package import Waveforms

/// The measures by which a kit orders the clips of a label and plays them at equal loudness.
package struct ClipMeasures: Equatable, Sendable {
  /// The largest absolute sample in dBFS.
  package let peak: Double
  /// The largest mean square over 100 ms in dBFS, over all of a shorter clip.
  package let loudness: Double
  /// The root mean square frequency of the spectrum, by the differences of neighbouring samples, in
  /// Hz.
  package let brightness: Double

  private static let windowSeconds = 0.1

  /// Measures `clip`, the channels of which are averaged by their power.
  ///
  /// - Precondition: `clip` has a sample other than 0.
  package init(_ clip: Waveform) {
    let channels = clip.channels
    let powers = stride(from: 0, to: clip.samples.count, by: channels).map { start in
      clip.samples[start..<start + channels].reduce(0.0) { $0 + Double($1) * Double($1) }
        / Double(channels)
    }
    let window = max(
      min(Int(Self.windowSeconds * Double(clip.sampleRate)), powers.count), 1)
    var sum = powers.prefix(window).reduce(0, +)
    var largest = sum
    for frame in window..<max(powers.count, window) {
      sum += powers[frame] - powers[frame - window]
      largest = max(largest, sum)
    }
    peak = 20 * .log10(Double(clip.peak))
    loudness = 10 * .log10(largest / Double(window))
    var differences = 0.0
    for index in channels..<max(clip.samples.count, channels) {
      let difference = Double(clip.samples[index]) - Double(clip.samples[index - channels])
      differences += difference * difference / Double(channels)
    }
    // A sine of the angular frequency w has (2 sin(w / 2))² times its power in its differences.
    let ratio = (differences / powers.reduce(0, +)).squareRoot()
    brightness = Double(clip.sampleRate) / .pi * .asin(min(ratio / 2, 1))
  }
}
