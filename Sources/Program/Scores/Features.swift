@_exported public import SpecGANErrors
internal import CSpecGANKernels
internal import SpecGANRandomness
package import SpecGANWorkers

/// The features of clips: a row of numbers each.
public struct Features: Equatable, Sendable {
  /// The number of clips.
  public let count: Int
  /// The number of features of a clip.
  public let dimension: Int
  /// The rows, `[count, dimension]`.
  public let values: [Float]

  /// The rows of `values`, `[n, dimension]`.
  ///
  /// - Precondition: `values` are rows of `dimension`.
  /// - Throws: ``SpecGANError`` where there is no row, or a number that is not finite or too large
  ///   to be squared.
  public init(_ values: [Float], dimension: Int) throws(SpecGANError) {
    require(
      dimension > 0 && values.count.isMultiple(of: dimension),
      "\(values.count) numbers are no rows of \(dimension)")
    guard !values.isEmpty else { throw .tooFew(what: "sounds", found: 0, needed: 1) }
    if let bad = values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(what: "features", row: bad / dimension)
    }
    self.init(unchecked: values, dimension: dimension)
    for row in 0..<count where self[row].reduce(0, { $0 + $1 * $1 }) > Self.largestSquare {
      throw .tooLarge(row: row)
    }
  }

  /// The largest square of a row's length: the square of a distance is at most four times that.
  private static let largestSquare = Float.greatestFiniteMagnitude / 8

  /// Rows that are known to be finite, and at least one.
  package init(unchecked values: [Float], dimension: Int) {
    count = values.count / dimension
    self.dimension = dimension
    self.values = values
  }

  /// Row number `index`.
  public subscript(index: Int) -> ArraySlice<Float> {
    values[index * dimension..<(index + 1) * dimension]
  }

  /// The rows `indices`, in that order.
  ///
  /// - Precondition: there is at least one, and there are such.
  package func rows(_ indices: [Int]) -> Features {
    require(!indices.isEmpty, "no rows are no features")
    return Features(unchecked: indices.flatMap { self[$0] }, dimension: dimension)
  }

  /// `size` different rows by chance, subset number `row` of `seed`.
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
  /// What is computed of two rows.
  package enum Pairing {
    /// `Σ (a − b)²`.
    case squaredDistance
    /// `Σ a b`.
    case product
  }

  /// Rows that one task takes at a time; what is made of them does not depend on it.
  private static let rowsPerTask = 16

  /// `transform(index, pairs)` of every row, `pairs` being what `pairing` makes of it with each row
  /// of `others`, in order.
  ///
  /// Sums are in float32, in 16 lanes: off by `dimension / 16 + 18` roundings at worst.
  /// - Precondition: both have rows of as many numbers.
  package func map<Result: Sendable>(
    _ pairing: Pairing, with others: Features, _ workers: Workers,
    _ transform: @Sendable (_ index: Int, _ pairs: ArraySlice<Float>) -> Result
  ) -> [Result] {
    require(
      dimension == others.dimension, "rows of \(dimension) numbers beside \(others.dimension)")
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
