internal import SpecGANErrors

extension Picture {
  /// Returns a sheet of pictures: `rows` from the top, each from the left, on white.
  ///
  /// A column is as wide as its widest picture and a row as high as its highest; smaller pictures
  /// are in the upper left corner of their cell.
  ///
  /// - Parameters:
  ///   - rows: the pictures; rows may differ in length.
  ///   - gap: the space between neighbors, in pixels.
  /// - Returns: the sheet.
  /// - Precondition: there is at least one picture, and `gap` is not negative.
  package static func sideBySide(_ rows: [[Picture]], gap: Int = 8) -> Picture {
    require(gap >= 0, "gap (=\(gap)) must not be negative")
    let columnCount = rows.map(\.count).max() ?? 0
    let widths = (0..<columnCount).map { column in
      rows.compactMap { $0.indices.contains(column) ? $0[column].width : nil }.max() ?? 0
    }
    let heights = rows.map { row in row.map(\.height).max() ?? 0 }
    var sheet = Picture(
      width: widths.reduce(0, +) + gap * max(0, widths.count - 1),
      height: heights.reduce(0, +) + gap * max(0, heights.count - 1), color: [255, 255, 255])
    var y = 0
    for (row, height) in zip(rows, heights) {
      var x = 0
      for (picture, width) in zip(row, widths) {
        sheet.draw(picture, x: x, y: y)
        x += width + gap
      }
      y += height + gap
    }
    return sheet
  }
}
