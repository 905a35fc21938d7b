internal import CSpecGANKernels
internal import SpecGANErrors
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
