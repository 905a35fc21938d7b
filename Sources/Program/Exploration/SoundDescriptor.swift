/// A property of a clip that people hear, as a number.
package enum SoundDescriptor: String, CaseIterable, Sendable {
  /// The base-2 logarithm of the spectral centroid in Hz: octaves.
  case brightness
  /// The share of energy below 150 Hz, in dB.
  case boom
  /// The base-2 logarithm of the time from the first loud frame to the loudest one, in s.
  case attack
  /// The base-2 logarithm of the time from the loudest frame to the last one within 20 dB of it, in
  /// s.
  case decay
  /// The spectral flatness, in dB: 0 for white noise.
  case noisiness
  /// The level of the loudest frame in dB; 0 for a sine at full scale.
  case loudness
  /// The base-2 logarithm of the fundamental frequency in Hz. A clip without a clear period has
  /// none.
  case pitch

  /// The unit of the values.
  package var unit: String {
    switch self {
    case .brightness, .pitch: "octaves"
    case .attack, .decay: "doublings"
    case .boom, .noisiness, .loudness: "dB"
    }
  }
}
