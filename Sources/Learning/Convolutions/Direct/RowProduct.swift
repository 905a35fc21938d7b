internal import CSpecGANKernels
internal import SpecGANErrors

/// A matrix product: the left operand's rows are at equal distances in memory, the right operand is
/// a packed ``Panel``.
///
/// The rows' offsets are computed once, so that `run` allocates nothing.
struct RowProduct: Sendable {
  private let sourceOffsets: [Int]
  private let targetOffsets: [Int]

  /// Prepares products of at most `maxRows` rows, which are `sourceRowStride` apart in the source
  /// and `targetRowStride` in the target.
  init(maxRows: Int, sourceRowStride: Int, targetRowStride: Int) {
    sourceOffsets = (0..<maxRows).map { $0 * sourceRowStride }
    targetOffsets = (0..<maxRows).map { $0 * targetRowStride }
  }

  /// Computes `target[row][column] = Σ source[row][term · termStride] · panel[term][column]`, the
  /// sum over `terms`. If `accumulating`, adds to `target` instead.
  ///
  /// The panel's rows are `Panel.stride(columns)` values apart; `terms` are indices of its rows.
  func run(
    source: UnsafePointer<Float>, terms: Range<Int>, termStride: Int = 1, rows: Int,
    panel: UnsafePointer<Float>, columns: Int, into target: UnsafeMutablePointer<Float>,
    accumulating: Bool
  ) {
    require(
      rows <= sourceOffsets.count, "\(rows) rows; at most \(sourceOffsets.count) are prepared")
    // In blocks of the panel's rows, which are terms.
    for first in stride(from: terms.lowerBound, to: terms.upperBound, by: Panel.rows) {
      let count = min(Panel.rows, terms.upperBound - first)
      unsafe specgan_products(
        Panel.processor, source + first * termStride, sourceOffsets, target, targetOffsets, rows,
        specgan_terms(
          outer: specgan_loop(count: 1, stride: 0), middle: specgan_loop(count: 1, stride: 0),
          inner: specgan_loop(count: count, stride: termStride)),
        panel + first * Panel.stride(columns), columns,
        // Later blocks add to the first.
        accumulating || first > terms.lowerBound)
    }
  }
}
