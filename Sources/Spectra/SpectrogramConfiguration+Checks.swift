extension SpectrogramConfiguration {
  /// Bins of a frame's spectrum, `frameLength / 2 + 1`.
  public var binCount: Int { frameLength / 2 + 1 }

  /// Refuses settings under which a spectrogram cannot be made, or not be turned back.
  ///
  /// - Throws: ``SpectraError``, naming the first setting that is out of range.
  public func check() throws(SpectraError) {
    try Self.check(frameLength: frameLength)
    guard frameStep > 0, frameStep <= frameLength / 2 else {
      throw .frameStep(found: frameStep, frameLength: frameLength)
    }
    guard logFloor > 0, logFloor.isFinite else { throw .logFloor(found: logFloor) }
    guard clipDeviations > 0, clipDeviations.isFinite else {
      throw .clipDeviations(found: clipDeviations)
    }
  }

  /// The longest frame that is transformed: 65 seconds at 16 kHz.
  static let longestFrame = 1 << 20

  static func check(frameLength: Int) throws(SpectraError) {
    guard (2...longestFrame).contains(frameLength), frameLength.isMultiple(of: 2) else {
      throw .frameLength(found: frameLength)
    }
  }
}
