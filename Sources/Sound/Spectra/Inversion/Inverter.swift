public import SpecGANErrors
internal import SpecGANRandomness
package import SpecGANWorkers

/// A reconstruction of audio from magnitude spectrograms, which have no phases.
///
/// ```swift
/// let clip = try Waveform(contentsOf: "kick.wav").mixed(to: 1)
/// var stft = try STFT()
/// let magnitude = stft.magnitudes(of: clip.samples)
/// let samples = try Inverter().invert(magnitude, length: clip.frameCount)
/// ```
///
/// The samples of clip `i` depend only on the settings, the seed, `i` and its spectrogram: not on
/// other clips or the number of threads. Plans and memory are reused for clips of the same shape.
/// Several threads may use one inverter at once.
public struct Inverter: Sendable {
  let spectrogram: SpectrogramConfiguration
  let inversion: InversionConfiguration
  let schedule: InversionSchedule
  let seed: UInt64
  let firstPhase: FirstPhase
  let workspaces = InversionWorkspaces()
  /// The number of times that plans and memory were created.
  package var workspacesMade: Int { workspaces.made }

  /// Creates an inverter.
  ///
  /// - Parameters:
  ///   - spectrogram: the configuration of the spectrograms.
  ///   - inversion: the method, and its number of iterations.
  ///   - seed: the random seed. ``InversionMethod/best``, ``InversionMethod/fast`` and
  ///     ``InversionMethod/pghi`` use random phases only for bins below the rounding error of the
  ///     spectrogram.
  /// - Throws: ``SpecGANError`` of kind `badSetting` if a setting is out of range.
  public init(
    spectrogram: SpectrogramConfiguration = .init(), inversion: InversionConfiguration = .init(),
    seed: UInt64 = 0
  ) throws(SpecGANError) {
    try self.init(
      spectrogram: spectrogram, inversion: inversion, seed: seed, firstPhase: nil)
  }

  /// Creates an inverter with the initial phase `firstPhase`; nil for that of the method. The
  /// reference method ignores it and starts from zero phase.
  package init(
    spectrogram: SpectrogramConfiguration, inversion: InversionConfiguration, seed: UInt64,
    firstPhase: FirstPhase?
  ) throws(SpecGANError) {
    try spectrogram.check()
    try inversion.check()
    self.spectrogram = spectrogram
    self.inversion = inversion
    self.seed = seed
    self.firstPhase = firstPhase ?? inversion.method.firstPhase
    schedule = InversionSchedule(inversion.method, count: inversion.projections)
  }

  /// Returns a signal whose transform has nearly the magnitudes of `magnitude`.
  ///
  /// - Parameters:
  ///   - magnitude: the spectrogram.
  ///   - length: the number of samples; by default a multiple of the frame step, for the published
  ///     framing `frames * frameStep`.
  ///   - clip: the index of the clip; together with the seed it determines random phases.
  /// - Returns: the samples, without normalization.
  /// - Throws: ``SpecGANError`` of kind `badData` if `magnitude` has another number of bins, no
  ///   frames or a value that is negative or not finite, or cannot have `length` samples.
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

  /// Inverts `magnitudes`, one per task; the first is the clip with index `firstClip`.
  ///
  /// An error affects only its own clip.
  package func invert(
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
