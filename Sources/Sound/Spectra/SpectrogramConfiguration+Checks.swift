public import SpecGANErrors

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
