/// The phases that an inversion starts from.
package enum FirstPhase: Equatable, Sendable, CaseIterable {
  /// Uniform over the circle, from the seed and the clip's number.
  case random
  /// Zero everywhere; what the published code does, and librosa with `init=None`.
  case zero
  /// Integrated from the magnitudes' own gradients, see ``InversionMethod/pghi``; random where
  /// there is nothing but rounding.
  case gradients
}
