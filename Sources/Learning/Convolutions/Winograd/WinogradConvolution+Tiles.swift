internal import CSpecGANKernels

// Where tiles lie: in pictures, and at the points.

extension WinogradConvolution {
  /// Some tiles in a row across the picture.
  struct Segment {
    /// Index of the first among the tiles that are at the points together.
    let first: Int
    /// Index among the examples of a task.
    let example: Int
    let down: Int
    let across: Range<Int>
  }

  /// The tiles of `examples`, in groups of at most ``mostTiles``.
  ///
  /// A line of tiles is cut at multiples of ``mostTiles`` and two pieces of it never share a group: so where
  /// tiles overlap, the transposed product adds them up in an order that does not depend on `examples`.
  func forEachGroup(_ examples: Int, _ body: (_ segments: [Segment], _ tiles: Int) -> Void) {
    var segments: [Segment] = []
    var count = 0
    for example in 0..<examples {
      for down in 0..<height.tiles {
        for first in stride(from: 0, to: width.tiles, by: mostTiles) {
          let across = first..<min(first + mostTiles, width.tiles)
          if count + across.count > mostTiles {
            body(segments, count)
            (segments, count) = ([], 0)
          }
          segments.append(Segment(first: count, example: example, down: down, across: across))
          count += across.count
        }
      }
    }
    if count > 0 { body(segments, count) }
  }

  /// Calls `body` with every part down and across and the place of its channels in ``depth``.
  func forEachPart(
    _ body: (_ down: WinogradAxis.Part, _ across: WinogradAxis.Part, _ channel: Int) -> Void
  ) {
    for (line, down) in height.parts.enumerated() {
      for (step, across) in width.parts.enumerated() {
        body(down, across, (line * width.parts.count + step) * partChannels)
      }
    }
  }

  /// The channels, among ``depth``, that have products at `point`.
  func channels(at point: Int) -> [Range<Int>] {
    let (line, step) = point.quotientAndRemainder(dividingBy: width.points)
    let count = width.partCount(at: step)
    let lineChannels = width.parts.count * partChannels
    if count == width.parts.count { return [0..<height.partCount(at: line) * lineChannels] }
    return (0..<height.partCount(at: line)).map {
      $0 * lineChannels..<$0 * lineChannels + count * partChannels
    }
  }

  /// Where the inputs of a part lie in padded pictures.
  var inputGrid: specgan_grid {
    specgan_grid(
      line: height.stride * inputs.lineStride, step: width.stride * geometry.inputChannels,
      tile: width.tileStep * geometry.inputChannels)
  }

  /// The first input of a part in the first of a segment's tiles.
  func inputOffset(
    _ segment: Segment, _ down: WinogradAxis.Part, _ across: WinogradAxis.Part
  ) -> Int {
    segment.example * inputs.count
      + inputs.offset(
        line: segment.down * height.tileStep + down.firstInput,
        position: segment.across.lowerBound * width.tileStep + across.firstInput)
  }

  /// Where the outputs of a tile lie.
  var outputGrid: specgan_grid {
    specgan_grid(
      line: geometry.width.outputLength * geometry.outputChannels, step: geometry.outputChannels,
      tile: width.places * geometry.outputChannels)
  }

  /// The first output of a segment, counted from the first example's.
  func outputOffset(_ segment: Segment) -> Int {
    let position =
      segment.down * height.places * geometry.width.outputLength
      + segment.across.lowerBound * width.places
    return segment.example * geometry.outputCount + position * geometry.outputChannels
  }

  /// Where the numbers of tiles lie at the points, `numbers` for each tile.
  func pointGrid(_ numbers: Int, stride: Int) -> specgan_grid {
    specgan_grid(line: width.points * stride, step: stride, tile: numbers)
  }

  /// The tiles of padded pictures at `source`, taken to the points: `[point, tile, depth]`.
  func takeInputs(
    _ source: UnsafePointer<Float>, _ segments: [Segment],
    into target: UnsafeMutablePointer<Float>, _ grid: specgan_grid
  ) {
    for segment in segments {
      forEachPart { down, across, channel in
        unsafe specgan_transform(
          specgan_stage_source, down.filter, across.filter,
          source + inputOffset(segment, down, across), inputGrid,
          target + segment.first * grid.tile + channel, grid, segment.across.count, partChannels)
      }
    }
  }
}
