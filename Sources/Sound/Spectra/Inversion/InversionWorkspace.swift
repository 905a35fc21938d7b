internal import ComplexModule
internal import RealModule
internal import SpecGANErrors
internal import SpecGANRandomness
internal import Synchronization

/// The plans and the memory of inversions of one shape, for one thread at a time.
final class InversionWorkspace {
  private let shape: FrameGrid
  private let addedFrames: Int
  private var turns: [Float]
  private var retrieval: PhaseRetrieval
  private var integration: PhaseGradientIntegration?
  private let spectrogram: SpectrogramConfiguration

  /// Creates a workspace for spectrograms with the frames of `shape`.
  ///
  /// It uses a grid in which no sample lies only under the edge of a window: there, the
  /// least-squares inverse would divide by `w² ≈ 0`.
  init(_ spectrogram: SpectrogramConfiguration, _ shape: FrameGrid) throws(SpecGANError) {
    let (grid, added) = shape.extendedToTheLeft
    (self.shape, addedFrames) = (shape, added)
    self.spectrogram = spectrogram
    turns = .init(repeating: 0, count: shape.coefficientCount)
    retrieval = PhaseRetrieval(try ConsistentProjection(spectrogram, grid))
  }

  /// Returns the signal of `magnitude`, whose largest value is `peak`, after the steps of
  /// `schedule`.
  func run(
    _ schedule: InversionSchedule, _ magnitude: MagnitudeSpectrogram, peak: Float,
    from phase: FirstPhase, _ random: RandomStream
  ) -> [Float] {
    setTurns(magnitude, peak: peak, from: phase, random)
    let target = TargetMagnitudes(magnitude, addedFrames: addedFrames)
    return retrieval.run(schedule, target, turns: turns)
  }

  /// Returns the signal of `magnitude`, another channel of the clip that was inverted last, from
  /// the phases of that channel where `isShared` is true.
  func runNext(
    _ schedule: InversionSchedule, _ magnitude: MagnitudeSpectrogram, peak: Float,
    from phase: FirstPhase, _ random: RandomStream, sharing isShared: [Bool]
  ) -> [Float] {
    let target = TargetMagnitudes(magnitude, addedFrames: addedFrames)
    let shared = retrieval.turns(from: target.firstKnown)
    setTurns(magnitude, peak: peak, from: phase, random, keeping: isShared, of: shared)
    return retrieval.run(schedule, target, turns: turns)
  }

  /// Sets ``turns`` to the initial phases of `magnitude`: those of `known` for which `isKnown` is
  /// true, and for the others those of `phase`.
  private func setTurns(
    _ magnitude: MagnitudeSpectrogram, peak: Float, from phase: FirstPhase, _ random: RandomStream,
    keeping isKnown: [Bool] = [], of known: [Float] = []
  ) {
    switch phase {
    case .zero: for index in turns.indices { turns[index] = 0 }
    case .random: Self.fill(&turns, from: 0, random)
    case .gradients: Self.fillQuietFrames(&turns, magnitude, peak: peak, random)
    }
    for index in isKnown.indices where isKnown[index] { turns[index] = known[index] }
    guard phase == .gradients else { return }
    var kept: PhaseGradientIntegration?
    swap(&kept, &integration)  // one owner, so that nothing is copied
    var integration =
      kept ?? PhaseGradientIntegration(frameCount: magnitude.frameCount, spectrogram)
    kept = nil
    integration.integrate(magnitude.values, peak: peak, keeping: isKnown, replacing: &turns)
    self.integration = integration
  }

  private static func fill(_ turns: inout [Float], from index: Int, _ random: RandomStream) {
    var span = turns.mutableSpan
    random.fill(&span, from: UInt64(index), lowest: 0, width: 1)
  }

  /// Fills the frames that have a nonzero bin below the floor of the integration with random
  /// phases, and the others with zeros.
  private static func fillQuietFrames(
    _ turns: inout [Float], _ magnitude: MagnitudeSpectrogram, peak: Float, _ random: RandomStream
  ) {
    let floor = PhaseGradientIntegration.floor(peak: peak)
    var row = [Float](repeating: 0, count: magnitude.binCount)
    for start in stride(from: 0, to: turns.count, by: magnitude.binCount) {
      let frame = start..<start + magnitude.binCount
      if frame.contains(where: { magnitude.values[$0] > 0 && magnitude.values[$0] <= floor }) {
        fill(&row, from: start, random)
        for index in frame { turns[index] = row[index - start] }
      } else {
        for index in frame { turns[index] = 0 }
      }
    }
  }

  /// Returns whether it can be used for the frames of `shape`.
  func fits(_ shape: FrameGrid) -> Bool { shape == self.shape }
}

/// A pool of idle workspaces, at most as many as threads were in use at once.
final class InversionWorkspaces: Sendable {
  /// The idle workspaces, protected by the lock; a workspace that is taken out has one owner.
  private struct Free: @unchecked Sendable {
    var workspaces: [InversionWorkspace] = []
    /// The number of workspaces created so far.
    var made = 0

    /// Removes and returns a workspace that fits. If there is none, removes the one that has been
    /// idle longest, and returns nil.
    mutating func take(for shape: FrameGrid) -> InversionWorkspace? {
      if let index = workspaces.lastIndex(where: { $0.fits(shape) }) {
        return workspaces.remove(at: index)
      }
      if !workspaces.isEmpty { workspaces.removeFirst() }
      made += 1
      return nil
    }
  }

  private let free = Mutex(Free())

  /// The number of workspaces created so far.
  var made: Int { free.withLock(\.made) }

  /// Runs `body` with a workspace for the frames of `shape`.
  func with<Result>(
    _ spectrogram: SpectrogramConfiguration, _ shape: FrameGrid,
    _ body: (InversionWorkspace) -> Result
  ) throws(SpecGANError) -> Result {
    var found: InversionWorkspace?
    free.withLock { found = $0.take(for: shape) }
    let workspace: InversionWorkspace
    if let found {
      workspace = found
    } else {
      workspace = try InversionWorkspace(spectrogram, shape)
    }
    let result = body(workspace)
    free.withLock { $0.workspaces.append(workspace) }
    return result
  }
}
