internal import CSpecGANOneDNN
internal import SpecGANTensors

/// The speed of oneDNN's matrix product on one thread of this machine: a yardstick for the
/// program's own products.
///
/// Source: oneDNN, `dnnl_sgemm`, <https://oneapi-src.github.io/oneDNN/group_dnnl_api_blas.html>.
package enum MatrixProductPace {
  private static let rows = 4096
  private static let columns = 256
  private static let inner = 1600

  /// Returns the best speed of `count` products of 4096 × 1600 by 1600 × 256, in GFLOP/s.
  package static func best(of count: Int) -> Double {
    let left = Tensor(shape: [rows, inner])
    let right = Tensor(shape: [inner, columns])
    let product = Tensor(shape: [rows, columns])
    left.fill(0.5)
    right.fill(0.25)
    let seconds = (0..<count).map { _ in
      let start = ContinuousClock.now
      let status = unsafe specgan_sgemm(
        rows, columns, inner, left.start, right.start, product.start)
      precondition(status == dnnl_success, "dnnl_sgemm failed with status \(status.rawValue)")
      return (ContinuousClock.now - start) / .seconds(1)
    }
    return Double(2 * rows * columns * inner) / (seconds.min() ?? .infinity) / 1e9
  }

  /// The name and version of the library.
  package static var libraryVersion: String {
    guard let version = unsafe dnnl_version()?.pointee else { return "oneDNN" }
    return unsafe "oneDNN-\(version.major).\(version.minor).\(version.patch)"
  }
}
