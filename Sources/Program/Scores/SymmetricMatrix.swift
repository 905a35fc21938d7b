internal import CSpecGANKernels
internal import RealModule
package import SpecGANErrors
package import SpecGANWorkers

/// A symmetric matrix in double precision, both triangles stored.
package struct SymmetricMatrix: Equatable, Sendable {
  package let size: Int
  /// The elements, row by row.
  package var values: [Double]

  package init(size: Int, _ values: [Double]) {
    require(
      values.count == size * size, "\(values.count) values are not \(size) rows of \(size)")
    self.size = size
    self.values = values
  }

  /// Creates `aᵀ b`, which must be symmetric, from two matrices with rows of `size`.
  ///
  /// A task computes complete rows of the result, so that its bits do not depend on the number of
  /// workers.
  package init(_ a: [Double], transposedTimes b: [Double], size: Int, _ workers: Workers) {
    self.init(size: size, transposedProduct(a, b, size: size, workers))
  }

  package var trace: Double { (0..<size).reduce(0) { $0 + values[$1 * size + $1] } }
}

/// Returns `aᵀ b`, `[size, size]`, of two matrices with rows of `size`.
package func transposedProduct(
  _ a: [Double], _ b: [Double], size: Int, _ workers: Workers
) -> [Double] {
  require(a.count == b.count && a.count.isMultiple(of: size), "rows must be of \(size)")
  let rowsPerTask = 16
  let tasks = (size + rowsPerTask - 1) / rowsPerTask
  return workers.map(tasks) { task, _ in
    let rows = task * rowsPerTask..<min((task + 1) * rowsPerTask, size)
    var sums = [Double](repeating: 0, count: rows.count * size)
    unsafe specgan_add_transposed_products(
      a, b, a.count / size, size, rows.lowerBound, rows.upperBound, &sums)
    return sums
  }.flatMap(\.self)
}

// Golub and Van Loan, "Matrix Computations", 4th edition: algorithm 8.3.1 reduces the matrix to a
// tridiagonal one by Householder reflections, and section 8.3.3 diagonalises it by rotations with
// implicit shifts, here from the lower end to the upper (QL), by Dubrulle, Martin and Wilkinson,
// "The Implicit QL Algorithm", Numerische Mathematik 12, 1968.
//
// This replaces `dsyev` of LAPACK: Debian's is one of several libraries, chosen by an
// administrator, and the bits of some depend on the number of threads.

extension SymmetricMatrix {
  /// The eigenvalues, the largest first, with a unit eigenvector each.
  package struct Decomposition: Sendable {
    package let values: [Double]
    /// The eigenvectors, one per row, in the order of the values; empty if not requested.
    package let vectors: [Double]
  }

  /// Returns the eigenvalues, the largest first.
  ///
  /// The error of each is about `size` roundings of the largest magnitude.
  package func eigenvalues() throws(SpecGANError) -> [Double] {
    try decomposition(withVectors: false).values
  }

  /// Returns eigenvalues and eigenvectors.
  package func decomposition(withVectors: Bool = true) throws(SpecGANError) -> Decomposition {
    let scale = values.reduce(0) { max($0, abs($1)) }
    guard values.allSatisfy(\.isFinite) else { throw .noEigenvalues(size: size) }
    guard scale > 0 else {
      let vectors = withVectors ? Self.identity(size) : []
      return Decomposition(values: [Double](repeating: 0, count: size), vectors: vectors)
    }
    var reduction = Tridiagonal(
      SymmetricMatrix(size: size, values.map { $0 / scale }), withVectors: withVectors)
    guard reduction.diagonalize() else { throw .noEigenvalues(size: size) }
    let order = reduction.diagonal.indices.sorted {
      (reduction.diagonal[$0], $1) > (reduction.diagonal[$1], $0)
    }
    return Decomposition(
      values: order.map { reduction.diagonal[$0] * scale },
      vectors: withVectors
        ? order.flatMap { reduction.vectors[$0 * size..<($0 + 1) * size] } : [])
  }

  package static func identity(_ size: Int) -> [Double] {
    (0..<size * size).map { $0.isMultiple(of: size + 1) ? 1 : 0 }
  }
}

/// A symmetric tridiagonal matrix, with the orthogonal transform that reduced another matrix to it.
private struct Tridiagonal {
  package let size: Int
  package var diagonal: [Double]
  /// The elements beside the diagonal; the last is 0.
  package var beside: [Double]
  /// The transform, transposed, so that a rotation works on complete rows. Empty if not requested.
  package var vectors: [Double]

  /// The largest number of sweeps per eigenvalue; 2 are usual.
  private static let mostRounds = 60
  /// The magnitude at which an element beside the diagonal is neglected, in a matrix whose largest
  /// element is 1: half a rounding of that. Values are as uncertain anyway, and with many
  /// eigenvalues of zero only rounding errors would be rotated.
  private static let negligible = 0x1p-53

  /// Reduces `matrix` by one reflection per column.
  package init(_ matrix: SymmetricMatrix, withVectors: Bool) {
    let size = matrix.size
    var values = matrix.values
    var beside = [Double](repeating: 0, count: size)
    var mirrors: [(vector: [Double], factor: Double)] = []
    for column in 0..<max(size - 2, 0) {
      let mirror = Self.reflect(&values, size, column, &beside)
      if withVectors { mirrors.append(mirror) }
    }
    if size > 1 { beside[size - 2] = values[(size - 1) * size + size - 2] }
    self.size = size
    self.beside = beside
    diagonal = (0..<size).map { values[$0 * size + $0] }
    vectors = withVectors ? Self.product(of: mirrors, size) : []
  }

  /// Zeroes the elements of `column` below its second row, and those of that row right of its
  /// second column.
  ///
  /// The reflection is `1 − factor · v vᵀ` on the rows after `column`.
  private static func reflect(
    _ values: inout [Double], _ size: Int, _ column: Int, _ beside: inout [Double]
  ) -> (vector: [Double], factor: Double) {
    var v = (column + 1..<size).map { values[$0 * size + column] }
    let rest = v.dropFirst().reduce(0) { $0 + $1 * $1 }
    guard rest > Double.leastNormalMagnitude else {
      beside[column] = v[0]
      return (v, 0)
    }
    let norm = (v[0] * v[0] + rest).squareRoot()
    beside[column] = v[0] > 0 ? -norm : norm
    v[0] -= beside[column]
    let factor = 2 / (v[0] * v[0] + rest)
    subtract(v, factor, from: &values, size, first: column + 1)
    return (v, factor)
  }

  /// Replaces the part from `first` on by `H A H = A − v wᵀ − w vᵀ`, with `H = 1 − factor · v vᵀ`.
  private static func subtract(
    _ v: [Double], _ factor: Double, from values: inout [Double], _ size: Int, first: Int
  ) {
    let count = v.count
    var w = [Double](repeating: 0, count: count)
    for row in 0..<count {
      let start = (first + row) * size + first
      var sum = 0.0
      for k in 0..<count { sum += values[start + k] * v[k] }
      w[row] = factor * sum
    }
    let half = factor / 2 * zip(v, w).reduce(0) { $0 + $1.0 * $1.1 }
    for k in 0..<count { w[k] -= half * v[k] }
    for row in 0..<count {
      let start = (first + row) * size + first
      let (a, b) = (v[row], w[row])
      for k in 0..<count { values[start + k] -= a * w[k] + b * v[k] }
    }
  }

  /// Returns the transposed product of all reflections, each of which acts on fewer rows than the
  /// one before.
  private static func product(
    of mirrors: [(vector: [Double], factor: Double)], _ size: Int
  ) -> [Double] {
    var result = SymmetricMatrix.identity(size)
    for (column, mirror) in mirrors.enumerated().reversed() where mirror.factor > 0 {
      let (first, v) = (column + 1, mirror.vector)
      for row in first..<size {
        let start = row * size + first
        var sum = 0.0
        for k in v.indices { sum += result[start + k] * v[k] }
        sum *= mirror.factor
        for k in v.indices { result[start + k] -= sum * v[k] }
      }
    }
    return result
  }

  /// Reduces the diagonal to the eigenvalues; returns false if that does not converge.
  package mutating func diagonalize() -> Bool {
    for first in 0..<size {
      var rounds = 0
      while let last = end(of: first), last > first {
        rounds += 1
        guard rounds <= Self.mostRounds else { return false }
        sweep(first, last)
      }
    }
    return true
  }

  /// Returns the last index of the block that begins at `first`: the element beside it is
  /// negligible.
  private func end(of first: Int) -> Int? {
    (first..<size).first { place in
      guard place < size - 1 else { return true }
      return abs(beside[place]) <= Self.negligible
    }
  }

  /// Applies one sweep of rotations from `last` up to `first`, shifted by the eigenvalue closest to
  /// the first element.
  private mutating func sweep(_ first: Int, _ last: Int) {
    let slope = (diagonal[first + 1] - diagonal[first]) / (2 * beside[first])
    let root = Double.hypot(slope, 1)
    var bulge =
      diagonal[last] - diagonal[first] + beside[first] / (slope + (slope < 0 ? -root : root))
    var (sine, cosine, shift) = (1.0, 1.0, 0.0)
    for place in (first..<last).reversed() {
      let (outside, inside) = (sine * beside[place], cosine * beside[place])
      let length = Double.hypot(outside, bulge)
      beside[place + 1] = length
      guard length > 0 else {
        diagonal[place + 1] -= shift
        beside[last] = 0
        return
      }
      (sine, cosine) = (outside / length, bulge / length)
      bulge = diagonal[place + 1] - shift
      let change = (diagonal[place] - bulge) * sine + 2 * cosine * inside
      shift = sine * change
      diagonal[place + 1] = bulge + shift
      bulge = cosine * change - inside
      rotate(place, sine, cosine)
    }
    diagonal[first] -= shift
    beside[first] = bulge
    beside[last] = 0
  }

  private mutating func rotate(_ row: Int, _ sine: Double, _ cosine: Double) {
    guard !vectors.isEmpty else { return }
    for place in row * size..<(row + 1) * size {
      let (upper, lower) = (vectors[place], vectors[place + size])
      vectors[place] = cosine * upper - sine * lower
      vectors[place + size] = sine * upper + cosine * lower
    }
  }
}
