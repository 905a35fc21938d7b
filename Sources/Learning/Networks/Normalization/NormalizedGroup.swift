internal import CSpecGANKernels
internal import SpecGANTensors

/// Examples that are normalized with the same means and variances, one of each per channel.
struct NormalizedGroup: Sendable {
  let examples: Range<Int>
  /// The number of values of each channel behind its mean and variance.
  let count: Double
  let means: [Double]
  let variances: [Double]
  /// The factors `1/√(σ² + ε)`.
  let inverseDeviations: [Double]

  /// The constant that is added to a variance before its root is taken: TensorFlow's `ε`.
  static let epsilon = 1e-3

  init(examples: Range<Int>, count: Double, means: [Double], variances: [Double]) {
    self.examples = examples
    self.count = count
    self.means = means
    self.variances = variances
    inverseDeviations = variances.map { 1 / ($0 + Self.epsilon).squareRoot() }
  }
}

extension [NormalizedGroup] {
  /// Returns the index of the group of the first of `examples`. All groups have the same size.
  func index(holding examples: Range<Int>, _ pass: Pass) -> Int {
    (examples.lowerBound - pass.examples.lowerBound) / self[0].examples.count
  }
}

/// A map of rows of channels: `factors · d + slopes · (x − centers) + offsets`.
struct ColumnMap: Sendable {
  /// The centers, factors, slopes and offsets, row by row.
  private let coefficients: [Float]
  private let columns: Int

  /// Creates a map, by default without slopes and offsets.
  init(centers: [Double], factors: [Double], slopes: [Double] = [], offsets: [Double] = []) {
    columns = centers.count
    var coefficients = [Float](repeating: 0, count: 4 * columns)
    for (row, values) in [centers, factors, slopes, offsets].enumerated() {
      for column in values.indices {
        coefficients[row * columns + column] = Float(values[column])
      }
    }
    self.coefficients = coefficients
  }

  /// Computes `y = factors · (x − centers)` for `rows` rows.
  func standardize(_ x: TensorView, rows: Int, into y: TensorView) {
    unsafe coefficients.withUnsafeBufferPointer { coefficients in
      guard let centers = coefficients.baseAddress else { return }
      unsafe specgan_standardize(x.start, rows, centers, centers + columns, columns, y.start)
    }
  }

  /// Computes `results = factors · directions + slopes · (x − centers) + offsets` for `rows` rows.
  func combine(_ directions: TensorView, _ x: TensorView, rows: Int, into results: TensorView) {
    unsafe coefficients.withUnsafeBufferPointer { coefficients in
      guard let centers = coefficients.baseAddress else { return }
      let factors = unsafe centers + columns
      let combination = unsafe specgan_combination(
        factors: factors, slopes: factors + columns, centers: centers,
        offsets: factors + 2 * columns)
      unsafe specgan_combine_columns(
        directions.start, x.start, rows, combination, columns, results.start)
    }
  }
}
