package import Networks
internal import SpecGANErrors
internal import SpecGANTensors

/// The gradient of a network with respect to its weights, summed shard by shard.
///
/// The gradient of each shard of a batch is computed separately, with that of its penalty.
/// ``SumTree`` then adds up the shards. With one shard, all examples of a pass are summed together.
package final class ShardedGradient: Sendable {
  /// The gradient of each shard; the first one becomes their sum.
  private let shards: [Parameters]
  /// The number of this member's examples of a batch.
  private let batch: Int
  /// The number of examples of a shard; nil if a whole batch is one shard.
  let shardSize: Int?
  private let members: (any Members)?

  /// Creates a gradient of zeros for batches of `batch` examples in `shards` shards, of which
  /// `members`, if any, have equally many.
  ///
  /// - Precondition: `shards` is a power of two that divides `batch`, and the number of members
  ///   divides it.
  init(_ layout: ParameterLayout, batch: Int, shards: Int, members: (any Members)? = nil) {
    let memberCount = members?.count ?? 1
    require(batch.isMultiple(of: shards), "\(shards) shards do not divide \(batch) examples")
    require(shards.isMultiple(of: memberCount), "\(memberCount) members for \(shards) shards")
    self.batch = batch / memberCount
    self.members = members
    shardSize = shards > 1 ? batch / shards : nil
    self.shards = (0..<shards / memberCount).map { _ in Parameters(layout) }
  }

  /// The sum of all shards of all members, after ``addUp(on:)``.
  package var total: Parameters { shards[0] }

  /// Calls `body` with each shard's gradient and a pass whose ``Pass/part`` is one of the shard's
  /// parts: its examples in each of the batches of `pass`, in order.
  ///
  /// - Precondition: the examples of `pass` are whole batches.
  func accumulate(_ pass: Pass, _ body: (_ gradient: Parameters, _ pass: Pass) -> Void) {
    guard let size = shardSize else { return body(total, pass) }
    let examples = pass.examples
    require(examples.count.isMultiple(of: batch), "\(examples) are not batches of \(batch)")
    for (index, gradient) in shards.enumerated() {
      for first in stride(from: examples.lowerBound, to: examples.upperBound, by: batch) {
        var part = pass
        part.part = first + index * size..<first + (index + 1) * size
        body(gradient, part)
      }
    }
  }

  /// Adds up the shards of all members to ``total``.
  func addUp(on engine: Engine) {
    SumTree.addUp(shards, on: engine)
    members?.addUp(total.block.view)
  }

  /// Adds up the shards of all members to ``total``. Calls `body` once; members exchange their sums
  /// at the same time.
  func addUp(on engine: Engine, meanwhile body: () -> Void) {
    SumTree.addUp(shards, on: engine)
    if let members { members.addUp(total.block.view, meanwhile: body) } else { body() }
  }

  /// Sets all gradients to zero.
  func clear() { for shard in shards { shard.block.fill(0) } }
}
