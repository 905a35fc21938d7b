internal import CSpecGANKernels
internal import SpecGANTensors

// The kernel's gradient is summed at the points, `[point, depth, outputChannels]`, and then
// transformed back.
//
// If there are few of these sums, the batch is cut into a fixed number of pieces. Each piece has
// its own sums, and the operands stay in a thread's cache. If there are many, all threads transform
// some examples together and divide the sums among them.

extension WinogradConvolution {
  /// The most sums that a second-level cache holds beside the operands.
  private static let mostPieceSums = 1 << 17
  private static let pieces = 16
  /// The most values of the transformed examples that all threads share, unless one example has
  /// more.
  private static let mostNumbers = 1 << 22
  /// The tiles that are summed while one part of the gradient is in registers.
  private static let tilesPerBlock = 128

  /// The stride of the gradient's points.
  var gradientPointStride: Int { pointStride(depth * geometry.outputChannels) }
  private var sumCount: Int { points * gradientPointStride }
  private var hasPieces: Bool { points * depth * geometry.outputChannels <= Self.mostPieceSums }

  private func operands(_ tiles: Int) -> GradientOperands {
    GradientOperands(
      tiles: tiles, tileStride: depth + 16,  // not a power of two, as between points
      inputPointStride: pointStride(tiles * (depth + 16)),
      outputPointStride: pointStride(tiles * Panel.stride(geometry.outputChannels)))
  }

  private var tilesPerChunk: Int {
    max(Self.mostNumbers / (tiles * operands(1).count(points)), 1) * tiles
  }

  var gradientScratchCount: Int {
    paddedKernelCount
      + (hasPieces
        ? Self.pieces * sumCount : sumCount + operands(tilesPerChunk).count(points))
  }

  var pieceScratchCount: Int { hasPieces ? operands(mostTiles).count(points) : 0 }

  func accumulate(
    x: TensorView, y: TensorView, into gradient: TensorView, examples: Range<Int>,
    on engine: Engine,
    shifts: Convolution.Shifts?
  ) {
    if examples.isEmpty { return }
    let product = GradientProduct(x: x, y: y, shifts: shifts)
    if hasPieces {
      sumPieces(product, examples, on: engine)
    } else {
      sumTogether(product, examples, on: engine)
    }
    let shared = engine.sharedScratch
    addGradient(
      shared.part(offset: 0, count: sumCount),
      padded: shared.part(offset: shared.count - paddedKernelCount, count: paddedKernelCount),
      into: gradient, on: engine)
  }

  /// The operands of the gradient.
  private struct GradientProduct {
    let x: TensorView
    let y: TensorView
    let shifts: Convolution.Shifts?
  }

  // MARK: - Pieces of the batch

  private func sumPieces(_ product: GradientProduct, _ examples: Range<Int>, on engine: Engine) {
    let shared = engine.sharedScratch
    @Sendable func sums(_ piece: Int) -> TensorView {
      shared.part(offset: piece * sumCount, count: sumCount)
    }
    engine.run(tasks: Self.pieces) { piece, scratch in
      var isFirst = true
      for example in examples.piece(piece, of: Self.pieces) {
        let source = unsafe inputs.padded(
          product.x.start, examples: example..<example + 1, shifts: product.shifts,
          scratch: scratch.start)
        forEachGroup(1) { segments, tiles in
          let operands = operands(tiles)
          let left = unsafe scratch.start + inputs.count
          let right = unsafe left + points * operands.inputPointStride
          unsafe takeInputs(
            source, segments, into: left,
            pointStrides(operands.tileStride, stride: operands.inputPointStride))
          unsafe takeOutputs(product.y, example, segments, operands, at: 0, into: right)
          for point in 0..<points {
            unsafe multiply(
              left, right, operands, point: point, channels: 0..<geometry.outputChannels,
              group: 0, of: 1, isFirst: isFirst, into: sums(piece).start)
          }
          isFirst = false
        }
      }
    }
    if examples.piece(0, of: Self.pieces).isEmpty { sums(0).fill(0) }
    engine.run(over: 0..<sumCount, by: 1 << 13) { range, _ in
      for piece in 1..<Self.pieces where !examples.piece(piece, of: Self.pieces).isEmpty {
        unsafe specgan_add(
          sums(piece).start + range.lowerBound, range.count, sums(0).start + range.lowerBound)
      }
    }
  }

  // MARK: - All threads together

  private func sumTogether(_ product: GradientProduct, _ examples: Range<Int>, on engine: Engine) {
    let size = tilesPerChunk / tiles
    let channels = geometry.outputChannels
    let strips = Panel.strips(of: 0..<channels)
    let groups = (2 * engine.taskGoal).dividedRoundingUp(by: points * strips.count)
    for first in stride(from: examples.lowerBound, to: examples.upperBound, by: size) {
      let chunk = first..<min(first + size, examples.upperBound)
      let operands = operands(chunk.count * tiles)
      let left = unsafe Numbers(start: engine.sharedScratch.start + sumCount)
      let right = unsafe Numbers(start: left.start + points * operands.inputPointStride)
      take(product, chunk, operands, into: left, right, on: engine)
      let sums = engine.sharedScratch
      engine.run(tasks: points * strips.count * groups) { task, _ in
        let (part, group) = task.quotientAndRemainder(dividingBy: groups)
        let (point, strip) = part.quotientAndRemainder(dividingBy: strips.count)
        unsafe multiply(
          left.start, right.start, operands, point: point,
          channels: strips[strip],
          group: group, of: groups, isFirst: first == examples.lowerBound, into: sums.start)
      }
    }
  }

  /// Transforms the inputs of some examples, and the gradients with respect to their outputs. The
  /// fewer examples there are, the fewer tiles a task has.
  private func take(
    _ product: GradientProduct, _ examples: Range<Int>, _ operands: GradientOperands,
    into left: Numbers, _ right: Numbers, on engine: Engine
  ) {
    let pieces = engine.taskGoal.dividedRoundingUp(by: 2 * examples.count)
    let all = exampleSegments(pieces)
    let pieceCount = min(pieces, all.numbers.count)
    let half = examples.count * pieceCount
    engine.run(tasks: 2 * half) { task, scratch in
      let (index, piece) = (task % half).quotientAndRemainder(dividingBy: pieceCount)
      let example = examples.lowerBound + index
      let segments = all.piece(piece, of: pieceCount)
      let tile = index * tiles + segments.firstTile
      if task >= half {
        return unsafe takeOutputs(
          product.y, example, segments, operands, at: tile, into: right.start)
      }
      let source = unsafe inputs.padded(
        product.x.start, examples: example..<example + 1, shifts: product.shifts,
        window: window(segments), scratch: scratch.start)
      unsafe takeInputs(
        source, segments, into: left.start + tile * operands.tileStride,
        pointStrides(operands.tileStride, stride: operands.inputPointStride))
    }
  }

  // MARK: - Both

  /// Transforms the gradients with respect to the outputs of tiles of one example into panels, one
  /// for each strip of their channels, from tile `place` on.
  private func takeOutputs(
    _ y: TensorView, _ example: Int, _ segments: Segments, _ operands: GradientOperands,
    at place: Int, into right: UnsafeMutablePointer<Float>
  ) {
    for strip in Panel.strips(of: 0..<geometry.outputChannels) {
      let width = Panel.stride(strip.count)
      unsafe takeOutputs(
        y.start + example * geometry.outputCount, segments, channels: strip,
        into: right + strip.lowerBound * operands.tiles + place * width,
        pointStrides(width, stride: operands.outputPointStride))
    }
  }

  /// Computes, for one of `groups` groups of rows,
  /// `sums[point, depth, channels] += Σ left[point, tile, depth] ⊗ right[point, tile, channels]`.
  private func multiply(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, _ operands: GradientOperands,
    point: Int, channels: Range<Int>, group: Int, of groups: Int, isFirst: Bool,
    into sums: UnsafeMutablePointer<Float>
  ) {
    let left = unsafe left + point * operands.inputPointStride
    let right = unsafe right + point * operands.outputPointStride
    let sum = unsafe sums + point * gradientPointStride
    for strip in Panel.strips(of: channels) {
      for range in self.channels(at: point) {
        let rows = range.piece(group, of: groups)
        for tile in stride(from: 0, to: operands.tiles, by: Self.tilesPerBlock) {
          unsafe gradientProduct.run(
            source: left + tile * operands.tileStride + rows.lowerBound,
            terms: 0..<min(Self.tilesPerBlock, operands.tiles - tile),
            termStride: operands.tileStride, rows: rows.count,
            panel: right + strip.lowerBound * operands.tiles
              + tile * Panel.stride(strip.count),
            columns: strip.count,
            into: sum + rows.lowerBound * geometry.outputChannels + strip.lowerBound,
            accumulating: !(isFirst && tile == 0))
        }
      }
    }
  }
}

/// The layout of the transformed tiles that a gradient is summed over.
private struct GradientOperands {
  let tiles: Int
  /// The stride of the inputs' tiles.
  let tileStride: Int
  let inputPointStride: Int
  let outputPointStride: Int

  /// Returns the number of values at all points.
  func count(_ points: Int) -> Int { points * (inputPointStride + outputPointStride) }
}
