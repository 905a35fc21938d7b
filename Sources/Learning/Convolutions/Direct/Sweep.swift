internal import CSpecGANKernels
internal import SpecGANErrors

/// The product of all windows of a padded picture with one matrix.
///
/// Each window is a row: its values, line by line, times a matrix `[matrixRows, columns]`, give
/// `columns` contiguous values of the target. Windows are read in place. The matrix is packed in
/// parts that fit the cache.
struct Sweep: Sendable {
  /// The windows down the picture, with one target each.
  let height: AxisWindows
  /// The windows across the picture.
  let width: AxisWindows
  /// The number of values that a window gives, contiguous in the target.
  let columns: Int
  /// The number of values of one line of a window, contiguous in the source.
  let run: Int
  private let lineStride: Int
  private let sourceOffsets: [Int]
  private let targetOffsets: [Int]

  /// Creates the sweep over `picture`. Its target pictures have `targetWidth` positions of
  /// `targetChannels` per line and `targetSize` values. The tables are for up to `examples`
  /// pictures.
  init(
    _ height: AxisWindows, _ width: AxisWindows, over picture: PaddedPicture, channels: Int,
    targetWidth: Int, targetChannels: Int, targetSize: Int, examples: Int
  ) {
    require(height.targetCount == 1, "a window's targets are contiguous along one line")
    self.height = height
    self.width = width
    columns = width.targetCount * targetChannels
    run = width.length * channels
    lineStride = picture.lineStride
    var sources: [Int] = []
    var targets: [Int] = []
    for example in 0..<examples {
      for down in 0..<height.count {
        for across in 0..<width.count {
          let source = picture.offset(
            line: height.start + down * height.step, position: width.start + across * width.step)
          let line = height.firstTarget + down * height.targetStep
          let position = width.firstTarget + across * width.targetStep
          sources.append(example * picture.count + source)
          targets.append(example * targetSize + (line * targetWidth + position) * targetChannels)
        }
      }
    }
    sourceOffsets = sources
    targetOffsets = targets
  }

  /// The number of rows of the matrix: the values of a window.
  var matrixRows: Int { height.length * run }

  /// Computes `columns` of the targets of `examples` pictures.
  ///
  /// - Parameters:
  ///   - source: the padded pictures.
  ///   - target: the first target picture.
  ///   - examples: the number of pictures.
  ///   - columns: the columns, from a multiple of ``Panel/width`` on.
  ///   - panel: room for ``Panel/count`` values.
  ///   - pack: writes a part of the matrix to the panel, ``Panel/stride(_:)`` values per row.
  func run(
    _ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>, examples: Int,
    columns: Range<Int>, panel: UnsafeMutablePointer<Float>,
    pack: (_ rows: Range<Int>, _ columns: Range<Int>) -> Void
  ) {
    let rows = examples * height.count * width.count
    for first in stride(from: columns.lowerBound, to: columns.upperBound, by: Panel.width) {
      let strip = first..<min(first + Panel.width, columns.upperBound)
      forEachBlock { lines, part in
        let isFirst = lines.lowerBound == 0 && part.lowerBound == 0
        pack(
          lines.lowerBound * run + part.lowerBound..<(lines.upperBound - 1) * run + part.upperBound,
          strip)
        unsafe specgan_products(
          Panel.processor, source + lines.lowerBound * lineStride + part.lowerBound, sourceOffsets,
          target + first, targetOffsets, rows,
          specgan_terms(
            outer: specgan_loop(count: 1, stride: 0),
            middle: specgan_loop(count: lines.count, stride: lineStride),
            inner: specgan_loop(count: part.count, stride: 1)),
          panel, strip.count, !isFirst)
      }
    }
  }

  /// Cuts the matrix's rows into blocks that fit a panel: some complete lines of the window, or a
  /// part of one. An empty window has one empty block, so that the target becomes zero.
  private func forEachBlock(_ body: (_ lines: Range<Int>, _ part: Range<Int>) -> Void) {
    guard matrixRows > 0 else { return body(0..<1, 0..<0) }
    if run > Panel.rows {
      for line in 0..<height.length {
        for lower in stride(from: 0, to: run, by: Panel.rows) {
          body(line..<line + 1, lower..<min(lower + Panel.rows, run))
        }
      }
    } else {
      let lines = Panel.rows / run
      for lower in stride(from: 0, to: height.length, by: lines) {
        body(lower..<min(lower + lines, height.length), 0..<run)
      }
    }
  }
}

/// The packed part of a product's right operand: 256 KiB, which fit the second-level cache.
enum Panel {
  /// The most columns.
  static let width = Int(specgan_panel_columns)
  /// The most rows.
  static let rows = 1024
  /// The kind of CPU that products are computed for.
  static var processor: specgan_processor { specgan_used_processor() }
  /// The number of values of the largest panel.
  static let count = rows * width

  /// Returns the number of values from row to row of a panel with `columns` columns.
  static func stride(_ columns: Int) -> Int {
    let group = Int(specgan_column_group)
    return (columns + group - 1) / group * group
  }

  /// Returns `columns`, cut into strips of at most a panel's width.
  static func strips(of columns: Range<Int>) -> Strips { Strips(columns: columns) }

  /// Columns, cut into strips that are computed on demand.
  struct Strips: RandomAccessCollection, Sendable {
    let columns: Range<Int>
    var startIndex: Int { 0 }
    var endIndex: Int { columns.count.dividedRoundingUp(by: width) }

    subscript(index: Int) -> Range<Int> {
      let first = columns.lowerBound + index * width
      return first..<Swift.min(first + width, columns.upperBound)
    }
  }

  /// Packs `columns` of `rows` dense rows at `source`.
  static func pack(
    _ source: UnsafePointer<Float>, rowStride: Int, rows: Int, columns: Range<Int>,
    into panel: UnsafeMutablePointer<Float>
  ) {
    let stride = stride(columns.count)
    for row in 0..<rows {
      let target = unsafe panel + row * stride
      unsafe target.update(
        from: source + row * rowStride + columns.lowerBound, count: columns.count)
      unsafe (target + columns.count).update(repeating: 0, count: stride - columns.count)
    }
  }
}
