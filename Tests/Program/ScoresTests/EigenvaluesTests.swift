import Scores
import SpecGANErrors
import SpecGANTestSupport
import Testing

/// Eigenvalues and eigenvectors satisfy their definition for matrices of every kind.
@Suite struct EigenvaluesTests {
  /// Backward stable: about `size` roundings of the largest value.
  private static func tolerance(_ matrix: SymmetricMatrix) -> Double {
    let largest = matrix.values.reduce(0) { max($0, abs($1)) }
    return 16 * Double(matrix.size) * Double.ulpOfOne * largest
  }

  private static func random(_ size: Int, seed: UInt64) -> SymmetricMatrix {
    let numbers = randomNumbers(size * size, seed: seed).map(Double.init)
    return SymmetricMatrix(
      size: size,
      (0..<size * size).map { numbers[min($0, $0 % size * size + $0 / size)] })
  }

  /// `Σ vₖ λₖ vₖᵀ`.
  private static func product(_ vectors: [Double], _ values: [Double]) -> SymmetricMatrix {
    let size = values.count
    return SymmetricMatrix(
      size: size,
      (0..<size * size).map { place in
        (0..<size).reduce(0) {
          $0 + vectors[$1 * size + place / size] * values[$1] * vectors[$1 * size + place % size]
        }
      })
  }

  private func expectDecomposed(_ matrix: SymmetricMatrix) throws {
    let found = try matrix.decomposition()
    let size = matrix.size
    #expect(found.values == found.values.sorted(by: >))
    #expect(try found.values == matrix.eigenvalues())
    let tolerance = Self.tolerance(matrix)
    let again = Self.product(found.vectors, found.values)
    for place in 0..<size * size {
      #expect(abs(again.values[place] - matrix.values[place]) <= tolerance)
      let (row, column) = (place / size, place % size)
      let product = (0..<size).reduce(0.0) {
        $0 + found.vectors[row * size + $1] * found.vectors[column * size + $1]
      }
      #expect(abs(product - (row == column ? 1 : 0)) <= 16 * Double(size) * .ulpOfOne)
    }
  }

  @Test(arguments: [1, 2, 3, 4, 7, 19, 40]) func randomMatricesAreTakenApart(_ size: Int) throws {
    for seed in 0..<5 as Range<UInt64> { try expectDecomposed(Self.random(size, seed: seed)) }
  }

  @Test func specialMatricesAreTakenApart() throws {
    let size = 12
    let zeros = [Double](repeating: 0, count: size * size)
    try expectDecomposed(SymmetricMatrix(size: size, zeros))
    try expectDecomposed(SymmetricMatrix(size: size, zeros.map { $0 + 1 }))
    // Diagonal, in no order, some equal.
    try expectDecomposed(
      SymmetricMatrix(
        size: size,
        zeros.indices.map { $0.isMultiple(of: size + 1) ? Double($0 * 7 % 5) - 2 : 0 }))
    // Hilbert matrices, whose eigenvalues span sixteen orders of magnitude.
    try expectDecomposed(
      SymmetricMatrix(size: size, zeros.indices.map { 1 / Double($0 / size + $0 % size + 1) }))
  }

  /// Like covariances of fewer clips than dimensions: most eigenvalues are zero.
  @Test(arguments: [(12, 2), (60, 7), (150, 30)])
  func matricesOfLowRankAreTakenApart(_ size: Int, _ rank: Int) throws {
    let rows = randomNumbers(rank * size, seed: UInt64(size)).map(Double.init)
    let matrix = SymmetricMatrix(
      size: size,
      (0..<size * size).map { place in
        (0..<rank).reduce(0) {
          $0 + rows[$1 * size + place / size] * rows[$1 * size + place % size]
        }
      })
    try expectDecomposed(matrix)
    let values = try matrix.eigenvalues()
    #expect(values[rank - 1] > 1e-3)
    #expect(values[rank...].allSatisfy { abs($0) <= Self.tolerance(matrix) })
  }

  /// The second difference's eigenvalues are `2 − 2 cos(πk / (n + 1))`.
  @Test func knownEigenvaluesAreFound() throws {
    let size = 50
    let matrix = SymmetricMatrix(
      size: size,
      (0..<size * size).map { place in
        let distance = abs(place / size - place % size)
        return distance == 0 ? 2 : distance == 1 ? -1 : 0
      })
    let found = try matrix.eigenvalues()
    let sum = found.reduce(0, +)
    #expect(abs(sum - 2 * Double(size)) <= Self.tolerance(matrix) * Double(size))
    // k = 17 of 51 turns by a third of π, and k = 34 by two thirds.
    #expect(abs(found[size - 17] - 1) <= Self.tolerance(matrix))
    #expect(abs(found[size - 34] - 3) <= Self.tolerance(matrix))
  }

  /// A factor of the matrix is a factor of its eigenvalues, within the range of doubles.
  @Test(arguments: [1e-300, 1e-150, 1e150, 1e300]) func anyScaleIsTakenApart(_ scale: Double) throws
  {
    let matrix = Self.random(9, seed: 3)
    let scaled = SymmetricMatrix(size: 9, matrix.values.map { $0 * scale })
    for (found, expected) in zip(try scaled.eigenvalues(), try matrix.eigenvalues()) {
      #expect(abs(found / scale - expected) <= Self.tolerance(matrix))
    }
  }

  @Test(arguments: [Double.nan, .infinity]) func whatIsNoNumberIsNamed(_ bad: Double) {
    #expect(throws: SpecGANError.noEigenvalues(size: 2)) {
      try SymmetricMatrix(size: 2, [1, bad, bad, 1]).eigenvalues()
    }
  }
}
