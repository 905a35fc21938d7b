internal import CSpecGANKernels
internal import SpecGANTensors

// The kernel at the points, `(G K)[point, depth, outputChannels]`, once for each pass: in panels as the
// product reads them, for the convolution and for its transpose.

extension WinogradConvolution {
  /// Numbers of the kernel at one point, packed: columns in strips of a panel's width.
  var kernelPointStride: Int { pointStride(depth * Panel.stride(geometry.outputChannels)) }
  /// The same for the transposed product.
  var transposedPointStride: Int { pointStride(geometry.outputChannels * Panel.stride(depth)) }

  /// Numbers of the kernel with the zeros that taps beside it read; none where there are no such taps.
  var paddedKernelCount: Int {
    width.kernelCovered == 0..<geometry.width.kernel
      ? 0 : width.kernelCovered.count * geometry.inputChannels * geometry.outputChannels
  }

  private var panelCount: Int { points * max(kernelPointStride, transposedPointStride) }
  var kernelScratchCount: Int { panelCount + paddedKernelCount }
  /// Zeros before the kernel.
  private var zerosBefore: Int {
    -width.kernelCovered.lowerBound * geometry.inputChannels * geometry.outputChannels
  }

  /// Scratch numbers of a block of the kernel, a panel's width of rows and columns, at all points.
  var transposeCount: Int { points * pointStride(Panel.width * Panel.width) }

  /// Numbers between the kernel's taps, and between its rows.
  private var kernelGrid: specgan_grid {
    let row = geometry.outputChannels
    let position = geometry.inputChannels * row
    return specgan_grid(
      line: height.stride * geometry.width.kernel * position, step: width.stride * position,
      tile: row)
  }

  /// The first tap of a part, counted from the kernel's first number.
  private func kernelOffset(_ down: WinogradAxis.Part, _ across: WinogradAxis.Part) -> Int {
    (down.firstKernel * geometry.width.kernel + across.firstKernel) * geometry.inputChannels
      * geometry.outputChannels
  }

  /// The kernel's first number, after zeros where taps reach beside it.
  private func readableKernel(_ kernel: Tensor, on engine: Engine) -> UnsafeMutablePointer<Float> {
    if paddedKernelCount == 0 { return unsafe kernel.start }
    let padded = engine.sharedScratch.part(offset: panelCount, shape: [paddedKernelCount])
    let first = unsafe padded.start + zerosBefore
    unsafe padded.start.update(repeating: 0, count: zerosBefore)
    unsafe (first + kernel.count).update(
      repeating: 0, count: paddedKernelCount - zerosBefore - kernel.count)
    engine.run(over: 0..<kernel.count, by: 1 << 16) { range, _ in
      let offset = range.lowerBound
      unsafe (padded.start + zerosBefore + offset).update(
        from: kernel.start + offset, count: range.count)
    }
    return unsafe first
  }

  /// Writes the panels of ``apply(_:to:into:examples:on:shifts:before:after:)`` to shared scratch memory.
  func takeKernel(_ kernel: Tensor, on engine: Engine) {
    let source = unsafe Numbers(start: readableKernel(kernel, on: engine))
    let panels = engine.sharedScratch
    let stride = kernelPointStride
    engine.run(over: 0..<partChannels, by: 16) { rows, _ in
      forEachPart { down, across, channel in
        for strip in Panel.strips(of: 0..<geometry.outputChannels) {
          let width = Panel.stride(strip.count)
          unsafe specgan_transform(
            specgan_stage_kernel, down.filter, across.filter,
            source.start + kernelOffset(down, across) + rows.lowerBound * geometry.outputChannels
              + strip.lowerBound,
            kernelGrid,
            panels.start + strip.lowerBound * depth + (channel + rows.lowerBound) * width,
            pointGrid(width, stride: stride), rows.count, strip.count)
        }
      }
    }
  }

  /// Writes the panels of the transposed product to shared scratch memory.
  func takeTransposedKernel(_ kernel: Tensor, on engine: Engine) {
    let source = unsafe Numbers(start: readableKernel(kernel, on: engine))
    let panels = engine.sharedScratch
    let blocks = Panel.strips(of: 0..<geometry.outputChannels)
    let strips = Panel.strips(of: 0..<depth)
    engine.run(tasks: strips.count * blocks.count) { task, scratch in
      let (strip, block) = task.quotientAndRemainder(dividingBy: blocks.count)
      let (columns, outputs) = (strips[strip], blocks[block])
      let panel = unsafe panels.start + columns.lowerBound * geometry.outputChannels
      forEachPart { down, across, channel in
        let own = columns.clamped(to: channel..<channel + partChannels)
        if own.isEmpty { return }
        let grid = pointGrid(Panel.width, stride: pointStride(Panel.width * Panel.width))
        unsafe specgan_transform(
          specgan_stage_kernel, down.filter, across.filter,
          source.start + kernelOffset(down, across)
            + (own.lowerBound - channel) * geometry.outputChannels + outputs.lowerBound,
          kernelGrid, scratch.start, grid, own.count, outputs.count)
        for point in 0..<points where channels(at: point).contains(where: { $0.overlaps(own) }) {
          let width = Panel.stride(self.columns(of: columns, at: point))
          unsafe specgan_transpose(
            scratch.start + point * grid.step, Panel.width, own.count, outputs.count,
            panel + point * transposedPointStride + outputs.lowerBound * width
              + own.lowerBound - columns.lowerBound, width)
        }
      }
    }
  }

  /// How many columns of a strip of the transposed product are computed at `point`: up to the last one
  /// there is a product for. Those between that have none hold anything, and are not read.
  func columns(of strip: Range<Int>, at point: Int) -> Int {
    let upper = channels(at: point).map { strip.clamped(to: $0) }.filter { !$0.isEmpty }
      .map(\.upperBound).max()
    return upper.map { $0 - strip.lowerBound } ?? 0
  }

  /// `K̄ += Gᵀ g`, where `gradient` `[point, depth, outputChannels]` is that of the kernel at the points.
  ///
  /// `padded` has room for the taps beside the kernel, where there are such.
  func addGradient(
    _ gradient: Tensor, padded: Tensor, into kernel: Tensor, on engine: Engine
  ) {
    let outputs = geometry.outputChannels
    let hasTapsBeside = padded.count > 0
    engine.run(over: 0..<padded.count, by: 1 << 16) { range, _ in
      unsafe (padded.start + range.lowerBound).update(repeating: 0, count: range.count)
    }
    let target = unsafe Numbers(start: hasTapsBeside ? padded.start + zerosBefore : kernel.start)
    engine.run(over: 0..<partChannels, by: 16) { rows, scratch in
      forEachPart { down, across, channel in
        unsafe specgan_transform(
          specgan_stage_kernel_transposed, down.filter, across.filter,
          gradient.start + (channel + rows.lowerBound) * outputs,
          pointGrid(outputs, stride: gradientPointStride),
          target.start + kernelOffset(down, across) + rows.lowerBound * outputs, kernelGrid,
          rows.count, outputs)
      }
    }
    if !hasTapsBeside { return }
    engine.run(over: 0..<kernel.count, by: 1 << 16) { range, _ in
      let first = range.lowerBound
      unsafe specgan_add(target.start + first, range.count, kernel.start + first)
    }
  }
}

/// Memory that tasks share: they read it, or write disjoint parts.
@safe struct Numbers: @unchecked Sendable {  // no task writes what another one touches
  let start: UnsafeMutablePointer<Float>
}
