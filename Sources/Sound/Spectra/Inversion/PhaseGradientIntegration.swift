internal import RealModule
internal import SpecGANErrors

// Průša, Balazs and Søndergaard, "A Noniterative Method for Reconstruction of Phase from STFT
// Magnitude", IEEE/ACM Transactions on Audio, Speech and Language Processing 25(5), 2017: equations
// 15 and 16 for the gradients, algorithm 1 for the integration.

/// An integration of phases from the gradients of log-magnitudes, with its memory.
///
/// Under a Gaussian window `e^(−πn²/γ)`, the gradient of the phase is that of the log-magnitude,
/// turned by a right angle. For other windows this holds approximately, with the γ of the closest
/// Gaussian. The integration starts at the loudest bin and always continues from the loudest bin at
/// the edge of the finished region. The phase of a neighbor is that of the bin plus the mean of
/// both gradients. So errors of quiet bins do not reach loud ones.
///
/// Instead of the paper's heap, bins are sorted once and a set of ranks gives the loudest, in the
/// same order. Bins of equal magnitude are in the order of frames, then of bins. Phases are in
/// turns.
package struct PhaseGradientIntegration {
  /// The share of the loudest bin below which a bin is mostly rounding error and gets no phase.
  private static let tolerance: Float = 1e-6
  /// The rank of a bin that is finished or gets no phase.
  private static let none = UInt32.max

  private let frameCount: Int
  private let binCount: Int
  /// The phase advance from frame to frame of a tone in the middle of bin `k`, in turns:
  /// `H · k / N`, without its integer part.
  private let advances: [Float]
  /// The phase advance per frame, in turns, if log-magnitudes grow by 1 per bin: `H · N / γ`, over
  /// 2π.
  private let perFrame: Float
  /// The phase advance per bin, in turns, if log-magnitudes grow by 1 per frame: `−γ / (H · N)`,
  /// over 2π.
  private let perBin: Float

  private var logarithms: [Float]
  private var frameGradients: [Float]
  private var binGradients: [Float]
  private var turns: [Float]
  private var ranks: [UInt32]
  private var order = LoudnessOrder()
  private var edge: RankQueue

  package init(frameCount: Int, _ configuration: SpectrogramConfiguration) {
    let (length, step) = (configuration.frameLength, configuration.frameStep)
    let gamma = configuration.window.gaussianRatio * Double(length * length)
    self.frameCount = frameCount
    binCount = configuration.binCount
    advances = (0..<configuration.binCount).map { Float(step * $0 % length) / Float(length) }
    perFrame = Float(Double(step * length) / gamma / (2 * .pi))
    perBin = Float(-gamma / Double(step * length) / (2 * .pi))
    let count = frameCount * configuration.binCount
    require(count < Int(UInt32.max), "\(count) bins are too many to rank")
    logarithms = .init(repeating: 0, count: count)
    (frameGradients, binGradients, turns) = (logarithms, logarithms, logarithms)
    ranks = .init(repeating: Self.none, count: count)
    edge = RankQueue(bound: count)
  }

  /// Returns the magnitude above which a bin gets a phase, if the loudest is `peak`.
  static func floor(peak: Float) -> Float { tolerance * peak }

  /// Replaces the phases `result` of all bins above the floor by integrated ones; `magnitudes` and
  /// `result` are `[frames, bins]`.
  ///
  /// The bins for which `isKnown` is true keep their phases, from which the integration continues.
  package mutating func integrate(
    _ magnitudes: [Float], peak: Float, keeping isKnown: [Bool] = [],
    replacing result: inout [Float]
  ) {
    require(
      magnitudes.count == ranks.count && result.count == ranks.count,
      "\(magnitudes.count) magnitudes and \(result.count) phases are not \(ranks.count)")
    let floor = Self.floor(peak: peak)
    guard floor > 0 else { return }
    Self.takeLogarithms(of: magnitudes, above: floor, &logarithms)
    setGradients()
    order.sort(magnitudes, above: floor)
    for (rank, bin) in order.places.enumerated() { ranks[Int(bin)] = UInt32(rank) }
    if !isKnown.isEmpty { begin(at: isKnown, result) }
    spread()
    for bin in order.places { result[Int(bin)] = turns[Int(bin)] }
  }

  // MARK: - Gradients

  private static func takeLogarithms(
    of magnitudes: [Float], above floor: Float, _ logarithms: inout [Float]
  ) {
    var span = logarithms.mutableSpan
    span.replaceAll(withLogarithmsOf: magnitudes.span, above: floor)
  }

  /// Computes the gradients: half the difference of both neighbors, or at an edge the difference to
  /// one.
  private mutating func setGradients() {
    for frame in 0..<frameCount {
      let (before, after) = (max(frame - 1, 0), min(frame + 1, frameCount - 1))
      let scale = perBin / Float(max(after - before, 1))
      let row = frame * binCount
      for bin in 0..<binCount {
        let (below, above) = (max(bin - 1, 0), min(bin + 1, binCount - 1))
        let slope = (logarithms[row + above] - logarithms[row + below]) / Float(above - below)
        frameGradients[row + bin] = perFrame * slope + advances[bin]
        // Phases refer to the first sample of a frame, half a turn per bin before its middle.
        binGradients[row + bin] =
          scale * (logarithms[after * binCount + bin] - logarithms[before * binCount + bin]) - 0.5
      }
    }
  }

  // MARK: - Integration

  /// Makes the bins for which `isKnown` is true, with the phases `known`, the edge of the finished
  /// region.
  private mutating func begin(at isKnown: [Bool], _ known: [Float]) {
    for (rank, bin) in order.places.enumerated() where isKnown[Int(bin)] {
      turns[Int(bin)] = known[Int(bin)]
      ranks[Int(bin)] = Self.none
      edge.insert(rank)
    }
    spreadFromEdge()
  }

  /// Integrates from the loudest bin without a phase over the connected bins above the floor, until
  /// all have a phase.
  private mutating func spread() {
    for (rank, bin) in order.places.enumerated() where ranks[Int(bin)] != Self.none {
      turns[Int(bin)] = 0
      ranks[Int(bin)] = Self.none
      edge.insert(rank)
      spreadFromEdge()
    }
  }

  private mutating func spreadFromEdge() {
    while let loudest = edge.removeFirst() { spread(from: Int(order.places[loudest])) }
  }

  private mutating func spread(from bin: Int) {
    let phase = turns[bin]
    let (frameGradient, binGradient) = (frameGradients[bin], binGradients[bin])
    let place = Int(UInt32(bin) % UInt32(binCount))
    if bin + binCount < ranks.count {
      reach(bin + binCount, phase + 0.5 * (frameGradient + frameGradients[bin + binCount]))
    }
    if bin >= binCount {
      reach(bin - binCount, phase - 0.5 * (frameGradient + frameGradients[bin - binCount]))
    }
    if place < binCount - 1 {
      reach(bin + 1, phase + 0.5 * (binGradient + binGradients[bin + 1]))
    }
    if place > 0 { reach(bin - 1, phase - 0.5 * (binGradient + binGradients[bin - 1])) }
  }

  /// Sets the phase of `bin`, without its integer part, unless it has one or gets none.
  private mutating func reach(_ bin: Int, _ phase: Float) {
    let rank = ranks[bin]
    guard rank != Self.none else { return }
    let halves: Float = 0x1.8p23  // adding it rounds to an integer
    turns[bin] = phase - ((phase + halves) - halves)
    ranks[bin] = Self.none
    edge.insert(Int(rank))
  }
}
