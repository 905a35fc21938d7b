@_exported public import SpecGANErrors

/// The settings of spectrograms: the `spectrogram` section of a configuration.
public struct SpectrogramConfiguration: Codable, Equatable, Sendable {
  /// The length of a frame, in samples; even, 2 to 8192.
  public var frameLength = 256
  /// The distance of two frames, in samples; at most half of a frame.
  public var frameStep = 128
  /// The window that each frame is multiplied by.
  public var window = Window.hann
  /// The number added to a magnitude before its logarithm; above 0, at most 1.
  public var logFloor: Float = 1e-6
  /// The number of standard deviations that become ±1; values beyond are clipped.
  public var clipDeviations: Float = 3

  /// Creates a configuration; the defaults are those of the reference.
  public init(
    frameLength: Int = 256, frameStep: Int = 128, window: Window = .hann, logFloor: Float = 1e-6,
    clipDeviations: Float = 3
  ) {
    (self.frameLength, self.frameStep, self.window) = (frameLength, frameStep, window)
    (self.logFloor, self.clipDeviations) = (logFloor, clipDeviations)
  }

  /// The shape of a window.
  public enum Window: String, CaseIterable, Codable, Sendable {
    /// The periodic Hann window, `½ − ½ cos(2πn/N)`.
    case hann
    /// The periodic Hamming window, `0.54 − 0.46 cos(2πn/N)`, which does not reach zero.
    case hamming
    /// The Gaussian window `exp(−½ (n/σ)²)` around the middle, with `σ = N/6`: 1 % is left at the
    /// edges. It is the best for ``InversionMethod/pghi``.
    case gaussian
  }

  private enum CodingKeys: String, CodingKey {
    case frameLength = "frame_length"
    case frameStep = "frame_step"
    case window
    case logFloor = "log_floor"
    case clipDeviations = "clip_deviations"
  }
}

// MARK: - Ranges

extension SpectrogramConfiguration {
  /// The allowed values of ``frameLength``, which must be even.
  package static let frameLengths = 2...8_192
  /// The allowed values of ``frameStep``, which is also at most half of ``frameLength``.
  package static let frameSteps = 1...frameLengths.upperBound / 2
  /// The allowed values of ``logFloor``: above 0, at most 1.
  package static let logFloors = Float.leastNonzeroMagnitude...1
  /// The allowed values of ``clipDeviations``: above 0, at most 100.
  package static let clipRange = Float.leastNonzeroMagnitude...100
}

extension SpectrogramConfiguration {
  /// The number of bins of a frame, `frameLength / 2 + 1`.
  public var binCount: Int { frameLength / 2 + 1 }

  /// Checks that spectrograms can be computed and inverted with these settings.
  ///
  /// - Throws: ``SpecGANError``, naming the first setting that is out of range.
  public func check() throws(SpecGANError) {
    try Self.check(frameLength: frameLength)
    guard Self.frameSteps.contains(frameStep), frameStep <= frameLength / 2 else {
      throw .frameStep(found: frameStep, frameLength: frameLength)
    }
    guard Self.logFloors.contains(logFloor) else { throw .logFloor(found: logFloor) }
    guard Self.clipRange.contains(clipDeviations) else {
      throw .clipDeviations(found: clipDeviations)
    }
  }

  static func check(frameLength: Int) throws(SpecGANError) {
    guard frameLengths.contains(frameLength), frameLength.isMultiple(of: 2) else {
      throw .frameLength(found: frameLength)
    }
  }
}
