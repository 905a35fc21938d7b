internal import CSpecGANKernels
internal import SpecGANTensors

/// The products of a convolution, computed by their definition.
///
/// There is no im2col matrix: windows are read in place from the input with a border of zeros. `x̄`
/// is computed target by target, from all outputs whose kernels cover the target, so that its
/// products are not scattered either.
struct DirectConvolution: ConvolutionProducts {
  let geometry: ConvolutionGeometry
  /// The layout of the inputs with the zeros that windows read.
  let inputs: PaddedPicture
  /// The offsets of the first window's values in an input, in the order of the kernel's rows.
  let windowOffsets: [Int]
  /// The offsets of the kernel's rows in the kernel.
  let rowOffsets: [Int]
  private let forward: Sweep
  private let outputs: PaddedPicture
  private let backward: [Sweep]
  private let taps: TapProduct?
  private let examplesPerTask: Int

  init(_ geometry: ConvolutionGeometry) {
    self.geometry = geometry
    let (height, width) = (geometry.height, geometry.width)
    let down = AxisWindows(forward: height)
    let across = AxisWindows(forward: width)
    inputs = PaddedPicture(
      lines: height.length, width: width.length, channels: geometry.inputChannels,
      coveredLines: down.covered, coveredWidth: across.covered)

    let run = width.kernel * geometry.inputChannels
    let lineStride = inputs.lineStride
    windowOffsets = (0..<height.kernel).flatMap { line in
      (0..<run).map { line * lineStride + $0 }
    }
    rowOffsets = (0..<geometry.receptiveField).map { $0 * geometry.outputChannels }

    let ups = (0..<height.stride).map {
      AxisWindows(transposed: height, targets: $0..<$0 + 1, of: height.stride)
    }
    let backs = BlockChoice(geometry).windows
    let outputs = PaddedPicture(
      lines: height.outputLength, width: width.outputLength, channels: geometry.outputChannels,
      coveredLines: ups.map(\.covered).union, coveredWidth: backs.map(\.covered).union)
    self.outputs = outputs

    let examples = Self.examplesPerTask(geometry, max(inputs.count, outputs.count))
    examplesPerTask = examples
    forward = Sweep(
      down, across, over: inputs, channels: geometry.inputChannels,
      targetWidth: width.outputLength, targetChannels: geometry.outputChannels,
      targetSize: geometry.outputCount, examples: examples)
    taps = TapProduct.suits(geometry) ? TapProduct(geometry) : nil
    backward =
      taps != nil
      ? []
      : ups.flatMap { up in
        backs.map { back in
          Sweep(
            up, back, over: outputs, channels: geometry.outputChannels, targetWidth: width.length,
            targetChannels: geometry.inputChannels, targetSize: geometry.inputCount,
            examples: examples)
        }
      }
  }

  /// The number of windows for which packing the kernel is worth its time.
  private static let rowsPerTask = 512
  /// The fewest examples of a task, unless an example has many windows: each task packs the kernel.
  private static let leastExamples = 4

  private static func examplesPerTask(_ geometry: ConvolutionGeometry, _ padded: Int) -> Int {
    max(min(rowsPerTask / geometry.positions, Convolution.mostPadded / padded), 1)
  }

  /// The number of elements of scratch memory that every thread needs for any of the products.
  var scratchCount: Int {
    let padded = max(inputs.count, outputs.count) * examplesPerTask
    return Panel.count
      + max(padded, inputs.count * examplesPerGradientBlock, taps?.scratchCount ?? 0)
  }

  func apply(
    _ kernel: TensorView, to x: TensorView, into y: TensorView, examples: Range<Int>,
    on engine: Engine,
    shifts: Convolution.Shifts?, before: Convolution.Work?, after: Convolution.ScratchWork?
  ) {
    share(examples, columns: geometry.outputChannels, engine, before: before, after: after) {
      examples, columns, scratch in
      let source = unsafe inputs.padded(
        x.start, examples: examples, shifts: shifts, scratch: scratch.start + Panel.count)
      unsafe forward.run(
        source, into: y.start + examples.lowerBound * geometry.outputCount,
        examples: examples.count, columns: columns, panel: scratch.start
      ) { rows, columns in
        unsafe Panel.pack(
          kernel.start + rows.lowerBound * geometry.outputChannels,
          rowStride: geometry.outputChannels, rows: rows.count, columns: columns,
          into: scratch.start)
      }
    }
  }

  func applyTransposed(
    _ kernel: TensorView, to y: TensorView, into x: TensorView, examples: Range<Int>,
    on engine: Engine,
    before: Convolution.Work?, after: Convolution.ScratchWork?
  ) {
    if let taps {
      return engine.run(over: examples, by: 1) { examples, scratch in
        let example = examples.lowerBound
        before?(examples)
        unsafe taps.run(
          kernel.start, y.start + example * geometry.outputCount,
          into: x.start + example * geometry.inputCount, panel: scratch.start,
          scratch: scratch.start + Panel.count)
        after?(examples, scratch)
      }
    }
    let columns = backward.lazy.map(\.columns).max() ?? 0
    share(examples, columns: columns, engine, before: before, after: after) {
      examples, columns, scratch in
      let source = unsafe outputs.padded(
        y.start, examples: examples, shifts: nil, scratch: scratch.start + Panel.count)
      for sweep in backward {
        unsafe sweep.run(
          source, into: x.start + examples.lowerBound * geometry.inputCount,
          examples: examples.count, columns: columns.clamped(to: 0..<sweep.columns),
          panel: scratch.start
        ) { rows, columns in
          unsafe packTransposed(kernel.start, for: sweep, rows, columns, into: scratch.start)
        }
      }
    }
  }

  /// Distributes `examples` over the threads, and `columns` as well if there are too few examples
  /// for all threads.
  private func share(
    _ examples: Range<Int>, columns: Int, _ engine: Engine, before: Convolution.Work?,
    after: Convolution.ScratchWork?,
    _ body: @Sendable (_ examples: Range<Int>, _ columns: Range<Int>, _ scratch: Tensor) -> Void
  ) {
    let strips = (columns + Panel.width - 1) / Panel.width
    // If there are too few columns, as in the critic's last layer, a task has fewer examples.
    let wanted = (examples.count * strips).dividedRoundingUp(by: engine.taskGoal)
    let size = min(max(wanted, Self.leastExamples), examplesPerTask)
    let chunks = examples.count.dividedRoundingUp(by: size)
    let groups = min(max(engine.taskGoal / max(chunks, 1), 1), strips)
    if groups == 1 {
      engine.run(over: examples, by: size) { examples, scratch in
        before?(examples)
        body(examples, 0..<columns, scratch)
        after?(examples, scratch)
      }
      return
    }
    if let before { engine.run(over: examples, by: 1) { examples, _ in before(examples) } }
    engine.run(tasks: chunks * groups) { task, scratch in
      let (chunk, group) = task.quotientAndRemainder(dividingBy: groups)
      let first = examples.lowerBound + chunk * size
      let strip = (0..<strips).piece(group, of: groups)
      body(
        first..<min(first + size, examples.upperBound),
        strip.lowerBound * Panel.width..<min(strip.upperBound * Panel.width, columns), scratch)
    }
    if let after { engine.run(over: examples, by: 1, after) }
  }

  /// Packs `rows` and `columns` of the matrix by which `sweep` of the transposed product
  /// multiplies.
  ///
  /// The matrix has rows `[line of the window, position, output channel]` and columns
  /// `[target, input channel]`.
  private func packTransposed(
    _ kernel: UnsafePointer<Float>, for sweep: Sweep, _ rows: Range<Int>, _ columns: Range<Int>,
    into panel: UnsafeMutablePointer<Float>
  ) {
    let (inputs, outputs) = (geometry.inputChannels, geometry.outputChannels)
    let stride = Panel.stride(columns.count)
    if stride > columns.count {
      unsafe panel.update(repeating: 0, count: rows.count * stride)
    }
    forEachPiece(of: rows, by: outputs) { position, outputRange in
      let (line, across) = position.quotientAndRemainder(dividingBy: sweep.width.length)
      let tapDown = sweep.height.tap(target: 0, position: line)
      let row = position * outputs + outputRange.lowerBound - rows.lowerBound
      forEachPiece(of: columns, by: inputs) { target, inputRange in
        let tapAcross = sweep.width.tap(target: target, position: across)
        let column = target * inputs + inputRange.lowerBound - columns.lowerBound
        let place = unsafe panel + row * stride + column
        if 0..<geometry.width.kernel ~= tapAcross && 0..<geometry.height.kernel ~= tapDown {
          let tap = tapDown * geometry.width.kernel + tapAcross
          unsafe specgan_transpose(
            kernel + (tap * inputs + inputRange.lowerBound) * outputs + outputRange.lowerBound,
            outputs, inputRange.count, outputRange.count, place, stride)
        } else {
          for row in 0..<outputRange.count {
            unsafe (place + row * stride).update(repeating: 0, count: inputRange.count)
          }
        }
      }
    }
  }
}

/// Cuts `range` at multiples of `size`, and calls `body` for each piece with the index of its
/// multiple and its part of `0 ..< size`.
private func forEachPiece(
  of range: Range<Int>, by size: Int, _ body: (_ index: Int, _ part: Range<Int>) -> Void
) {
  var lower = range.lowerBound
  while lower < range.upperBound {
    let index = lower / size
    let upper = min((index + 1) * size, range.upperBound)
    body(index, lower - index * size..<upper - index * size)
    lower = upper
  }
}

extension [Range<Int>] {
  /// The smallest range that contains them all.
  fileprivate var union: Range<Int> {
    (map(\.lowerBound).min() ?? 0)..<(map(\.upperBound).max() ?? 0)
  }
}
