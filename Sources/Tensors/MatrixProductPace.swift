/// How fast the matrix product runs on one thread of this machine.
public enum MatrixProductPace {
  private static let rows = 4096
  private static let columns = 256
  private static let inner = 1600

  /// The best pace of `count` products of 4096 × 1600 by 1600 × 256, in 10⁹ floating-point operations
  /// a second.
  public static func best(of count: Int) -> Double {
    let left = Tensor(shape: [rows, inner])
    let right = Tensor(shape: [inner, columns])
    let product = Tensor(shape: [rows, columns])
    left.fill(0.5)
    right.fill(0.25)
    let seconds = (0..<count).map { _ in
      let start = ContinuousClock.now
      unsafe multiply(
        MatrixView(start: left.start, rowStride: inner),
        MatrixView(start: right.start, rowStride: columns),
        into: MatrixView(start: product.start, rowStride: columns),
        rows: rows, columns: columns, inner: inner)
      return (ContinuousClock.now - start) / .seconds(1)
    }
    return Double(2 * rows * columns * inner) / (seconds.min() ?? .infinity) / 1e9
  }
}
