import Models
import Tensors
import Training

/// The latents to make sounds of, and what else the sounds depend on.
struct ChosenLatents {
  /// `[count, latent]`.
  let latents: Tensor
  /// Which sound each is; the first phases of its inversion depend on it.
  let numbers: [Int]
  /// What the first phases depend on besides.
  let seed: UInt64
  /// The critic's scores they were chosen by.
  var scores: [Float]?

  /// Sounds 0 to `count` of `seed`.
  init(drawnBy generator: SampleGenerator, count: Int, seed: UInt64) {
    latents = generator.latents(0..<count, seed: seed)
    numbers = Array(0..<count)
    self.seed = seed
  }

  private init(of other: ChosenLatents, _ places: [Int], scores: [Float]) {
    latents = Tensor(shape: [places.count, other.latents.stride])
    for (target, place) in places.enumerated() {
      latents.copy(place..<place + 1, of: other.latents, to: target)
    }
    numbers = places.map { other.numbers[$0] }
    seed = other.seed
    self.scores = scores
  }

  /// The `count` whose samples the critic scores highest, the highest first.
  func best(_ count: Int, by generator: SampleGenerator, _ scorer: CriticScorer) -> ChosenLatents {
    var scores: [Float] = []
    for batch in batches(of: SampleGenerator.batchSize) {
      scores += scorer.scores(generator.samples(batch.latents)).values
    }
    let order = scores.indices.sorted { (scores[$0], $1) > (scores[$1], $0) }.prefix(count)
    return ChosenLatents(of: self, Array(order), scores: order.map { scores[$0] })
  }

  /// Them in pieces of `size`, so that memory does not grow with their number.
  func batches(of size: Int) -> [(first: Int, numbers: [Int], latents: Tensor)] {
    stride(from: 0, to: numbers.count, by: size).map { first in
      let range = first..<min(first + size, numbers.count)
      let part = Tensor(shape: [range.count, latents.stride])
      part.copy(range, of: latents, to: 0)
      return (first, Array(numbers[range]), part)
    }
  }
}

// MARK: - Files

extension ChosenLatents {
  private static let latentsName = "z"
  private static let numbersName = "numbers"
  private static let seedKey = "seed"

  /// The latents in the tensor `z` of `file`, with the numbers and the seed that stand beside it.
  ///
  /// Without numbers they are counted from 0; `seed` overrides the file's, which is 0 where it says none.
  init(file: String, _ checkpoint: Checkpoint, seed: UInt64?) throws {
    let tensors = try SafetensorsFile(path: file)
    let values = try tensors.floats(Self.latentsName)
    let shape = tensors.entry(Self.latentsName)?.shape ?? []
    guard shape.count == 2, shape[0] > 0, shape[1] == checkpoint.gan.latent else {
      throw TrainingError.latentShape(path: file, found: shape, expected: checkpoint.gan.latent)
    }
    guard values.allSatisfy(\.isFinite) else {
      throw TrainingError.notFinite(path: file, name: Self.latentsName)
    }
    latents = Tensor(shape: shape, values)
    self.seed = seed ?? tensors.metadata[Self.seedKey].flatMap { UInt64($0) } ?? 0
    numbers =
      tensors.entry(Self.numbersName) == nil
      ? Array(0..<shape[0])
      : try tensors.integers(Self.numbersName, shape: [shape[0]]).map {
        Int(UInt32(bitPattern: $0))
      }
  }

  /// What a file of them holds, so that the same sounds can be made of it again.
  var contents: SafetensorsContents {
    var contents = SafetensorsContents(metadata: [Self.seedKey: String(seed)])
    contents.append(Self.latentsName, shape: latents.shape, latents.values)
    if numbers != Array(0..<numbers.count) {
      contents.append(
        Self.numbersName, shape: [numbers.count],
        numbers.map { Int32(bitPattern: UInt32(truncatingIfNeeded: $0)) })
    }
    return contents
  }
}
