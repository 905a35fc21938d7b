/// How spectrograms become waveforms: the `inversion` section of a configuration.
public struct InversionConfiguration: Equatable, Sendable {
  /// The algorithm.
  public var method = InversionMethod.fastGriffinLim
  /// How many times the magnitudes are imposed.
  public var iterations = 60

  /// What ``iterations`` may be.
  public static let iterationCounts = 0...100_000

  /// The project's choices.
  public init() {}
}

/// The algorithms that find a phase for magnitudes.
public enum InversionMethod: String, CaseIterable, Sendable {
  /// What the published code does, kept for comparison: Griffin and Lim from zero phase with a
  /// synthesis window that does not invert.
  case reference
  /// Griffin and Lim 1984, least squares.
  case griffinLim = "griffin-lim"
  /// Perraudin, Balazs and Søndergaard 2013: Griffin and Lim with momentum 0.99.
  case fastGriffinLim = "fast-griffin-lim"
}
