// The products over a whole batch, shared out over an engine's threads. How the work is cut depends on
// the geometry alone, and partial sums are added in the order of the examples: the bits are the same
// for any number of threads.

extension Convolution {
  /// The kernel's gradient is cut into tiles of about this many rows: enough for a product's pace.
  private static let tileRows = 128
  /// Where the tiles are few, so many pieces of work are made by cutting the batch as well.
  private static let leastTasks = 16

  private var tileCount: Int { max(geometry.receptiveField / Self.tileRows, 1) }
  private var partialCount: Int { tileCount >= 8 ? 1 : (Self.leastTasks - 1) / tileCount + 1 }

  /// Elements of scratch memory that ``accumulate(x:y:into:examples:on:)`` needs for all threads.
  public var sharedScratchCount: Int {
    partialCount == 1 ? 0 : partialCount * geometry.kernelCount
  }

  /// Adds to the kernel's gradient what `examples` give, on all threads: `K̄ += x ⊗ ȳ`.
  public func accumulate(
    x: Tensor, y: Tensor, into gradient: TensorSlice, examples: Range<Int>, on engine: Engine
  ) {
    if partialCount == 1 {
      engine.run(tasks: tileCount) { task, scratch in
        accumulate(
          x: x, y: y, into: gradient, tile: tile(task), examples: examples, scratch: scratch)
      }
      return
    }
    let partials = (0..<partialCount).map { index in
      engine.sharedScratch.slice(
        offset: index * geometry.kernelCount,
        shape: [geometry.receptiveField, geometry.outputChannels])
    }
    engine.run(tasks: tileCount * partialCount) { task, scratch in
      let (piece, tileIndex) = task.quotientAndRemainder(dividingBy: tileCount)
      accumulate(
        x: x, y: y, into: partials[piece], tile: tile(tileIndex), overwriting: true,
        examples: examples.piece(piece, of: partialCount), scratch: scratch)
    }
    let used = partials.indices.filter { !examples.piece($0, of: partialCount).isEmpty }
    engine.run(over: 0..<geometry.kernelCount, by: 1 << 13) { range, _ in
      for piece in used {
        for index in range { unsafe gradient.start[index] += partials[piece].start[index] }
      }
    }
  }

  private func tile(_ index: Int) -> Range<Int> {
    (0..<geometry.receptiveField).piece(index, of: tileCount)
  }
}

extension Range<Int> {
  /// The `index`th of `count` pieces of this range, as equal as can be.
  package func piece(_ index: Int, of count: Int) -> Range<Int> {
    lowerBound + self.count * index / count..<lowerBound + self.count * (index + 1) / count
  }
}
