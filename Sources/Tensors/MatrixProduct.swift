internal import COneDNN

/// A row-major matrix in memory: the address of its first element and the elements from row to row.
@unsafe package struct MatrixView {
  package var start: UnsafeMutablePointer<Float>
  package var rowStride: Int
  package var isTransposed = false

  /// The same memory, read by columns.
  package var transposed: MatrixView {
    unsafe MatrixView(start: start, rowStride: rowStride, isTransposed: !isTransposed)
  }
}

/// `product = left · right`, or `product += left · right`, on the calling thread.
///
/// `left` is `[rows, inner]`, `right` is `[inner, columns]`. The bits depend on the operands alone.
/// Source: oneDNN, `dnnl_sgemm`, <https://oneapi-src.github.io/oneDNN/group_dnnl_api_blas.html>.
package func multiply(
  _ left: MatrixView, _ right: MatrixView, into product: MatrixView,
  rows: Int, columns: Int, inner: Int, accumulating: Bool = false
) {
  let status = unsafe specgan_sgemm(
    left.isTransposed ? letterT : letterN, right.isTransposed ? letterT : letterN,
    dnnl_dim_t(rows), dnnl_dim_t(columns), dnnl_dim_t(inner),
    left.start, dnnl_dim_t(left.rowStride), right.start, dnnl_dim_t(right.rowStride),
    accumulating ? 1 : 0, product.start, dnnl_dim_t(product.rowStride))
  precondition(
    status == dnnl_success,
    "dnnl_sgemm refused \(rows) × \(inner) by \(inner) × \(columns) with status \(status.rawValue)")
}

private let letterN = CChar(UInt8(ascii: "N"))
private let letterT = CChar(UInt8(ascii: "T"))

extension Engine {
  /// The name and version of the library that multiplies matrices.
  public static var libraryVersion: String {
    guard let version = unsafe dnnl_version()?.pointee else { return "oneDNN" }
    return unsafe "oneDNN-\(version.major).\(version.minor).\(version.patch)"
  }
}
