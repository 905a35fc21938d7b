internal import CSpecGANKernels

/// A product of some rows at equal distances with a packed panel.
struct RowProduct {
  private let offsets: [Int]
  private let targets: [Int]

  init(rows: Int, rowStride: Int, targetStride: Int) {
    offsets = (0..<rows).map { $0 * rowStride }
    targets = (0..<rows).map { $0 * targetStride }
  }

  /// `target[row] = Σ source[row][term · stride] · panel[term]`, or `+=`, over `terms`, for each of which the
  /// panel has a row of `columns`.
  func run(
    _ source: UnsafePointer<Float>, terms: Range<Int>, stride: Int = 1,
    _ target: UnsafeMutablePointer<Float>,
    panel: UnsafePointer<Float>, columns: Int, accumulating: Bool
  ) {
    for first in Swift.stride(from: terms.lowerBound, to: terms.upperBound, by: Panel.rows) {
      let count = min(Panel.rows, terms.upperBound - first)
      unsafe specgan_products(
        Panel.processor, source + first * stride, offsets, target, targets, offsets.count,
        specgan_terms(
          outer: specgan_loop(count: 1, stride: 0), middle: specgan_loop(count: 1, stride: 0),
          inner: specgan_loop(count: count, stride: stride)),
        panel + first * Panel.stride(columns), columns, accumulating || first > terms.lowerBound)
    }
  }
}
