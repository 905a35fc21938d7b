/// How waveforms become spectrograms: the `spectrogram` section of a configuration.
public struct SpectrogramConfiguration: Equatable, Sendable {
  /// Samples under one window.
  public var frameLength = 256
  /// Samples from one frame's start to the next one's.
  public var frameStep = 128
  /// What a frame is multiplied by.
  public var window = Window.hann
  /// Added to a magnitude before its logarithm is taken.
  public var logFloor: Float = 1e-6
  /// The standard deviations that become ±1; what is beyond is clipped.
  public var clipDeviations: Float = 3

  /// The published choices.
  public init() {}

  /// A window's shape.
  public enum Window: String, CaseIterable, Sendable {
    /// The periodic Hann window, `½ − ½ cos(2πn/N)`.
    case hann
  }
}
