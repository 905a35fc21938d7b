// Chan, Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample
// Variances", 1979.
internal import SpecGANErrors

/// An accumulator of ``Moments``, and of the largest magnitudes, over a stream of any length, in
/// double precision and constant memory.
///
/// The same frames in the same portions, merged in the same order, give the same bits. Other
/// portions or another order of merging give the same moments to 10⁻¹² of the log-magnitudes. To
/// get the same bits for any number of workers, fix both: for example, use one accumulator per
/// file, merged in the order of the files.
public struct MomentsAccumulator: Sendable {
  /// The number of bins of a frame.
  package let binCount: Int
  /// The number of frames added so far.
  package private(set) var frameCount = 0
  private var mean: [Double]
  /// The sums of squared differences from the mean.
  private var scatter: [Double]
  /// The largest log-magnitude of each bin.
  private var largest: [Float]
  /// The largest level of a frame.
  private var level = -Float.infinity

  /// Creates an accumulator without frames.
  ///
  /// - Precondition: `binCount` is positive.
  public init(binCount: Int) {
    require(binCount > 0, "binCount (=\(binCount)) must be positive")
    self.binCount = binCount
    mean = [Double](repeating: 0, count: binCount)
    scatter = mean
    largest = [Float](repeating: -.infinity, count: binCount)
  }

  /// Adds the frames of `logMagnitudes`, `[frames, bins]`, finite elements.
  ///
  /// - Precondition: the number of elements is a multiple of `binCount`.
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
    var largest = portion.largest.mutableSpan
    largest.raise(toColumnsOf: logMagnitudes)
    portion.level = logMagnitudes.largestRowLevel(columns: binCount)
    merge(portion)
  }

  /// Adds the frames of `other`, after those added so far.
  ///
  /// - Precondition: both have the same `binCount`.
  public mutating func merge(_ other: MomentsAccumulator) {
    require(other.binCount == binCount, "\(other.binCount) bins cannot be merged into \(binCount)")
    guard other.frameCount > 0 else { return }
    let (count, added) = (Double(frameCount), Double(other.frameCount))
    let total = count + added
    for bin in 0..<binCount {
      let distance = other.mean[bin] - mean[bin]
      mean[bin] += distance * (added / total)
      scatter[bin] += other.scatter[bin] + distance * distance * (count * added / total)
      largest[bin] = max(largest[bin], other.largest[bin])
    }
    level = max(level, other.level)
    frameCount += other.frameCount
  }

  /// The moments of all added frames.
  ///
  /// - Throws: ``SpecGANError`` of kind `badData` if there are none.
  public var moments: Moments {
    get throws(SpecGANError) {
      guard frameCount > 0 else { throw .noFrames }
      return Moments(
        checkedMean: mean.map { Float($0) },
        deviation: scatter.map { Float(($0 / Double(frameCount)).squareRoot()) },
        peaks: Peaks(bins: largest, frame: level))
    }
  }
}
