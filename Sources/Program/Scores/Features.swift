@_exported public import SpecGANErrors
internal import CSpecGANKernels
internal import SpecGANRandomness
package import SpecGANWorkers

/// Feature vectors of some clips, one row per clip.
public struct Features: Equatable, Sendable {
  /// The number of clips.
  public let count: Int
  /// The number of elements in a row.
  public let dimension: Int
  /// The rows, `[count, dimension]`.
  public let values: [Float]

  /// Creates features from `values`, `[n, dimension]`.
  ///
  /// - Precondition: The number of `values` is a multiple of `dimension`.
  /// - Throws: ``SpecGANError`` if there is no row, or a value is not finite or too large to be
  ///   squared.
  public init(_ values: [Float], dimension: Int) throws(SpecGANError) {
    require(
      dimension > 0 && values.count.isMultiple(of: dimension),
      "\(values.count) values are not rows of \(dimension)")
    guard !values.isEmpty else { throw .tooFew(what: "clips", found: 0, needed: 1) }
    if let bad = values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(what: "features", row: bad / dimension)
    }
    self.init(unchecked: values, dimension: dimension)
    for row in 0..<count where self[row].reduce(0, { $0 + $1 * $1 }) > Self.largestSquare {
      throw .tooLarge(row: row)
    }
  }

  /// The largest squared norm of a row: the square of a distance is at most four times as large.
  private static let largestSquare = Float.greatestFiniteMagnitude / 8

  /// Creates features from rows that are known to be finite, at least one.
  package init(unchecked values: [Float], dimension: Int) {
    count = values.count / dimension
    self.dimension = dimension
    self.values = values
  }

  /// Row `index`.
  public subscript(index: Int) -> ArraySlice<Float> {
    values[index * dimension..<(index + 1) * dimension]
  }

  /// Returns the rows `indices`, in that order.
  ///
  /// - Precondition: `indices` is not empty, and all rows exist.
  package func rows(_ indices: [Int]) -> Features {
    require(!indices.isEmpty, "features need at least one row")
    return Features(unchecked: indices.flatMap { self[$0] }, dimension: dimension)
  }

  /// Returns `size` distinct random rows, as subset `row` of `seed`.
  package func subset(_ size: Int, seed: UInt64, row: Int) -> Features {
    let stream = RandomStream(seed: seed, purpose: .subsets, row: UInt32(row))
    return rows(Array(stream.permutation(of: count).prefix(size)))
  }

  package func check(matches other: Features) throws(SpecGANError) {
    guard dimension == other.dimension else {
      throw .dimension(found: other.dimension, expected: dimension)
    }
  }
}

// MARK: - Pairs of rows

extension Features {
  /// A function of two rows.
  package enum Pairing {
    /// `Σ (a − b)²`.
    case squaredDistance
    /// `Σ a b`.
    case product
  }

  /// The number of rows per task, on which results do not depend.
  private static let rowsPerTask = 16

  /// Returns `transform(index, pairs)` of every row, with `pairs` the values of `pairing` between
  /// that row and each row of `others`, in order.
  ///
  /// Sums are in float32, in 16 lanes: their error is at most `dimension / 16 + 18` roundings.
  /// - Precondition: Both have the same dimension.
  package func map<Result: Sendable>(
    _ pairing: Pairing, with others: Features, _ workers: Workers,
    _ transform: @Sendable (_ index: Int, _ pairs: ArraySlice<Float>) -> Result
  ) -> [Result] {
    require(
      dimension == others.dimension, "dimensions \(dimension) and \(others.dimension) differ")
    let tasks = (count + Self.rowsPerTask - 1) / Self.rowsPerTask
    return workers.map(tasks) { task, _ in
      let rows = task * Self.rowsPerTask..<min((task + 1) * Self.rowsPerTask, count)
      let pairs = self.pairs(pairing, rows, others)
      return rows.enumerated().map { place, row in
        transform(row, pairs[place * others.count..<(place + 1) * others.count])
      }
    }.flatMap(\.self)
  }

  private func pairs(_ pairing: Pairing, _ rows: Range<Int>, _ others: Features) -> [Float] {
    let size = rows.count * others.count
    return unsafe [Float](unsafeUninitializedCapacity: size) { results, filled in
      unsafe values.withUnsafeBufferPointer { values in
        guard let base = values.baseAddress else { return }
        let first = unsafe base + rows.lowerBound * dimension
        switch pairing {
        case .squaredDistance:
          unsafe specgan_squared_distances(
            first, rows.count, others.values, others.count, dimension, results.baseAddress)
        case .product:
          unsafe specgan_row_products(
            first, rows.count, others.values, others.count, dimension, results.baseAddress)
        }
      }
      filled = size
    }
  }
}
