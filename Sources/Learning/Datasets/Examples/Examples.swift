internal import SpecGANErrors
internal import SpecGANRandomness
package import SpecGANTensors

/// A collection of training examples, each of which may depend on a random number.
package protocol Examples: Sendable {
  /// The number of examples.
  var count: Int { get }
  /// The shape of an example.
  var shape: [Int] { get }
  /// Copies example `index` to index `position` of `batch`, along its first axis.
  ///
  /// - Parameters:
  ///   - index: the index of the example.
  ///   - chance: a random number in `[0, 1)`, on which the example may depend.
  ///   - position: the index in the batch.
  ///   - batch: the batch, `[batch] + shape`.
  func copy(_ index: Int, chance: Double, to position: Int, of batch: TensorView)
}

/// A collection of training examples that do not depend on a random number.
package protocol FixedExamples: Examples {
  /// Copies example `index` to index `position` of `batch`, along its first axis.
  func copy(_ index: Int, to position: Int, of batch: TensorView)
}

extension FixedExamples {
  /// Copies example `index` to index `position` of `batch`; `chance` has no effect.
  package func copy(_ index: Int, chance: Double, to position: Int, of batch: TensorView) {
    copy(index, to: position, of: batch)
  }
}

/// Examples in memory, for small sets.
package struct StoredExamples: FixedExamples {
  private let tensor: Tensor

  /// Creates the examples along the first axis of `tensor`.
  package init(_ tensor: Tensor) { self.tensor = tensor }

  /// The number of examples.
  package var count: Int { tensor.shape[0] }
  /// The shape of an example.
  package var shape: [Int] { Array(tensor.shape.dropFirst()) }

  /// Copies example `index` to index `position` of `batch`.
  package func copy(_ index: Int, to position: Int, of batch: TensorView) {
    batch.copy(index..<index + 1, of: tensor.view, to: position)
  }
}

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
    require(batch.stride == size, "an example of \(shape) does not fit into \(batch.shape)")
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
    require(0..<count ~= index, "there is no example \(index) among \(count)")
    let (shard, place) = index.quotientAndRemainder(dividingBy: shardSize)
    return shards[shard].withExample(place, body)
  }
}

extension MutableSpan<Float> {
  /// Copies `source` to the elements from index `first` on.
  ///
  /// - Precondition: it fits.
  mutating func copy(_ source: Span<Float>, to first: Int) {
    require(
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

/// The infinite sequence of examples that training reads, shuffled again for every epoch.
///
/// Each epoch contains every example once. The example at a position is a function of the seed and
/// the position, so a resumed run reads the same examples.
package struct EpochOrder: Sendable {
  private let count: Int
  private let seed: UInt64
  private let variant: UInt32
  private var epoch = -1
  private var order: [Int] = []

  /// Creates a sequence of `count` examples.
  ///
  /// - Parameters:
  ///   - count: the number of examples.
  ///   - seed: the random seed.
  ///   - variant: the index of the sequence; each gives another order for the same seed.
  /// - Precondition: there is at least one example.
  package init(count: Int, seed: UInt64, variant: UInt32 = 0) {
    require(count > 0, "there must be at least one example")
    self.count = count
    self.seed = seed
    self.variant = variant
  }

  /// The index of the example at `position`, from 0.
  package subscript(position: Int) -> Int {
    mutating get {
      let (epoch, place) = position.quotientAndRemainder(dividingBy: count)
      if epoch != self.epoch {
        self.epoch = epoch
        order = RandomStream(seed: seed, purpose: .order, row: UInt32(truncatingIfNeeded: epoch))
          .permutation(of: count, from: UInt64(variant) << 32)
      }
      return order[place]
    }
  }
}
