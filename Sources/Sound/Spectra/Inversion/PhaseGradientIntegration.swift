internal import RealModule
internal import SpecGANErrors

// Průša, Balazs and Søndergaard, "A Noniterative Method for Reconstruction of Phase from STFT
// Magnitude", IEEE/ACM Transactions on Audio, Speech and Language Processing 25(5), 2017: equations
// 15 and 16 for the gradients, algorithm 1 for the integration.

/// Phases integrated from the gradients of log-magnitudes, and the memory that takes.
///
/// Under a Gaussian window `e^(−πn²/γ)` the phase's gradient is the logarithm's, turned by a right
/// angle; for other windows that holds nearly, with the γ of the Gaussian most like them. From the
/// loudest bin on, and always from the loudest bin at the edge, the phase of each neighbour is that
/// of the bin plus the mean of both gradients: so errors of quiet bins do not reach loud ones.
///
/// Where the paper has a heap, bins are sorted once and a set of ranks gives the loudest, in the
/// same order; equally loud bins go in the order of frames, then of bins. Phases are in turns.
package struct PhaseGradientIntegration {
  /// Below this share of the loudest bin there is little but rounding, and no phase.
  private static let tolerance: Float = 1e-6
  /// The rank of a bin that is done, or has no phase.
  private static let none = UInt32.max

  private let frameCount: Int
  private let binCount: Int
  /// Turns from frame to frame of a tone in the middle of bin `k`: `H · k / N`, without whole
  /// turns.
  private let advances: [Float]
  /// Turns a frame, where log-magnitudes grow by one from bin to bin: `H · N / γ`, over 2π.
  private let perFrame: Float
  /// Turns a bin, where log-magnitudes grow by one from frame to frame: `−γ / (H · N)`, over 2π.
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

  /// What a bin must be above to get a phase, where the loudest is `peak`.
  static func floor(peak: Float) -> Float { tolerance * peak }

  /// Replaces the phases `turns` by those of `magnitudes`, both `[frames, bins]`, wherever there is
  /// more than rounding.
  package mutating func integrate(
    _ magnitudes: [Float], peak: Float, replacing result: inout [Float]
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

  /// Differences of both neighbours, halved; at an edge the one there is.
  private mutating func setGradients() {
    for frame in 0..<frameCount {
      let (before, after) = (max(frame - 1, 0), min(frame + 1, frameCount - 1))
      let scale = perBin / Float(max(after - before, 1))
      let row = frame * binCount
      for bin in 0..<binCount {
        let (below, above) = (max(bin - 1, 0), min(bin + 1, binCount - 1))
        let slope = (logarithms[row + above] - logarithms[row + below]) / Float(above - below)
        frameGradients[row + bin] = perFrame * slope + advances[bin]
        // Frames are referred to their first sample, half a turn a bin before their middle.
        binGradients[row + bin] =
          scale * (logarithms[after * binCount + bin] - logarithms[before * binCount + bin]) - 0.5
      }
    }
  }

  // MARK: - Integration

  /// From the loudest bin that has no phase yet, over all bins above the floor that hang together
  /// with it; until there are none left.
  private mutating func spread() {
    for (rank, bin) in order.places.enumerated() where ranks[Int(bin)] != Self.none {
      turns[Int(bin)] = 0
      ranks[Int(bin)] = Self.none
      edge.insert(rank)
      while let loudest = edge.removeFirst() { spread(from: Int(order.places[loudest])) }
    }
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

  /// Gives `bin` a phase, without whole turns, unless it has one or is to have none.
  private mutating func reach(_ bin: Int, _ phase: Float) {
    let rank = ranks[bin]
    guard rank != Self.none else { return }
    let halves: Float = 0x1.8p23  // adding it rounds to a whole number
    turns[bin] = phase - ((phase + halves) - halves)
    ranks[bin] = Self.none
    edge.insert(Int(rank))
  }
}
