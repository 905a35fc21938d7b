// Chan, Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample
// Variances", 1979.
internal import SpecGANErrors

/// A sum of ``Moments`` over a stream of any length, in double precision and constant memory.
///
/// The same frames in the same portions, merged in the same order, give the same bits. Portions cut
/// or merged otherwise give the same moments to 10⁻¹² of the log-magnitudes' size: callers that
/// want the same bits for any number of workers fix both, for example one accumulator a file,
/// merged in the order of the files.
public struct MomentsAccumulator: Sendable {
  /// Bins of a frame.
  package let binCount: Int
  /// Frames added so far.
  package private(set) var frameCount = 0
  private var mean: [Double]
  /// Sums of squared distances from the mean.
  private var scatter: [Double]

  /// An accumulator without frames.
  ///
  /// - Precondition: `binCount` is positive.
  public init(binCount: Int) {
    require(binCount > 0, "a frame has at least one bin, not \(binCount)")
    self.binCount = binCount
    mean = [Double](repeating: 0, count: binCount)
    scatter = mean
  }

  /// Adds the frames of `logMagnitudes`, `[frames, bins]`, finite numbers.
  ///
  /// - Precondition: its count is a multiple of `binCount`.
  public mutating func add(logMagnitudes: Span<Float>) {
    let added = logMagnitudes.count / binCount
    require(
      logMagnitudes.count == added * binCount,
      "\(logMagnitudes.count) log-magnitudes are not whole frames of \(binCount) bins")
    guard added > 0 else { return }
    var portion = MomentsAccumulator(binCount: binCount)
    portion.frameCount = added
    portion.mean = logMagnitudes.columnSums(about: portion.mean, squared: false).map {
      $0 / Double(added)
    }
    portion.scatter = logMagnitudes.columnSums(about: portion.mean, squared: true)
    merge(portion)
  }

  /// Adds the frames of `other`, after those added so far.
  ///
  /// - Precondition: both have the same `binCount`.
  public mutating func merge(_ other: MomentsAccumulator) {
    require(other.binCount == binCount, "\(other.binCount) bins do not merge into \(binCount)")
    guard other.frameCount > 0 else { return }
    let (count, added) = (Double(frameCount), Double(other.frameCount))
    let total = count + added
    for bin in 0..<binCount {
      let distance = other.mean[bin] - mean[bin]
      mean[bin] += distance * (added / total)
      scatter[bin] += other.scatter[bin] + distance * distance * (count * added / total)
    }
    frameCount += other.frameCount
  }

  /// The moments of all frames added.
  ///
  /// - Throws: ``SpecGANError`` of kind `badData` if there are none.
  public var moments: Moments {
    get throws(SpecGANError) {
      guard frameCount > 0 else { throw .noFrames }
      return Moments(
        checkedMean: mean.map { Float($0) },
        deviation: scatter.map { Float(($0 / Double(frameCount)).squareRoot()) })
    }
  }
}
