@_exported public import SpecGANErrors

/// The settings of spectrograms: the `spectrogram` section of a configuration.
public struct SpectrogramConfiguration: Codable, Equatable, Sendable {
  /// The length of a frame, in samples; even, 2 to 8192.
  public var frameLength = 256
  /// The distance of two frames, in samples; at most half of a frame.
  public var frameStep = 128
  /// The window that each frame is multiplied by.
  public var window = Window.hann
  /// The number of neighboring bins that a picture merges into a band, by their mean energy, from
  /// ``firstMergedBin`` on; 1 to 64, and 1 merges none.
  ///
  /// The number of bins from there up to, but without, the Nyquist bin must be a multiple of it.
  /// For example, 3 from bin 64 on makes 128 bands of the 256 bins of a frame of 512 samples.
  public var mergedBins = 1
  /// The first bin that is merged, from 0 to below `frameLength / 2`; no effect if ``mergedBins``
  /// is 1.
  public var firstMergedBin = 0
  /// The number added to a magnitude before its logarithm; above 0, at most 1.
  public var logFloor: Float = 1e-6
  /// The number of standard deviations that become ±1; values beyond are clipped.
  public var clipDeviations: Float = 3
  /// The normalization of log-magnitudes.
  public var normalization = Normalization.moments
  /// Whether decoding subtracts ``logFloor``, so that silence comes back as silence.
  public var subtractsFloor = false
  /// The largest amount by which a decoded magnitude may exceed the largest one of its bin in the
  /// dataset, in dB, 0 to 60; nil for no bound. Moments of a ``MomentsAccumulator`` contain the
  /// largest ones; with others it has no effect. A frame's level may exceed that of the loudest
  /// frame by a third of it.
  public var headroom: Float?

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

  /// A normalization of log-magnitudes.
  public enum Normalization: String, CaseIterable, Codable, Sendable {
    /// By the mean and the standard deviation of each bin, as in the paper.
    case moments
    /// By range: ``SpectrogramConfiguration/logFloor`` becomes −1, and the largest magnitude of
    /// each bin nearly +1. Silence then has one value in all bins. TiFGAN and GANSynth normalize
    /// similarly.
    case range
  }

  private enum CodingKeys: String, CodingKey {
    case frameLength = "frame_length"
    case frameStep = "frame_step"
    case window
    case mergedBins = "merged_bins"
    case firstMergedBin = "first_merged_bin"
    case logFloor = "log_floor"
    case clipDeviations = "clip_deviations"
    case normalization
    case subtractsFloor = "subtract_floor"
    case headroom
  }
}

// MARK: - JSON

extension SpectrogramConfiguration {
  /// Decodes a configuration; keys that version 0.2 did not write may be missing.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    frameLength = try values.decode(Int.self, forKey: .frameLength)
    frameStep = try values.decode(Int.self, forKey: .frameStep)
    window = try values.decode(Window.self, forKey: .window)
    mergedBins = try values.decodeIfPresent(Int.self, forKey: .mergedBins) ?? 1
    firstMergedBin = try values.decodeIfPresent(Int.self, forKey: .firstMergedBin) ?? 0
    logFloor = try values.decode(Float.self, forKey: .logFloor)
    clipDeviations = try values.decode(Float.self, forKey: .clipDeviations)
    normalization =
      try values.decodeIfPresent(Normalization.self, forKey: .normalization) ?? .moments
    subtractsFloor = try values.decodeIfPresent(Bool.self, forKey: .subtractsFloor) ?? false
    headroom = try values.decodeIfPresent(Float.self, forKey: .headroom)
  }

  /// Encodes a configuration; keys that version 0.2 did not write are left out at their defaults,
  /// so that caches keep their fingerprints.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(frameLength, forKey: .frameLength)
    try values.encode(frameStep, forKey: .frameStep)
    try values.encode(window, forKey: .window)
    if mergedBins != 1 {
      try values.encode(mergedBins, forKey: .mergedBins)
      try values.encode(firstMergedBin, forKey: .firstMergedBin)
    }
    try values.encode(logFloor, forKey: .logFloor)
    try values.encode(clipDeviations, forKey: .clipDeviations)
    if normalization != .moments { try values.encode(normalization, forKey: .normalization) }
    if subtractsFloor { try values.encode(subtractsFloor, forKey: .subtractsFloor) }
    try values.encodeIfPresent(headroom, forKey: .headroom)
  }

  /// The settings with those at their defaults that have no effect beside the others.
  package var withoutIdleSettings: SpectrogramConfiguration {
    var settings = self
    if mergedBins == 1 { settings.firstMergedBin = 0 }
    return settings
  }

  /// The settings that spectrograms are computed with; those of decoding have their defaults.
  package var encoding: SpectrogramConfiguration {
    var encoding = self
    (encoding.subtractsFloor, encoding.headroom) = (false, nil)
    return encoding.withoutIdleSettings
  }
}

// MARK: - Ranges

extension SpectrogramConfiguration {
  /// The allowed values of ``frameLength``, which must be even.
  package static let frameLengths = 2...8_192
  /// The allowed values of ``frameStep``, which is also at most half of ``frameLength``.
  package static let frameSteps = 1...frameLengths.upperBound / 2
  /// The allowed values of ``mergedBins``.
  package static let mergedBinCounts = 1...64
  /// The allowed values of ``firstMergedBin``, which is also below the Nyquist bin.
  package static let firstMergedBins = 0...frameLengths.upperBound / 2 - 1
  /// The allowed values of ``logFloor``: above 0, at most 1.
  package static let logFloors = Float.leastNonzeroMagnitude...1
  /// The allowed values of ``clipDeviations``: above 0, at most 100.
  package static let clipRange = Float.leastNonzeroMagnitude...100
  /// The allowed values of ``headroom``, in dB.
  package static let headrooms: ClosedRange<Float> = 0...60
}

extension SpectrogramConfiguration {
  /// The number of bins of a frame, `frameLength / 2 + 1`.
  public var binCount: Int { frameLength / 2 + 1 }

  /// The number of bands of a frame: those of a picture, and the Nyquist bin. It is ``binCount`` if
  /// no bins are merged.
  public var bandCount: Int {
    mergedBins > 1 ? firstMergedBin + (frameLength / 2 - firstMergedBin) / mergedBins + 1 : binCount
  }

  /// Checks that spectrograms can be computed and inverted with these settings.
  ///
  /// - Throws: ``SpecGANError``, naming the first setting that is out of range.
  public func check() throws(SpecGANError) {
    try Self.check(frameLength: frameLength)
    guard Self.frameSteps.contains(frameStep), frameStep <= frameLength / 2 else {
      throw .frameStep(found: frameStep, frameLength: frameLength)
    }
    guard Self.mergedBinCounts.contains(mergedBins) else {
      throw .mergedBins(found: mergedBins)
    }
    guard mergedBins == 1 || mergesWholeBands else {
      throw .firstMergedBin(found: firstMergedBin, merged: mergedBins, frameLength: frameLength)
    }
    guard Self.logFloors.contains(logFloor) else { throw .logFloor(found: logFloor) }
    guard Self.clipRange.contains(clipDeviations) else {
      throw .clipDeviations(found: clipDeviations)
    }
    if let headroom, !Self.headrooms.contains(headroom) { throw .headroom(found: headroom) }
  }

  /// Whether the merged bins, from the first one to below the Nyquist bin, are whole bands.
  package var mergesWholeBands: Bool {
    let count = frameLength / 2 - firstMergedBin
    return firstMergedBin >= 0 && count > 0 && count.isMultiple(of: mergedBins)
  }

  static func check(frameLength: Int) throws(SpecGANError) {
    guard frameLengths.contains(frameLength), frameLength.isMultiple(of: 2) else {
      throw .frameLength(found: frameLength)
    }
  }
}
