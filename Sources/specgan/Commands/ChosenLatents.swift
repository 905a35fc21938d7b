import Models
import Tensors
import Training

/// The latents to make sounds of, and the numbers of those sounds.
struct ChosenLatents {
  /// `[count, latent]`.
  let latents: Tensor
  /// Which sound each is; the first phases of its inversion depend on it.
  let numbers: [Int]
  /// The critic's scores they were chosen by.
  var scores: [Float]?

  /// All of `latents`, in order.
  init(_ latents: Tensor) {
    self.latents = latents
    numbers = Array(0..<latents.shape[0])
  }

  /// The latents in the tensor `z` of `file`.
  init(file: String, _ checkpoint: Checkpoint) throws {
    let tensors = try SafetensorsFile(path: file)
    let values = try tensors.floats("z")
    let shape = tensors.entry("z")?.shape ?? []
    guard shape.count == 2, shape[0] > 0, shape[1] == checkpoint.gan.latent else {
      throw TrainingError.latentShape(path: file, found: shape, expected: checkpoint.gan.latent)
    }
    guard values.allSatisfy(\.isFinite) else {
      throw TrainingError.notFinite(path: file, name: "z")
    }
    self.init(Tensor(shape: shape, values))
  }

  private init(of other: ChosenLatents, _ places: [Int], scores: [Float]) {
    latents = Tensor(shape: [places.count, other.latents.stride])
    for (target, place) in places.enumerated() {
      latents.copy(place..<place + 1, of: other.latents, to: target)
    }
    numbers = places.map { other.numbers[$0] }
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
