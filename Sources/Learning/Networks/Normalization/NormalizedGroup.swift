internal import CSpecGANKernels
internal import SpecGANTensors

/// Examples that are normalised by the same means and variances, one of each a channel.
struct NormalizedGroup: Sendable {
  let examples: Range<Int>
  let means: [Double]
  let variances: [Double]
  /// `1/√(σ² + ε)`.
  let inverseDeviations: [Double]

  /// Added to a variance before its root is taken: TensorFlow's `ε`.
  static let epsilon = 1e-3

  init(examples: Range<Int>, means: [Double], variances: [Double]) {
    self.examples = examples
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

/// What rows of channels are taken with: `factors · d + slopes · (x − centers) + offsets`.
@safe struct ColumnMap: Sendable {
  private let numbers: Tensor

  init(centers: [Double], factors: [Double], slopes: [Double] = [], offsets: [Double] = []) {
    let columns = centers.count
    numbers = Tensor(shape: [4, columns])
    for (row, values) in [centers, factors, slopes, offsets].enumerated() {
      numbers.part(offset: row * columns, shape: [columns]).withMutableSpan { span in
        for column in values.indices { span[column] = Float(values[column]) }
      }
    }
  }

  private var columns: Int { numbers.stride }
  var centers: UnsafePointer<Float> { unsafe UnsafePointer(numbers.start) }
  var factors: UnsafePointer<Float> { unsafe centers + columns }

  var combination: specgan_combination {
    unsafe specgan_combination(
      factors: factors, slopes: factors + columns, centers: centers, offsets: factors + 2 * columns)
  }
}
