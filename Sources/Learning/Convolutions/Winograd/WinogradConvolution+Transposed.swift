internal import CSpecGANKernels
internal import SpecGANTensors

extension WinogradConvolution {
  func applyTransposed(
    _ kernel: TensorView, to y: TensorView, into x: TensorView, examples: Range<Int>,
    on engine: Engine,
    before: Convolution.Work?, after: Convolution.ScratchWork?
  ) {
    takeTransposedKernel(kernel, on: engine)
    let panels = engine.sharedScratch
    share(examples, strips: channelStrips, engine, before: before, after: after) {
      examples, strips, scratch in
      let padded = unsafe scratch.start
      unsafe padded.update(repeating: 0, count: examples.count * inputs.count)
      let places = unsafe padded + mostExamples * inputs.count
      forEachGroup(examples.count) { segments, tiles in
        let stride = pointStride(tiles * geometry.outputChannels)
        unsafe takeOutputs(
          y.start + examples.lowerBound * geometry.outputCount, segments,
          channels: 0..<geometry.outputChannels,
          into: places, pointStrides(geometry.outputChannels, stride: stride))
        unsafe multiplyTransposed(
          places, panels.start, tiles, segments, strips, scratch: places + points * stride,
          into: padded)
      }
      let channels =
        strips.count == channelStrips
        ? 0..<partChannels
        : strips.lowerBound * Panel.width..<strips.upperBound * Panel.width
      unsafe inputs.copyInside(
        of: padded, count: examples.count, channels, of: partChannels,
        to: x.start + examples.lowerBound * geometry.inputCount)
    }
  }

  /// The number of strips of a part's channels that threads may divide; 1 if a strip of the product
  /// has channels of two parts, or the inputs are not all of a part's channels.
  private var channelStrips: Int {
    partChannels.isMultiple(of: Panel.width) && geometry.width.length.isMultiple(of: width.fused)
      ? partChannels / Panel.width : 1
  }

  /// Writes the transposed output transform of the gradients with respect to the outputs of tiles.
  func takeOutputs(
    _ y: UnsafePointer<Float>, _ segments: Segments, channels: Range<Int>,
    into target: UnsafeMutablePointer<Float>, _ strides: specgan_tile_strides
  ) {
    for segment in segments {
      unsafe specgan_transform_tiles(
        specgan_output_transform_transposed, down: height.parts[0].filter,
        across: width.parts[0].filter,
        from: specgan_source_tiles(
          start: y + outputOffset(segment) + channels.lowerBound, strides: outputStrides),
        to: specgan_target_tiles(start: target + segment.first * strides.tile, strides: strides),
        tiles: segment.across.count, channels: channels.count)
    }
  }

  private func multiplyTransposed(
    _ source: UnsafePointer<Float>, _ panels: UnsafePointer<Float>, _ tiles: Int,
    _ segments: Segments, _ strips: Range<Int>, scratch: UnsafeMutablePointer<Float>,
    into padded: UnsafeMutablePointer<Float>
  ) {
    let outputs = geometry.outputChannels
    let sourceStride = pointStride(tiles * outputs)
    let all = Panel.strips(of: 0..<depth)
    let isWhole = strips.count == channelStrips
    for (index, product) in transposedProducts.enumerated()
    where isWhole || strips.contains(index % channelStrips) {
      let strip = all[index]
      let sumStride = pointStride(tiles * strip.count)
      for point in 0..<points {
        let columns = columns(of: strip, at: point)
        if columns == 0 { continue }
        unsafe product.run(
          source: source + point * sourceStride, terms: 0..<outputs, rows: tiles,
          panel: panels + point * transposedPointStride + strip.lowerBound * outputs,
          columns: columns, into: scratch + point * sumStride, accumulating: false)
      }
      unsafe scatter(
        scratch, pointStrides(strip.count, stride: sumStride), segments, strip, into: padded)
    }
  }

  /// Adds the gradients with respect to the inputs of tiles to padded pictures, from `channels` of
  /// the sums at the points.
  private func scatter(
    _ sums: UnsafePointer<Float>, _ strides: specgan_tile_strides, _ segments: Segments,
    _ channels: Range<Int>, into padded: UnsafeMutablePointer<Float>
  ) {
    forEachPart { down, across, channel in
      let own = channels.clamped(to: channel..<channel + partChannels)
      if own.isEmpty { return }
      for segment in segments {
        unsafe specgan_transform_tiles(
          specgan_input_transform_transposed, down: down.filter, across: across.filter,
          from: specgan_source_tiles(
            start: sums + segment.first * strides.tile + own.lowerBound - channels.lowerBound,
            strides: strides),
          to: specgan_target_tiles(
            start: padded + inputOffset(segment, down, across) + own.lowerBound - channel,
            strides: inputStrides),
          tiles: segment.across.count, channels: own.count)
      }
    }
  }
}
