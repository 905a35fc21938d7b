package import SpecGANErrors
internal import SpecGANRandomness

extension Inverter {
  /// The largest ratio of the second channel's magnitude to the first's, 10 (20 dB), up to which a
  /// bin starts from the first channel's phase.
  private static let sharedRatio: Float = 10

  /// Returns the signals of a clip's channels, whose transforms have nearly the magnitudes of
  /// `channels`, one or two.
  ///
  /// The phases of both channels must match, or the stereo image is lost. The channel with more
  /// energy is inverted as by ``invert(_:length:clip:)``, with the same bits. The other one starts
  /// from its phases, and takes at most 20 Griffin-Lim steps towards its own magnitudes. Bins in
  /// which it is louder by more than 20 dB start from the method's own initial phases. Equal
  /// channels stay equal. ``InversionMethod/reference`` inverts each channel alone.
  ///
  /// - Parameters:
  ///   - channels: the spectrogram of each channel, with the same frames.
  ///   - length: the number of samples; see ``invert(_:length:clip:)``.
  ///   - clip: the index of the clip.
  /// - Returns: the samples of each channel, without normalization.
  /// - Throws: the errors of ``invert(_:length:clip:)``.
  /// - Precondition: there are one or two channels, with the same number and position of frames.
  package func invert(
    channels: [MagnitudeSpectrogram], length: Int? = nil, clip: UInt32 = 0
  ) throws(SpecGANError) -> [[Float]] {
    require(1...2 ~= channels.count, "\(channels.count) channels cannot be inverted together")
    guard channels.count == 2, inversion.method != .reference else {
      return try channels.map { (magnitude) throws(SpecGANError) in
        try invert(magnitude, length: length, clip: clip)
      }
    }
    let (left, right) = (channels[0], channels[1])
    require(
      left.frameCount == right.frameCount && left.framing == right.framing,
      "the channels of a clip have \(left.frameCount) and \(right.frameCount) frames")
    if left.values == right.values {
      let signal = try invert(left, length: length, clip: clip)
      return [signal, signal]
    }
    if left.energy >= right.energy {
      let (first, second) = try invert(left, then: right, length: length, clip: clip)
      return [first, second]
    }
    let (first, second) = try invert(right, then: left, length: length, clip: clip)
    return [second, first]
  }

  /// Returns the signals of `magnitude` and, from its phases, of `other`.
  private func invert(
    _ magnitude: MagnitudeSpectrogram, then other: MagnitudeSpectrogram, length: Int?, clip: UInt32
  ) throws(SpecGANError) -> ([Float], [Float]) {
    let peak = try magnitude.checkedPeak(expectedBins: spectrogram.binCount)
    let otherPeak = try other.checkedPeak(expectedBins: spectrogram.binCount)
    let length = try magnitude.checkedLength(length, step: spectrogram.frameStep)
    let shape = FrameGrid(
      spectrogram, magnitude.framing, length: length, frameCount: magnitude.frameCount)
    let (scaled, factor) = magnitude.scaledToOne(peak: peak)
    let (otherScaled, otherFactor) = other.scaledToOne(peak: otherPeak)
    let isShared = zip(magnitude.values, other.values).map { $0 > 0 && $1 <= Self.sharedRatio * $0 }
    let random = RandomStream(seed: seed, purpose: .phase, row: clip)
    var (signal, otherSignal) = try workspaces.with(spectrogram, shape) { workspace in
      let signal = workspace.run(schedule, scaled, peak: peak / factor, from: firstPhase, random)
      let next = workspace.runNext(
        schedule.forSecondChannel, otherScaled, peak: otherPeak / otherFactor, from: firstPhase,
        random, sharing: isShared)
      return (signal, next)
    }
    if factor != 1 { for index in signal.indices { signal[index] *= factor } }
    if otherFactor != 1 { for index in otherSignal.indices { otherSignal[index] *= otherFactor } }
    return (signal, otherSignal)
  }
}

extension MagnitudeSpectrogram {
  /// The sum of the squares of all values; NaN or infinite if one is.
  fileprivate var energy: Double { values.reduce(0) { $0 + Double($1) * Double($1) } }
}
