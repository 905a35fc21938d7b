/// A text table with a header, the first column left-aligned and the others right-aligned.
struct TextTable {
  let header: [String]
  let rows: [[String]]

  var text: String {
    // Names are in cells.
    let lines = ([header] + rows).map { $0.map(\.withoutControls) }
    let widths = header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      zip(line, widths).enumerated().map { column, cell in
        let padding = String(repeating: " ", count: cell.1 - cell.0.count)
        return column == 0 ? cell.0 + padding : padding + cell.0
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}
