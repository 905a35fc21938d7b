internal import CSpecGANKernels

// The positions of tiles in pictures and at the points.

extension WinogradConvolution {
  /// Some neighboring tiles across the picture.
  struct Segment {
    /// The index of the first among the tiles of its group.
    let first: Int
    /// The index among the examples of a task.
    let example: Int
    let down: Int
    let across: Range<Int>
  }

  /// The lines of tiles of some examples, cut into segments of limited length, in the order of
  /// their tiles. Each segment is computed on demand.
  struct Segments: Sequence {
    /// The numbers of the segments, counted through all lines of all examples.
    let numbers: Range<Int>
    /// The number of lines of tiles of an example.
    let lines: Int
    /// The number of tiles of a line.
    let width: Int
    /// The most tiles of a segment.
    let longest: Int

    /// Returns the tiles of its line that segment `number` has.
    func across(_ number: Int) -> Range<Int> {
      let first = number % segmentsPerLine * longest
      return first..<Swift.min(first + longest, width)
    }

    var segmentsPerLine: Int { width.dividedRoundingUp(by: longest) }

    /// The index of the first tile.
    var firstTile: Int {
      let (line, segment) = numbers.lowerBound.quotientAndRemainder(dividingBy: segmentsPerLine)
      return line * width + segment * longest
    }

    /// Returns the piece `index` of `count` pieces, neighboring segments.
    func piece(_ index: Int, of count: Int) -> Segments {
      Segments(
        numbers: numbers.piece(index, of: count), lines: lines, width: width, longest: longest)
    }

    func makeIterator() -> Iterator { Iterator(segments: self, number: numbers.lowerBound) }

    struct Iterator: IteratorProtocol {
      let segments: Segments
      var number: Int
      var tiles = 0

      mutating func next() -> Segment? {
        if number == segments.numbers.upperBound { return nil }
        let (example, down) = (number / segments.segmentsPerLine)
          .quotientAndRemainder(dividingBy: segments.lines)
        let segment = Segment(
          first: tiles, example: example, down: down, across: segments.across(number))
        number += 1
        tiles += segment.across.count
        return segment
      }
    }
  }

  /// Returns segments `numbers` of at most `longest` tiles.
  private func segments(_ numbers: Range<Int>, longest: Int) -> Segments {
    Segments(numbers: numbers, lines: height.tiles, width: width.tiles, longest: longest)
  }

  /// Returns the tiles of one example, in at least `count` segments if there are as many tiles, and
  /// in whole lines if there are as many lines.
  func exampleSegments(_ count: Int) -> Segments {
    let perLine = min(count.dividedRoundingUp(by: height.tiles), width.tiles)
    let longest = width.tiles.dividedRoundingUp(by: perLine)
    return segments(
      0..<height.tiles * width.tiles.dividedRoundingUp(by: longest), longest: longest)
  }

  /// Returns the part of a padded picture that `segments`, at least one, of one example read.
  func window(_ segments: Segments) -> PaddedPicture.Window {
    let (first, last) = (segments.numbers.lowerBound, segments.numbers.upperBound - 1)
    let (top, bottom) = (first / segments.segmentsPerLine, last / segments.segmentsPerLine)
    let across =
      top == bottom
      ? segments.across(first).lowerBound..<segments.across(last).upperBound : 0..<width.tiles
    return PaddedPicture.Window(
      lines: height.covered(by: top..<bottom + 1), positions: width.covered(by: across))
  }

  /// Calls `body` with the tiles of `examples`, in groups of at most ``mostTiles``.
  ///
  /// A line of tiles is cut at multiples of ``mostTiles``, and two of its pieces are never in the
  /// same group. Therefore the transposed product adds overlapping tiles in an order that does not
  /// depend on `examples`.
  func forEachGroup(_ examples: Int, _ body: (_ segments: Segments, _ tiles: Int) -> Void) {
    let mostTiles = mostTiles
    let count = examples * height.tiles * width.tiles.dividedRoundingUp(by: mostTiles)
    let all = segments(0..<count, longest: mostTiles)
    var (first, tiles) = (0, 0)
    for number in all.numbers {
      let own = all.across(number).count
      if tiles + own > mostTiles {
        body(segments(first..<number, longest: mostTiles), tiles)
        (first, tiles) = (number, 0)
      }
      tiles += own
    }
    if tiles > 0 { body(segments(first..<count, longest: mostTiles), tiles) }
  }

  /// Calls `body` with every part down and across, and the offset of its channels in ``depth``.
  func forEachPart(
    _ body: (_ down: WinogradAxis.Part, _ across: WinogradAxis.Part, _ channel: Int) -> Void
  ) {
    for (line, down) in height.parts.enumerated() {
      for (step, across) in width.parts.enumerated() {
        body(down, across, (line * width.parts.count + step) * partChannels)
      }
    }
  }

  /// Returns the channels, among ``depth``, that use `point`.
  func channels(at point: Int) -> PointChannels {
    let (line, step) = point.quotientAndRemainder(dividingBy: width.points)
    let count = width.partCount(at: step)
    let lineChannels = width.parts.count * partChannels
    let lines = height.partCount(at: line)
    return count == width.parts.count
      ? PointChannels(endIndex: 1, stride: 0, length: lines * lineChannels)
      : PointChannels(endIndex: lines, stride: lineChannels, length: count * partChannels)
  }

  /// Ranges of channels, equally long and equally far apart.
  struct PointChannels: RandomAccessCollection {
    let endIndex: Int
    let stride: Int
    let length: Int
    var startIndex: Int { 0 }
    subscript(index: Int) -> Range<Int> { index * stride..<index * stride + length }
  }

  /// The strides of a part's inputs in padded pictures.
  var inputStrides: specgan_tile_strides {
    specgan_tile_strides(
      line: height.stride * inputs.lineStride, step: width.stride * geometry.inputChannels,
      tile: width.tileStep * geometry.inputChannels)
  }

  /// Returns the offset of a part's first input in the first of a segment's tiles.
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

  /// Returns the offset of a segment's first output from that of the first example.
  func outputOffset(_ segment: Segment) -> Int {
    let position =
      segment.down * height.places * geometry.width.outputLength
      + segment.across.lowerBound * width.places
    return segment.example * geometry.outputCount + position * geometry.outputChannels
  }

  /// Returns the strides of the points, with `elements` from tile to tile and `stride` from point
  /// to point.
  func pointStrides(_ elements: Int, stride: Int) -> specgan_tile_strides {
    specgan_tile_strides(line: width.points * stride, step: stride, tile: elements)
  }

  /// Writes the input transform of the tiles of padded pictures at `source`:
  /// `[point, tile, depth]`.
  func takeInputs(
    _ source: UnsafePointer<Float>, _ segments: Segments,
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
