internal import CSpecGANKernels
internal import SpecGANTensors

// The transformed kernel, `(G K)[point, depth, outputChannels]`, computed once for each pass. It is
// stored in the panels that the product reads, for the convolution or for its transpose.

extension WinogradConvolution {
  /// The stride of the packed kernel's points: its columns are in strips of a panel's width.
  var kernelPointStride: Int { pointStride(depth * Panel.stride(geometry.outputChannels)) }
  /// The same for the transposed product.
  var transposedPointStride: Int { pointStride(geometry.outputChannels * Panel.stride(depth)) }

  /// The number of values of the kernel with zeros for the taps outside it; 0 if there are no such
  /// taps.
  var paddedKernelCount: Int {
    width.kernelCovered == 0..<geometry.width.kernel
      ? 0 : width.kernelCovered.count * geometry.inputChannels * geometry.outputChannels
  }

  private var panelCount: Int { points * max(kernelPointStride, transposedPointStride) }
  var kernelScratchCount: Int { panelCount + paddedKernelCount }
  /// The number of zeros before the kernel.
  private var zerosBefore: Int {
    -width.kernelCovered.lowerBound * geometry.inputChannels * geometry.outputChannels
  }

  /// The scratch size, in values, of a transformed block of the kernel: a panel's width of rows and
  /// columns.
  var transposeCount: Int { points * pointStride(Panel.width * Panel.width) }

  /// The strides of a part's taps in the kernel; its rows, one for each input channel, are the
  /// tiles.
  private var kernelStrides: specgan_tile_strides {
    let row = geometry.outputChannels
    let position = geometry.inputChannels * row
    return specgan_tile_strides(
      line: height.stride * geometry.width.kernel * position, step: width.stride * position,
      tile: row)
  }

  /// Returns the offset of a part's first tap in the kernel.
  private func kernelOffset(_ down: WinogradAxis.Part, _ across: WinogradAxis.Part) -> Int {
    (down.firstKernel * geometry.width.kernel + across.firstKernel) * geometry.inputChannels
      * geometry.outputChannels
  }

  /// Returns the start of the kernel, with zeros around it if taps lie outside it.
  private func readableKernel(_ kernel: TensorView, on engine: Engine) -> UnsafeMutablePointer<
    Float
  > {
    if paddedKernelCount == 0 { return unsafe kernel.start }
    let padded = engine.sharedScratch.part(offset: panelCount, count: paddedKernelCount)
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

  /// The input channels of a block of the kernel.
  private static let rowsPerBlock = 16

  /// Calls `body` for blocks that together are each part of the kernel, on any thread: some of its
  /// input channels, and a strip of its output channels.
  private func forEachBlock(
    on engine: Engine, _ body: @Sendable (_ rows: Range<Int>, _ strip: Range<Int>) -> Void
  ) {
    let strips = Panel.strips(of: 0..<geometry.outputChannels)
    let blocks = partChannels.dividedRoundingUp(by: Self.rowsPerBlock)
    engine.run(tasks: blocks * strips.count) { task, _ in
      let (block, strip) = task.quotientAndRemainder(dividingBy: strips.count)
      let first = block * Self.rowsPerBlock
      body(first..<min(first + Self.rowsPerBlock, partChannels), strips[strip])
    }
  }

  /// Writes the panels of ``apply(_:to:into:examples:on:shifts:before:after:)`` to shared scratch
  /// memory.
  func takeKernel(_ kernel: TensorView, on engine: Engine) {
    let source = unsafe Numbers(start: readableKernel(kernel, on: engine))
    let panels = engine.sharedScratch
    let stride = kernelPointStride
    forEachBlock(on: engine) { rows, strip in
      let width = Panel.stride(strip.count)
      forEachPart { down, across, channel in
        unsafe specgan_transform_tiles(
          specgan_kernel_transform, down: down.filter, across: across.filter,
          from: specgan_source_tiles(
            start: source.start + kernelOffset(down, across)
              + rows.lowerBound * geometry.outputChannels + strip.lowerBound,
            strides: kernelStrides),
          to: specgan_target_tiles(
            start: panels.start + strip.lowerBound * depth + (channel + rows.lowerBound) * width,
            strides: pointStrides(width, stride: stride)),
          tiles: rows.count, channels: strip.count)
      }
    }
  }

  /// Writes the panels of the transposed product to shared scratch memory.
  func takeTransposedKernel(_ kernel: TensorView, on engine: Engine) {
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
        let strides = pointStrides(Panel.width, stride: pointStride(Panel.width * Panel.width))
        unsafe specgan_transform_tiles(
          specgan_kernel_transform, down: down.filter, across: across.filter,
          from: specgan_source_tiles(
            start: source.start + kernelOffset(down, across)
              + (own.lowerBound - channel) * geometry.outputChannels + outputs.lowerBound,
            strides: kernelStrides),
          to: specgan_target_tiles(start: scratch.start, strides: strides),
          tiles: own.count, channels: outputs.count)
        for point in 0..<points where channels(at: point).contains(where: { $0.overlaps(own) }) {
          let width = Panel.stride(self.columns(of: columns, at: point))
          unsafe specgan_transpose(
            scratch.start + point * strides.step, Panel.width, own.count, outputs.count,
            panel + point * transposedPointStride + outputs.lowerBound * width
              + own.lowerBound - columns.lowerBound, width)
        }
      }
    }
  }

  /// Returns the number of columns of a strip of the transposed product that are computed at
  /// `point`: up to the last one in use. The unused ones before it have arbitrary values and are
  /// not read.
  func columns(of strip: Range<Int>, at point: Int) -> Int {
    var upper = strip.lowerBound
    for channels in channels(at: point) where channels.overlaps(strip) {
      upper = max(upper, min(channels.upperBound, strip.upperBound))
    }
    return upper - strip.lowerBound
  }

  /// Computes `K̄ += Gᵀ g` from `gradient`, that of the transformed kernel,
  /// `[point, depth, outputChannels]`.
  ///
  /// `padded` has room for the taps outside the kernel, if there are any.
  func addGradient(
    _ gradient: TensorView, padded: TensorView, into kernel: TensorView, on engine: Engine
  ) {
    let outputs = geometry.outputChannels
    let hasTapsBeside = padded.count > 0
    engine.run(over: 0..<padded.count, by: 1 << 16) { range, _ in
      unsafe (padded.start + range.lowerBound).update(repeating: 0, count: range.count)
    }
    let target = unsafe Numbers(start: hasTapsBeside ? padded.start + zerosBefore : kernel.start)
    forEachBlock(on: engine) { rows, strip in
      let first = rows.lowerBound * outputs + strip.lowerBound
      forEachPart { down, across, channel in
        unsafe specgan_transform_tiles(
          specgan_kernel_transform_transposed, down: down.filter, across: across.filter,
          from: specgan_source_tiles(
            start: gradient.start + channel * outputs + first,
            strides: pointStrides(outputs, stride: gradientPointStride)),
          to: specgan_target_tiles(
            start: target.start + kernelOffset(down, across) + first,
            strides: kernelStrides),
          tiles: rows.count, channels: strip.count)
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
