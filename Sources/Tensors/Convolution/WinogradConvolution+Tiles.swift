internal import CKernels

// The positions of tiles in pictures and at the points.

extension WinogradConvolution {
  /// Some neighbouring tiles across the picture.
  struct Segment {
    /// Index of the first among the tiles of its group.
    let first: Int
    /// Index among the examples of a task.
    let example: Int
    let down: Int
    let across: Range<Int>
  }

  /// The tiles of `examples`, in groups of at most ``mostTiles``.
  ///
  /// A line of tiles is cut at multiples of ``mostTiles`` and two pieces of it never share a group.
  /// So the transposed product adds overlapping tiles in an order that does not depend on
  /// `examples`.
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

  /// Calls `body` with every part down and across and the offset of its channels in ``depth``.
  func forEachPart(
    _ body: (_ down: WinogradAxis.Part, _ across: WinogradAxis.Part, _ channel: Int) -> Void
  ) {
    for (line, down) in height.parts.enumerated() {
      for (step, across) in width.parts.enumerated() {
        body(down, across, (line * width.parts.count + step) * partChannels)
      }
    }
  }

  /// The channels, among ``depth``, that use `point`.
  func channels(at point: Int) -> [Range<Int>] {
    let (line, step) = point.quotientAndRemainder(dividingBy: width.points)
    let count = width.partCount(at: step)
    let lineChannels = width.parts.count * partChannels
    if count == width.parts.count { return [0..<height.partCount(at: line) * lineChannels] }
    return (0..<height.partCount(at: line)).map {
      $0 * lineChannels..<$0 * lineChannels + count * partChannels
    }
  }

  /// The strides of a part's inputs in padded pictures.
  var inputStrides: specgan_tile_strides {
    specgan_tile_strides(
      line: height.stride * inputs.lineStride, step: width.stride * geometry.inputChannels,
      tile: width.tileStep * geometry.inputChannels)
  }

  /// The offset of a part's first input in the first of a segment's tiles.
  func inputOffset(
    _ segment: Segment, _ down: WinogradAxis.Part, _ across: WinogradAxis.Part
  ) -> Int {
    segment.example * inputs.count
      + inputs.offset(
        line: segment.down * height.tileStep + down.firstInput,
        position: segment.across.lowerBound * width.tileStep + across.firstInput)
  }

  /// The strides of the outputs.
  var outputStrides: specgan_tile_strides {
    specgan_tile_strides(
      line: geometry.width.outputLength * geometry.outputChannels, step: geometry.outputChannels,
      tile: width.places * geometry.outputChannels)
  }

  /// The offset of a segment's first output from that of the first example.
  func outputOffset(_ segment: Segment) -> Int {
    let position =
      segment.down * height.places * geometry.width.outputLength
      + segment.across.lowerBound * width.places
    return segment.example * geometry.outputCount + position * geometry.outputChannels
  }

  /// The strides of the points, with `elements` from tile to tile and `stride` from point to point.
  func pointStrides(_ elements: Int, stride: Int) -> specgan_tile_strides {
    specgan_tile_strides(line: width.points * stride, step: stride, tile: elements)
  }

  /// Writes the input transform of the tiles of padded pictures at `source`: `[point, tile,
  /// depth]`.
  func takeInputs(
    _ source: UnsafePointer<Float>, _ segments: [Segment],
    into target: UnsafeMutablePointer<Float>, _ strides: specgan_tile_strides
  ) {
    for segment in segments {
      forEachPart { down, across, channel in
        unsafe specgan_transform_tiles(
          specgan_input_transform, down: down.filter, across: across.filter,
          from: specgan_source_tiles(
            start: source + inputOffset(segment, down, across), strides: inputStrides),
          to: specgan_target_tiles(
            start: target + segment.first * strides.tile + channel, strides: strides),
          tiles: segment.across.count, channels: partChannels)
      }
    }
  }
}
