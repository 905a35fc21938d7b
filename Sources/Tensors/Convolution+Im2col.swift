// In channels-last order, what the kernel sees at one position is a few contiguous runs of the input,
// one for each kernel row. So the im2col matrix is made by copies and undone by contiguous additions.

extension Convolution {
  /// Writes `columns` of im2col rows `rows` to `block`, densely.
  ///
  /// Row `r` is position `r mod positions` of example `r / positions`; outside the input are zeros.
  func gather(
    _ x: UnsafePointer<Float>, rows: Range<Int>, columns: Range<Int>,
    into block: UnsafeMutablePointer<Float>
  ) {
    var destination = unsafe block
    forEachRun(of: rows, columns: columns) { run, count in
      unsafe destination.update(repeating: 0, count: run.before)
      unsafe Vectors.copy(x + run.offset, run.count, to: destination + run.before)
      let end = run.before + run.count
      unsafe (destination + end).update(repeating: 0, count: count - end)
      unsafe destination += count
    }
  }

  /// Adds im2col rows `rows`, dense in `block`, back to where they came from.
  func scatter(
    _ block: UnsafePointer<Float>, rows: Range<Int>, into x: UnsafeMutablePointer<Float>
  ) {
    var source = unsafe block
    forEachRun(of: rows, columns: 0..<geometry.receptiveField) { run, count in
      unsafe Vectors.add(source + run.before, run.count, to: x + run.offset)
      unsafe source += count
    }
  }

  /// The part of an im2col run that lies inside the input.
  private struct Run {
    /// Elements of the run that come before it.
    var before: Int
    /// Where it begins in the input.
    var offset: Int
    /// Its elements.
    var count: Int
  }

  /// Calls `body(run, count)` for every run of `rows`, in order; `count` elements of the im2col matrix
  /// belong to it, inside the input or not.
  @inline(__always)
  private func forEachRun(
    of rows: Range<Int>, columns: Range<Int>, _ body: (_ run: Run, _ count: Int) -> Void
  ) {
    let height = geometry.height
    let width = geometry.width
    let lineLength = width.length * geometry.inputChannels
    let runLength = width.kernel * geometry.inputChannels
    let kernelRows = columns.lowerBound / runLength..<(columns.upperBound - 1) / runLength + 1
    for row in rows {
      let (example, position) = row.quotientAndRemainder(dividingBy: geometry.positions)
      let (down, across) = position.quotientAndRemainder(dividingBy: width.outputLength)
      let left = (across * width.stride - width.padding) * geometry.inputChannels
      for kernelRow in kernelRows {
        let lower = max(columns.lowerBound - kernelRow * runLength, 0)
        let count = min(columns.upperBound - kernelRow * runLength, runLength) - lower
        let inputRow = down * height.stride + kernelRow - height.padding
        guard inputRow >= 0 && inputRow < height.length else {
          body(Run(before: count, offset: 0, count: 0), count)
          continue
        }
        let start = left + lower
        let before = min(max(-start, 0), count)
        let inside = max(min(lineLength - start, count) - before, 0)
        let line = example * geometry.inputCount + inputRow * lineLength
        body(Run(before: before, offset: line + start + before, count: inside), count)
      }
    }
  }
}
