package import Networks
package import SpecGANTensors

/// The processes of a distributed run. Each of them computes the gradients of neighboring shards of
/// every batch, and has the whole state of the run.
///
/// The first member decides what is done, and the others follow it: see ``Trainer/follow()``. All
/// members call the same functions in the same order, and get the same bits. A member that cannot
/// reach the others ends its process, so that nothing is half added.
package protocol Members: SumAdder {
  /// The number of members, a power of two that is at most the number of shards.
  var count: Int { get }
  /// The index of this member, from 0.
  var index: Int { get }
  /// The memory available to this member, in bytes: the free memory of its machine divided by the
  /// number of members there, or less if a limit is lower; nil if the system does not report it.
  var availableMemory: Int? { get }

  /// Replaces `values` by their sums over all members, which are added as in ``Networks/SumTree``.
  func addUp(_ values: TensorView)
  /// Does the same, and calls `body` once, possibly at the same time. `body` calls no function of
  /// the members, and does not use `values`.
  func addUp(_ values: TensorView, meanwhile body: () -> Void)
  /// Returns the values of all members, those of the first one first. All have equally many.
  func gather<Value: BitwiseCopyable & Sendable>(_ values: [Value]) -> [Value]
  /// Returns the bytes of the first member; those of the others are not used.
  func share(_ bytes: [UInt8]) -> [UInt8]
  /// Replaces `values` by those of the first member.
  func share(_ values: TensorView)
}

/// The part of a batch that a member computes.
struct BatchPart {
  /// The member's examples in a batch.
  let examples: Range<Int>
  /// The number of examples of a whole batch.
  let batch: Int

  /// Creates the part of `members`, or the whole batch if there are none.
  init(of batch: Int, _ members: (any Members)?) {
    let (count, index) = (members?.count ?? 1, members?.index ?? 0)
    let size = batch / count
    examples = index * size..<(index + 1) * size
    self.batch = batch
  }

  /// Whether the member computes all examples.
  var isWhole: Bool { examples.count == batch }

  /// Returns the member's elements of each of the batches in `values`.
  func elements<Element>(of values: [Element]) -> [Element] {
    if isWhole { return values }
    return stride(from: 0, to: values.count, by: batch).flatMap { first in
      values[first + examples.lowerBound..<first + examples.upperBound]
    }
  }

  /// Returns `shifts` of whole batches for the member's examples of each of these.
  func shifts(_ shifts: PhaseShifts, batches: Int) -> PhaseShifts {
    if isWhole || shifts.isEmpty { return shifts }
    return PhaseShifts(
      groups: batches * examples.count, layers: shifts.layers, groupSize: 1
    ) { example, layer in
      let (batchIndex, index) = example.quotientAndRemainder(dividingBy: examples.count)
      return shifts[layer: layer, example: batchIndex * batch + examples.lowerBound + index]
    }
  }

  /// Returns the member's part of `input`.
  func input(_ input: GeneratorInput) -> GeneratorInput {
    if isWhole { return input }
    var part = input
    part.latents = input.latents.examples(examples)
    part.labels = elements(of: input.labels)
    part.mixing = input.mixing.map { latents, choice in
      let layers = choice.layers
      let choices = choice.choices[examples.lowerBound * layers..<examples.upperBound * layers]
      return (
        latents.examples(examples),
        StyleMixing(variants: choice.variants, layers: layers, choices: Array(choices))
      )
    }
    part.noise = input.noise.map { NoiseInputs(elements(of: $0.sources)) }
    return part
  }

  /// Returns the member's part of `input`.
  func input(_ input: CriticInput) -> CriticInput {
    if isWhole { return input }
    var part = input
    part.examples = elements(of: input.examples)
    part.chances = elements(of: input.chances)
    part.labels = elements(of: input.labels)
    part.augmentations = elements(of: input.augmentations)
    part.draws.interpolations = elements(of: input.draws.interpolations)
    part.draws.shifts = shifts(input.draws.shifts, batches: 2)
    part.draws.interpolatedShifts = shifts(input.draws.interpolatedShifts, batches: 1)
    return part
  }
}
