public import Tensors

/// Examples of a cache, read from files mapped into memory.
public struct CachedExamples: Examples {
  /// The shape of one.
  public let shape: [Int]
  /// How many there are.
  public let count: Int
  let shards: [Shard]
  private let shardSize: Int
  private let size: Int

  /// The examples of `shards`, of which all but the last hold the same number.
  init(_ shards: [Shard], shape: [Int]) {
    self.shards = shards
    self.shape = shape
    count = shards.reduce(0) { $0 + $1.count }
    shardSize = shards.first?.count ?? 1
    size = shape.reduce(1, *)
  }

  /// Writes example `index` to place `position` of `batch`, along its first axis.
  ///
  /// - Precondition: there is such an example and such a place, of the same size.
  public func copy(_ index: Int, to position: Int, of batch: Tensor) {
    precondition(0..<count ~= index, "there is no example \(index) among \(count)")
    precondition(batch.stride == size, "an example of \(shape) does not fit into \(batch.shape)")
    let (shard, place) = index.quotientAndRemainder(dividingBy: shardSize)
    shards[shard].withExample(place) { example in
      batch.examples(position..<position + 1).withMutableSpan { destination in
        unsafe example.withUnsafeBufferPointer { source in
          _ = unsafe destination.withUnsafeMutableBufferPointer { unsafe $0.update(from: source) }
        }
      }
    }
  }
}
