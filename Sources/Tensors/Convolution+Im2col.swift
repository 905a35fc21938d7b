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
    forEachRun(of: rows, columns: columns) { line, start, count in
      guard let line else {
        unsafe destination.update(repeating: 0, count: count)
        unsafe destination += count
        return
      }
      let inside = clipped(start, count)
      unsafe destination.update(repeating: 0, count: inside.lowerBound)
      unsafe copy(
        x + line + start + inside.lowerBound, inside.count, to: destination + inside.lowerBound)
      unsafe (destination + inside.upperBound).update(
        repeating: 0, count: count - inside.upperBound)
      unsafe destination += count
    }
  }

  /// Adds im2col rows `rows`, dense in `block`, back to where they came from.
  func scatter(
    _ block: UnsafePointer<Float>, rows: Range<Int>, into x: UnsafeMutablePointer<Float>
  ) {
    var source = unsafe block
    forEachRun(of: rows, columns: 0..<geometry.receptiveField) { line, start, count in
      if let line {
        let inside = clipped(start, count)
        unsafe add(
          source + inside.lowerBound, inside.count, to: x + line + start + inside.lowerBound)
      }
      unsafe source += count
    }
  }

  /// Calls `body(line, start, count)` for every run of `rows`, in order.
  ///
  /// `line` is the offset of the input line, nil above and below the picture; `start` is the run's
  /// offset in that line, which may be negative or reach past its end.
  @inline(__always)
  private func forEachRun(
    of rows: Range<Int>, columns: Range<Int>,
    _ body: (_ line: Int?, _ start: Int, _ count: Int) -> Void
  ) {
    let height = geometry.height
    let width = geometry.width
    let runLength = width.kernel * geometry.inputChannels
    let step = width.stride * geometry.inputChannels
    let firstStart = -width.padding * geometry.inputChannels
    let kernelRows = columns.lowerBound / runLength...(columns.upperBound - 1) / runLength
    for row in rows {
      let (example, position) = row.quotientAndRemainder(dividingBy: geometry.positions)
      let (down, across) = position.quotientAndRemainder(dividingBy: width.outputLength)
      for kernelRow in kernelRows {
        let lower = max(columns.lowerBound - kernelRow * runLength, 0)
        let upper = min(columns.upperBound - kernelRow * runLength, runLength)
        let inputRow = down * height.stride + kernelRow - height.padding
        let isInside = inputRow >= 0 && inputRow < height.length
        let line = example * geometry.inputCount + inputRow * lineLength
        body(isInside ? line : nil, firstStart + across * step + lower, upper - lower)
      }
    }
  }

  /// Elements of one line of the input.
  private var lineLength: Int { geometry.width.length * geometry.inputChannels }

  /// The part of a run that lies inside its line, as offsets in the run.
  private func clipped(_ start: Int, _ count: Int) -> Range<Int> {
    let lower = min(max(-start, 0), count)
    return lower..<max(min(lineLength - start, count), lower)
  }

  /// A copy that spares short runs the call.
  @inline(__always)
  private func copy(
    _ source: UnsafePointer<Float>, _ count: Int, to target: UnsafeMutablePointer<Float>
  ) {
    if count < 16 {
      for index in 0..<count { unsafe target[index] = source[index] }
    } else {
      unsafe target.update(from: source, count: count)
    }
  }

  @inline(__always)
  private func add(
    _ source: UnsafePointer<Float>, _ count: Int, to target: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<count { unsafe target[index] += source[index] }
  }
}
