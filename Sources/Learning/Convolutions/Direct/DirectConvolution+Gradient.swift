internal import CSpecGANKernels
internal import SpecGANTensors

// The kernel's gradient. The batch is cut into pieces, whose number depends on the geometry alone
// and whose partial sums are added in order. For more threads, the kernel's columns and rows may be
// cut further, which does not change the order of any sum.

extension DirectConvolution {
  /// The most values of all partial sums together.
  private static let mostPartials = 1 << 19
  private static let mostPieces = 8
  /// The number of output positions that are summed while one part of the gradient is in registers.
  private static let positionsPerBlock = 128
  /// The fewest rows of a task, because each task pads the inputs and packs the outputs.
  private static let leastRows = 6

  private var pieces: Int {
    max(min(Self.mostPartials / geometry.kernelCount, Self.mostPieces), 1)
  }

  var sharedScratchCount: Int { pieces == 1 ? 0 : pieces * geometry.kernelCount }

  /// The number of examples that are summed at a time.
  var examplesPerGradientBlock: Int {
    max(min(Self.positionsPerBlock / geometry.positions, Convolution.mostPadded / inputs.count), 1)
  }

  func accumulate(
    x: TensorView, y: TensorView, into gradient: TensorView, examples: Range<Int>,
    on engine: Engine,
    shifts: Convolution.Shifts?
  ) {
    let pieces = pieces
    let shared = engine.sharedScratch
    @Sendable func partial(_ piece: Int) -> TensorView {
      pieces == 1
        ? gradient
        : shared.part(offset: piece * geometry.kernelCount, count: geometry.kernelCount)
    }
    let strips = (geometry.outputChannels + Panel.width - 1) / Panel.width
    let stripGroups = min(max(engine.taskGoal / pieces, 1), strips)
    let rowGroups = min(
      max(engine.taskGoal / (pieces * stripGroups), 1),
      max(geometry.receptiveField / Self.leastRows, 1))
    engine.run(tasks: pieces * stripGroups * rowGroups) { task, scratch in
      let (piece, part) = task.quotientAndRemainder(dividingBy: stripGroups * rowGroups)
      let (stripGroup, rowGroup) = part.quotientAndRemainder(dividingBy: rowGroups)
      for strip in (0..<strips).piece(stripGroup, of: stripGroups) {
        let columns = strip * Panel.width..<min((strip + 1) * Panel.width, geometry.outputChannels)
        accumulate(
          x, y, into: partial(piece),
          rows: (0..<geometry.receptiveField).piece(rowGroup, of: rowGroups),
          columns: columns, overwriting: pieces > 1,
          examples: examples.piece(piece, of: pieces), shifts, scratch: scratch)
      }
    }
    if pieces == 1 { return }
    engine.run(over: 0..<geometry.kernelCount, by: 1 << 13) { range, _ in
      for piece in 0..<pieces where !examples.piece(piece, of: pieces).isEmpty {
        unsafe specgan_add(
          partial(piece).start + range.lowerBound, range.count,
          gradient.start + range.lowerBound)
      }
    }
  }

  /// Computes a part of the gradient, on the calling thread.
  private func accumulate(
    _ x: TensorView, _ y: TensorView, into gradient: TensorView, rows: Range<Int>,
    columns: Range<Int>,
    overwriting: Bool, examples: Range<Int>, _ shifts: Convolution.Shifts?, scratch: Tensor
  ) {
    if rows.isEmpty { return }
    let (lines, width) = (geometry.height.outputLength, geometry.width.outputLength)
    let linesPerBlock = max(Self.positionsPerBlock / width, 1)
    let widthPerBlock = min(Self.positionsPerBlock, width)
    var isFirst = overwriting
    for first in stride(
      from: examples.lowerBound, to: examples.upperBound, by: examplesPerGradientBlock)
    {
      let count = min(examplesPerGradientBlock, examples.upperBound - first)
      let source = unsafe inputs.padded(
        x.start, examples: first..<first + count, shifts: shifts,
        scratch: scratch.start + Panel.count)
      for line in stride(from: 0, to: lines, by: linesPerBlock) {
        for across in stride(from: 0, to: width, by: widthPerBlock) {
          let block = GradientBlock(
            first: first, count: count, lines: line..<min(line + linesPerBlock, lines),
            width: across..<min(across + widthPerBlock, width))
          unsafe pack(y, block, columns, into: scratch.start)
          unsafe multiply(
            source, block, panel: scratch.start, into: gradient, rows, columns, overwriting: isFirst
          )
          isFirst = false
        }
      }
    }
  }

  /// The outputs of some examples that are summed together.
  private struct GradientBlock {
    let first: Int
    let count: Int
    let lines: Range<Int>
    let width: Range<Int>
  }

  private func pack(
    _ y: TensorView, _ block: GradientBlock, _ columns: Range<Int>,
    into panel: UnsafeMutablePointer<Float>
  ) {
    let channels = geometry.outputChannels
    var target = unsafe panel
    for example in block.first..<block.first + block.count {
      for line in block.lines {
        let position = line * geometry.width.outputLength + block.width.lowerBound
        unsafe Panel.pack(
          y.start + example * geometry.outputCount + position * channels, rowStride: channels,
          rows: block.width.count, columns: columns, into: target)
        unsafe target += block.width.count * Panel.stride(columns.count)
      }
    }
  }

  private func multiply(
    _ source: UnsafePointer<Float>, _ block: GradientBlock, panel: UnsafePointer<Float>,
    into gradient: TensorView, _ rows: Range<Int>, _ columns: Range<Int>, overwriting: Bool
  ) {
    let lineStep = geometry.height.stride * inputs.lineStride
    let step = geometry.width.stride * geometry.inputChannels
    unsafe windowOffsets.withUnsafeBufferPointer { windows in
      unsafe rowOffsets.withUnsafeBufferPointer { places in
        guard let windows = windows.baseAddress, let places = places.baseAddress else { return }
        unsafe specgan_products(
          Panel.processor,
          source + block.lines.lowerBound * lineStep + block.width.lowerBound * step,
          windows + rows.lowerBound, gradient.start + columns.lowerBound, places + rows.lowerBound,
          rows.count,
          specgan_terms(
            outer: specgan_loop(count: block.count, stride: inputs.count),
            middle: specgan_loop(count: block.lines.count, stride: lineStep),
            inner: specgan_loop(count: block.width.count, stride: step)),
          panel, columns.count, !overwriting)
      }
    }
  }
}

extension Range<Int> {
  /// Returns the piece `index` of `count` pieces of this range, whose lengths differ by at most 1.
  package func piece(_ index: Int, of count: Int) -> Range<Int> {
    lowerBound + self.count * index / count..<lowerBound + self.count * (index + 1) / count
  }
}
