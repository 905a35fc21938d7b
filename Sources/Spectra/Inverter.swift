internal import ComplexModule
internal import Randomness
internal import RealModule
public import Workers

/// Finds the sound of a magnitude spectrogram.
///
/// The sound of clip `i` depends on the settings, the seed, `i` and its spectrogram alone: not on
/// the other clips, nor on how many threads there are.
public struct Inverter: Sendable {
  private let spectrogram: SpectrogramConfiguration
  private let inversion: InversionConfiguration
  private let seed: UInt64
  private let firstPhase: FirstPhase

  /// An inverter of one configuration; the reference method starts from zero phase in any case.
  ///
  /// - Throws: ``SpectraError`` where a setting is out of range.
  public init(
    spectrogram: SpectrogramConfiguration, inversion: InversionConfiguration, seed: UInt64,
    firstPhase: FirstPhase = .random
  ) throws(SpectraError) {
    try spectrogram.check()
    guard InversionConfiguration.iterationCounts.contains(inversion.iterations) else {
      throw .iterations(found: inversion.iterations)
    }
    self.spectrogram = spectrogram
    self.inversion = inversion
    self.seed = seed
    self.firstPhase = firstPhase
  }

  /// The sound of `magnitude`.
  ///
  /// - Parameters:
  ///   - magnitude: What the sound's transform should have.
  ///   - length: Samples of the sound; by default whole steps, for the published framing
  ///     `frames * frameStep`.
  ///   - clip: The sound's number, which its first phases depend on.
  /// - Returns: Samples at no particular scale: nothing is normalised.
  /// - Throws: ``SpectraError`` where `magnitude` has other bins, no frames or a number that is no
  ///   magnitude, or cannot have `length` samples.
  public func invert(
    _ magnitude: MagnitudeSpectrogram, length: Int? = nil, clip: UInt32 = 0
  ) throws(SpectraError) -> [Float] {
    try magnitude.checkValues(expectedBins: spectrogram.binCount)
    let length = try magnitude.checkedLength(length, step: spectrogram.frameStep)
    switch inversion.method {
    case .reference:
      return try ReferenceInversion(iterations: inversion.iterations)
        .run(magnitude, spectrogram, length: length)
    case .griffinLim: return try griffinLim(magnitude, length, clip, momentum: 0)
    case .fastGriffinLim: return try griffinLim(magnitude, length, clip, momentum: 0.99)
    }
  }

  /// The sounds of `magnitudes`, one a task, the first of them clip number `firstClip`.
  ///
  /// Each succeeds or fails by itself: a bad one does not spoil the others.
  public func invert(
    _ magnitudes: [MagnitudeSpectrogram], length: Int? = nil, firstClip: UInt32 = 0,
    on workers: Workers
  ) -> [Result<[Float], SpectraError>] {
    workers.map(magnitudes.count) { index, _ in
      Result { () throws(SpectraError) in
        try invert(magnitudes[index], length: length, clip: firstClip &+ UInt32(index))
      }
    }
  }

  /// In a grid where every sample lies well within a frame: at the edge of the published framing
  /// the least-squares inverse would divide by `w² ≈ 0`.
  private func griffinLim(
    _ magnitude: MagnitudeSpectrogram, _ length: Int, _ clip: UInt32, momentum: Float
  ) throws(SpectraError) -> [Float] {
    let (grid, added) = FrameGrid(
      spectrogram, magnitude.framing, length: length, frameCount: magnitude.frameCount
    ).extendedToTheLeft
    let (scaled, exponent) = magnitude.scaledToOne
    let target = TargetMagnitudes(scaled, addedFrames: added)
    var coefficients = target.coefficients(
      firstPhase, RandomStream(seed: seed, purpose: .phase, row: clip))
    var projection = try ConsistentProjection(spectrogram, grid)
    let signal = GriffinLim(momentum: momentum, iterations: inversion.iterations)
      .run(&coefficients, target, &projection)
    return exponent == 0
      ? signal : signal.map { Float(sign: .plus, exponent: exponent, significand: $0) }
  }
}
