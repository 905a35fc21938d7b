internal import CSpecGANKernels
internal import SpecGANTensors

extension WinogradConvolution {
  func applyTransposed(
    _ kernel: Tensor, to y: Tensor, into x: Tensor, examples: Range<Int>, on engine: Engine,
    before: Convolution.Work?, after: Convolution.Work?
  ) {
    takeTransposedKernel(kernel, on: engine)
    let panels = engine.sharedScratch
    share(examples, engine) { examples, scratch in
      before?(examples)
      let padded = unsafe scratch.start
      unsafe padded.update(repeating: 0, count: examples.count * inputs.count)
      let places = unsafe padded + mostExamples * inputs.count
      forEachGroup(examples.count) { segments, tiles in
        let stride = pointStride(tiles * geometry.outputChannels)
        unsafe takeOutputs(
          y.start + examples.lowerBound * geometry.outputCount, segments,
          channels: 0..<geometry.outputChannels,
          into: places, pointGrid(geometry.outputChannels, stride: stride))
        unsafe multiplyTransposed(
          places, panels.start, tiles, segments, scratch: places + points * stride, into: padded)
      }
      unsafe inputs.copyInside(
        of: padded, count: examples.count, to: x.start + examples.lowerBound * geometry.inputCount)
      after?(examples)
    }
  }

  /// The gradients towards the outputs of tiles, taken to the points.
  func takeOutputs(
    _ y: UnsafePointer<Float>, _ segments: [Segment], channels: Range<Int>,
    into target: UnsafeMutablePointer<Float>, _ grid: specgan_grid
  ) {
    for segment in segments {
      unsafe specgan_transform(
        specgan_stage_collect_transposed, height.parts[0].filter, width.parts[0].filter,
        y + outputOffset(segment) + channels.lowerBound, outputGrid,
        target + segment.first * grid.tile,
        grid, segment.across.count, channels.count)
    }
  }

  private func multiplyTransposed(
    _ source: UnsafePointer<Float>, _ panels: UnsafePointer<Float>, _ tiles: Int,
    _ segments: [Segment], scratch: UnsafeMutablePointer<Float>,
    into padded: UnsafeMutablePointer<Float>
  ) {
    let outputs = geometry.outputChannels
    let sourceStride = pointStride(tiles * outputs)
    for strip in Panel.strips(of: 0..<depth) {
      let sumStride = pointStride(tiles * strip.count)
      let product = RowProduct(rows: tiles, rowStride: outputs, targetStride: strip.count)
      for point in 0..<points {
        let columns = columns(of: strip, at: point)
        if columns == 0 { continue }
        unsafe product.run(
          source + point * sourceStride, terms: 0..<outputs, scratch + point * sumStride,
          panel: panels + point * transposedPointStride + strip.lowerBound * outputs,
          columns: columns,
          accumulating: false)
      }
      unsafe scatter(
        scratch, pointGrid(strip.count, stride: sumStride), segments, strip, into: padded)
    }
  }

  /// Adds the inputs of tiles, `channels` of whose sums lie at the points, to padded pictures.
  private func scatter(
    _ sums: UnsafePointer<Float>, _ grid: specgan_grid, _ segments: [Segment],
    _ channels: Range<Int>, into padded: UnsafeMutablePointer<Float>
  ) {
    forEachPart { down, across, channel in
      let own = channels.clamped(to: channel..<channel + partChannels)
      if own.isEmpty { return }
      for segment in segments {
        unsafe specgan_transform(
          specgan_stage_source_transposed, down.filter, across.filter,
          sums + segment.first * grid.tile + own.lowerBound - channels.lowerBound, grid,
          padded + inputOffset(segment, down, across) + own.lowerBound - channel, inputGrid,
          segment.across.count, own.count)
      }
    }
  }
}
