package import SpecGANTensors

/// The examples of a cache, in files mapped into memory.
package struct CachedExamples: FixedExamples {
  /// The shape of an example.
  package let shape: [Int]
  /// The number of examples.
  package let count: Int
  let shards: [Shard]
  private let shardSize: Int
  private let size: Int

  /// Creates the examples of `shards`, of which all but the last have the same number.
  init(_ shards: [Shard], shape: [Int]) {
    self.shards = shards
    self.shape = shape
    count = shards.reduce(0) { $0 + $1.count }
    shardSize = shards.first?.count ?? 1
    size = shape.reduce(1, *)
  }

  /// Copies example `index` to index `position` of `batch`, along its first axis.
  ///
  /// - Precondition: both indices exist, and the sizes are equal.
  package func copy(_ index: Int, to position: Int, of batch: TensorView) {
    precondition(batch.stride == size, "an example of \(shape) does not fit into \(batch.shape)")
    withExample(index) { example in
      batch.examples(position..<position + 1).withMutableSpan { $0.copy(example, to: 0) }
    }
  }

  /// Returns the elements of example `index`.
  ///
  /// - Precondition: the example exists.
  public func values(_ index: Int) -> [Float] {
    withExample(index) { example in
      unsafe example.withUnsafeBufferPointer { unsafe Array($0) }
    }
  }

  /// Calls `body` with example `index`, without a copy.
  func withExample<Result>(_ index: Int, _ body: (Span<Float>) -> Result) -> Result {
    precondition(0..<count ~= index, "there is no example \(index) among \(count)")
    let (shard, place) = index.quotientAndRemainder(dividingBy: shardSize)
    return shards[shard].withExample(place, body)
  }
}

extension MutableSpan<Float> {
  /// Copies `source` to the elements from index `first` on.
  ///
  /// - Precondition: it fits.
  mutating func copy(_ source: Span<Float>, to first: Int) {
    precondition(
      first >= 0 && source.count <= count - first,
      "\(source.count) values do not fit at \(first) of \(count)")
    unsafe withUnsafeMutableBufferPointer { destination in
      unsafe source.withUnsafeBufferPointer { source in
        _ = unsafe destination.extracting(first..<first + source.count)
          .update(fromContentsOf: source)
      }
    }
  }
}
