public import Models
public import Tensors

/// The latents to make sounds of, and what else the sounds depend on.
public struct ChosenLatents: Sendable {
  /// `[count, latent]`.
  public let latents: Tensor
  /// Which sound each is; the first phases of its inversion depend on it.
  public let numbers: [Int]
  /// What the first phases depend on besides.
  public let seed: UInt64
  /// The critic's scores they were chosen by.
  public private(set) var scores: [Float]?

  /// How many there are.
  public var count: Int { numbers.count }

  /// Sounds 0 to `count` of `gan` under `seed`, whatever its weights.
  public init(drawnFor gan: GAN, count: Int, seed: UInt64) {
    self.init(
      latents: SampleGenerator.latents(0..<count, of: gan.latent, seed: seed),
      numbers: Array(0..<count), seed: seed)
  }

  /// Sounds `numbers` of `gan` under `seed`, whatever its weights.
  public init(drawnFor gan: GAN, numbers: [Int], seed: UInt64) {
    let rows = numbers.map { SampleGenerator.latents($0..<$0 + 1, of: gan.latent, seed: seed) }
    self.init(latents: Tensor(joining: rows), numbers: numbers, seed: seed)
  }

  /// The `latents`, `[count, latent]`, as sounds `numbers`.
  ///
  /// - Precondition: there is a number for each.
  public init(latents: Tensor, numbers: [Int], seed: UInt64) {
    precondition(
      latents.shape[0] == numbers.count, "\(numbers.count) numbers for latents \(latents.shape)")
    self.latents = latents
    self.numbers = numbers
    self.seed = seed
  }

  /// The `count` whose samples the critic scores highest, the highest first.
  ///
  /// - Precondition: there are as many.
  public func best(
    _ count: Int, by generator: SampleGenerator, _ scorer: CriticScorer
  ) -> ChosenLatents {
    precondition(count <= self.count, "the best \(count) of \(self.count) are asked for")
    var scores: [Float] = []
    for batch in batches(of: SampleGenerator.batchSize) {
      scores += scorer.scores(generator.samples(batch.latents)).values
    }
    let order = Array(
      scores.indices.sorted { (scores[$0], $1) > (scores[$1], $0) }.prefix(count))
    var best = ChosenLatents(
      latents: Tensor(joining: order.map { latents.examples($0..<$0 + 1) }),
      numbers: order.map { numbers[$0] }, seed: seed)
    best.scores = order.map { scores[$0] }
    return best
  }

  /// Them in pieces of `size`, so that memory does not grow with their number.
  func batches(of size: Int) -> [(first: Int, numbers: [Int], latents: Tensor)] {
    stride(from: 0, to: count, by: size).map { first in
      let range = first..<min(first + size, count)
      return (first, Array(numbers[range]), latents.examples(range))
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
  /// - Throws: ``TrainingError`` where it cannot be read, or holds none that `gan` takes.
  public init(file: String, for gan: GAN, seed: UInt64? = nil) throws(TrainingError) {
    let stored: Stored
    do throws(SafetensorsError) { stored = try Stored(file) } catch { throw .tensors(error) }
    let shape = stored.shape
    guard shape.count == 2, shape[0] > 0, shape[1] == gan.latent else {
      throw .latentShape(path: file, found: shape, expected: gan.latent)
    }
    guard isFinite(stored.latents.span) else {
      throw .notFinite(path: file, name: Self.latentsName)
    }
    self.init(
      latents: Tensor(shape: shape, stored.latents),
      numbers: stored.numbers ?? Array(0..<shape[0]), seed: seed ?? stored.seed ?? 0)
  }

  /// What a file holds, not checked yet.
  private struct Stored {
    let latents: [Float]
    let shape: [Int]
    let numbers: [Int]?
    let seed: UInt64?

    init(_ path: String) throws(SafetensorsError) {
      let file = try SafetensorsFile(path: path)
      latents = try file.floats(latentsName)
      shape = file.entry(latentsName)?.shape ?? []
      seed = file.metadata[seedKey].flatMap { UInt64($0) }
      guard file.entry(numbersName) != nil, let count = shape.first else {
        numbers = nil
        return
      }
      numbers = try file.integers(numbersName, shape: [count]).map { Int(UInt32(bitPattern: $0)) }
    }
  }

  /// What a file of them holds, so that the same sounds can be made of it again.
  public var contents: SafetensorsContents {
    var contents = SafetensorsContents(metadata: [Self.seedKey: String(seed)])
    contents.append(Self.latentsName, latents)
    if numbers != Array(0..<count) {
      contents.append(
        Self.numbersName, shape: [count],
        numbers.map { Int32(bitPattern: UInt32(truncatingIfNeeded: $0)) })
    }
    return contents
  }
}
