public import SpecGANErrors
internal import SpecGANRandomness
public import SpecGANWorkers

/// Finds the sound of a magnitude spectrogram.
///
/// The sound of clip `i` depends on the settings, the seed, `i` and its spectrogram alone: not on
/// the other clips, nor on how many threads there are. It keeps plans and memory from one clip to
/// the next of the same shape, and serves several threads at once.
public struct Inverter: Sendable {
  private let spectrogram: SpectrogramConfiguration
  private let inversion: InversionConfiguration
  private let schedule: InversionSchedule
  private let seed: UInt64
  private let firstPhase: FirstPhase
  private let workspaces = InversionWorkspaces()
  /// How often plans and memory had to be made anew.
  package var workspacesMade: Int { workspaces.made }

  /// An inverter of one configuration.
  ///
  /// - Parameters:
  ///   - spectrogram: How the spectrograms were made.
  ///   - inversion: The method, and how many projections it makes.
  ///   - seed: What random phases depend on, besides the clip's number. ``InversionMethod/pghi``,
  ///     ``InversionMethod/fast`` and ``InversionMethod/best`` have them only where there is little
  ///     but rounding.
  ///   - firstPhase: Where to start, if not where the method starts by itself; the reference method
  ///     starts from zero phase in any case.
  /// - Throws: ``SpecGANError`` where a setting is out of range.
  public init(
    spectrogram: SpectrogramConfiguration, inversion: InversionConfiguration, seed: UInt64,
    firstPhase: FirstPhase? = nil
  ) throws(SpecGANError) {
    try spectrogram.check()
    try inversion.check()
    self.spectrogram = spectrogram
    self.inversion = inversion
    self.seed = seed
    self.firstPhase = firstPhase ?? inversion.method.firstPhase
    schedule = InversionSchedule(inversion.method, count: inversion.projections)
  }

  /// The sound of `magnitude`.
  ///
  /// - Parameters:
  ///   - magnitude: What the sound's transform should have.
  ///   - length: Samples of the sound; by default whole steps, for the published framing
  ///     `frames * frameStep`.
  ///   - clip: The sound's number, which random phases depend on.
  /// - Returns: Samples at no particular scale: nothing is normalised.
  /// - Throws: ``SpecGANError`` where `magnitude` has other bins, no frames or a number that is no
  ///   magnitude, or cannot have `length` samples.
  public func invert(
    _ magnitude: MagnitudeSpectrogram, length: Int? = nil, clip: UInt32 = 0
  ) throws(SpecGANError) -> [Float] {
    let peak = try magnitude.checkedPeak(expectedBins: spectrogram.binCount)
    let length = try magnitude.checkedLength(length, step: spectrogram.frameStep)
    if inversion.method == .reference {
      return try ReferenceInversion(iterations: schedule.count)
        .run(magnitude, spectrogram, length: length)
    }
    let shape = FrameGrid(
      spectrogram, magnitude.framing, length: length, frameCount: magnitude.frameCount)
    let (scaled, factor) = magnitude.scaledToOne(peak: peak)
    let random = RandomStream(seed: seed, purpose: .phase, row: clip)
    var signal = try workspaces.with(spectrogram, shape) { workspace in
      workspace.run(schedule, scaled, peak: peak / factor, from: firstPhase, random)
    }
    if factor != 1 { for index in signal.indices { signal[index] *= factor } }
    return signal
  }

  /// The sounds of `magnitudes`, one a task, the first of them clip number `firstClip`.
  ///
  /// Each succeeds or fails by itself: a bad one does not spoil the others.
  public func invert(
    _ magnitudes: [MagnitudeSpectrogram], length: Int? = nil, firstClip: UInt32 = 0,
    on workers: Workers
  ) -> [Result<[Float], SpecGANError>] {
    workers.map(magnitudes.count) { index, _ in
      Result { () throws(SpecGANError) in
        try invert(magnitudes[index], length: length, clip: firstClip &+ UInt32(index))
      }
    }
  }
}
