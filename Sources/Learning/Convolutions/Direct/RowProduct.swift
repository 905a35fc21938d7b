internal import CSpecGANKernels
internal import SpecGANErrors

/// The product of equally spaced rows with a packed panel.
///
/// The tables of the rows' offsets are created once, so that a product allocates nothing.
struct RowProduct: Sendable {
  private let offsets: [Int]
  private let targets: [Int]

  /// Creates the product of up to `mostRows` rows, which are `rowStride` apart in the source and
  /// `targetStride` in the target.
  init(mostRows: Int, rowStride: Int, targetStride: Int) {
    offsets = (0..<mostRows).map { $0 * rowStride }
    targets = (0..<mostRows).map { $0 * targetStride }
  }

  /// Computes `target[row] = Σ source[row][term · stride] · panel[term]`, or `+=`, over `terms`.
  /// The panel has a row of `columns` values for each term.
  func run(
    rows: Int, _ source: UnsafePointer<Float>, terms: Range<Int>, stride: Int = 1,
    _ target: UnsafeMutablePointer<Float>,
    panel: UnsafePointer<Float>, columns: Int, accumulating: Bool
  ) {
    require(rows <= offsets.count, "\(rows) rows are more than \(offsets.count)")
    for first in Swift.stride(from: terms.lowerBound, to: terms.upperBound, by: Panel.rows) {
      let count = min(Panel.rows, terms.upperBound - first)
      unsafe specgan_products(
        Panel.processor, source + first * stride, offsets, target, targets, rows,
        specgan_terms(
          outer: specgan_loop(count: 1, stride: 0), middle: specgan_loop(count: 1, stride: 0),
          inner: specgan_loop(count: count, stride: stride)),
        panel + first * Panel.stride(columns), columns, accumulating || first > terms.lowerBound)
    }
  }
}
