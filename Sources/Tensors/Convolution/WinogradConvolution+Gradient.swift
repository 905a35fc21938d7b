internal import CKernels

// The kernel's gradient, summed up at the points. Some examples at a time are taken there by all threads,
// then every thread multiplies for some of the points.

extension WinogradConvolution {
  /// Numbers of the examples that are at the points at a time.
  private static let mostNumbers = 1 << 22
  /// Tiles that are summed over with one part of the gradient in registers.
  private static let tilesPerBlock = 128

  /// Numbers from tile to tile of what is read: not a power of two, as between points.
  private var tileStride: Int { depth + 16 }
  private var examplesPerChunk: Int {
    max(Self.mostNumbers / (tiles * points * (tileStride + geometry.outputChannels)), 1)
  }
  private func inputPointStride(_ tiles: Int) -> Int { pointStride(tiles * tileStride) }
  private func outputPointStride(_ tiles: Int) -> Int {
    pointStride(tiles * Panel.stride(geometry.outputChannels))
  }

  /// Numbers of the gradient from point to point.
  var gradientPointStride: Int { pointStride(depth * geometry.outputChannels) }

  var gradientScratchCount: Int {
    let most = examplesPerChunk * tiles
    return points * (gradientPointStride + inputPointStride(most) + outputPointStride(most))
      + paddedKernelCount
  }

  func accumulate(
    x: Tensor, y: Tensor, into gradient: Tensor, examples: Range<Int>, on engine: Engine,
    shifts: Convolution.Shifts?
  ) {
    if examples.isEmpty { return }
    let shared = engine.sharedScratch
    let sums = shared.part(offset: 0, shape: [points * gradientPointStride])
    for first in stride(from: examples.lowerBound, to: examples.upperBound, by: examplesPerChunk) {
      let chunk = first..<min(first + examplesPerChunk, examples.upperBound)
      let tiles = chunk.count * tiles
      let inputs = shared.part(offset: sums.count, shape: [points * inputPointStride(tiles)])
      let outputs = shared.part(
        offset: sums.count + inputs.count, shape: [points * outputPointStride(tiles)])
      take(x, y, chunk, shifts, into: inputs, outputs, on: engine)
      multiply(
        inputs, outputs, tiles, isFirst: first == examples.lowerBound, into: sums, on: engine)
    }
    let padded = shared.part(offset: sums.count, shape: [paddedKernelCount])
    addGradient(sums, padded: padded, into: gradient, on: engine)
  }

  /// Takes the tiles of `chunk` to the points: the inputs as `[point, tile, depth]`, the gradients towards
  /// the outputs in panels, strip by strip of their channels.
  private func take(
    _ x: Tensor, _ y: Tensor, _ chunk: Range<Int>, _ shifts: Convolution.Shifts?,
    into inputs: Tensor, _ outputs: Tensor, on engine: Engine
  ) {
    let count = chunk.count * tiles
    let channels = geometry.outputChannels
    let segments = (0..<height.tiles).map {
      Segment(example: 0, down: $0, across: 0..<width.tiles)
    }
    engine.run(over: chunk, by: 1) { examples, scratch in
      let example = examples.lowerBound
      let place = (example - chunk.lowerBound) * tiles
      let source = unsafe self.inputs.padded(
        x.start, examples: examples, shifts: shifts, scratch: scratch.start)
      unsafe takeInputs(
        source, segments, into: inputs.start + place * tileStride,
        pointGrid(tileStride, stride: inputPointStride(count)))
      for first in stride(from: 0, to: channels, by: Panel.width) {
        let strip = first..<min(first + Panel.width, channels)
        let width = Panel.stride(strip.count)
        unsafe takeOutputs(
          y.start + example * geometry.outputCount, segments, channels: strip,
          into: outputs.start + first * count + place * width,
          pointGrid(width, stride: outputPointStride(count)))
      }
    }
  }

  /// `sums[point, depth, outputChannels] += Σ inputs[point, tile, depth] ⊗ outputs[point, tile, …]`.
  private func multiply(
    _ inputs: Tensor, _ outputs: Tensor, _ tiles: Int, isFirst: Bool, into sums: Tensor,
    on engine: Engine
  ) {
    let channels = geometry.outputChannels
    let strips = (channels + Panel.width - 1) / Panel.width
    let groups = (2 * engine.taskGoal + points * strips - 1) / (points * strips)
    let rowOffsets = Array(0..<depth)
    let sumOffsets = rowOffsets.map { $0 * channels }
    engine.run(tasks: points * strips * groups) { task, _ in
      let (part, group) = task.quotientAndRemainder(dividingBy: groups)
      let (point, strip) = part.quotientAndRemainder(dividingBy: strips)
      let first = strip * Panel.width
      let columns = min(Panel.width, channels - first)
      let input = unsafe inputs.start + point * inputPointStride(tiles)
      let panel = unsafe outputs.start + point * outputPointStride(tiles) + first * tiles
      let sum = unsafe sums.start + point * gradientPointStride + first
      for range in self.channels(at: point) {
        let rows = range.piece(group, of: groups)
        if rows.isEmpty { continue }
        for tile in stride(from: 0, to: tiles, by: Self.tilesPerBlock) {
          let count = min(Self.tilesPerBlock, tiles - tile)
          unsafe rowOffsets.withUnsafeBufferPointer { offsets in
            unsafe sumOffsets.withUnsafeBufferPointer { targets in
              guard let offset = offsets.baseAddress, let target = targets.baseAddress else {
                return
              }
              unsafe specgan_products(
                Panel.processor, input + tile * tileStride, offset + rows.lowerBound, sum,
                target + rows.lowerBound, rows.count,
                specgan_terms(
                  outer: specgan_loop(count: 1, stride: 0),
                  middle: specgan_loop(count: 1, stride: 0),
                  inner: specgan_loop(count: count, stride: tileStride)),
                panel + tile * Panel.stride(columns), columns, !(isFirst && tile == 0))
            }
          }
        }
      }
    }
  }
}
