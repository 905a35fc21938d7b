internal import CSpecGANKernels
internal import SpecGANTensors

/// Examples that are normalised by the same means and variances, one of each a channel.
struct NormalizedGroup: Sendable {
  let examples: Range<Int>
  /// The values of each channel that means and variances are of.
  let count: Double
  let means: [Double]
  let variances: [Double]
  /// `1/√(σ² + ε)`.
  let inverseDeviations: [Double]

  /// Added to a variance before its root is taken: TensorFlow's `ε`.
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
  /// Which group holds the first of `examples`, where all are of one size.
  func index(holding examples: Range<Int>, _ pass: Pass) -> Int {
    (examples.lowerBound - pass.examples.lowerBound) / self[0].examples.count
  }
}

/// How rows of channels are mapped: `factors · d + slopes · (x − centers) + offsets`.
struct ColumnMap: Sendable {
  /// The four, row by row.
  private let coefficients: [Float]
  private let columns: Int

  /// A map without slopes and offsets where none are given.
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

  /// `y = factors · (x − centers)`, for `rows` of both.
  func standardize(_ x: TensorView, rows: Int, into y: TensorView) {
    unsafe coefficients.withUnsafeBufferPointer { coefficients in
      guard let centers = coefficients.baseAddress else { return }
      unsafe specgan_standardize(x.start, rows, centers, centers + columns, columns, y.start)
    }
  }

  /// `results = factors · directions + slopes · (x − centers) + offsets`, for `rows` of all three.
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
