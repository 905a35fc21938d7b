package import Safetensors
package import SpecGANErrors
package import SpecGANModels
internal import SpecGANRuns
internal import SpecGANSettings
package import SpecGANTensors

/// The latents to make sounds of, and what else the sounds depend on.
package struct ChosenLatents: Sendable {
  /// `[count, latent]`.
  package let latents: Tensor
  /// Which sound each is; the first phases of its inversion depend on it.
  package let numbers: [Int]
  /// What the first phases depend on besides.
  package let seed: UInt64
  /// Which label each has, as a number; nothing where the generator knows of none.
  package let labels: [Int]
  /// The critic's scores they were chosen by.
  package private(set) var scores: [Float]?

  /// How many there are.
  package var count: Int { numbers.count }

  /// Sounds 0 to `count` of `gan` under `seed`, whatever its weights; labels in turn.
  package init(drawnFor gan: GAN, count: Int, seed: UInt64) {
    self.init(
      latents: SampleGenerator.latents(0..<count, of: gan.latent, seed: seed),
      numbers: Array(0..<count), labels: gan.labels(ofSounds: 0..<count), seed: seed)
  }

  /// Sounds `numbers` of `gan` under `seed`, whatever its weights; labels in turn.
  package init(drawnFor gan: GAN, numbers: [Int], seed: UInt64) {
    let rows = numbers.map { SampleGenerator.latents($0..<$0 + 1, of: gan.latent, seed: seed) }
    self.init(
      latents: Tensor(joining: rows.map(\.view)), numbers: numbers,
      labels: gan.labels(ofSounds: numbers),
      seed: seed)
  }

  /// The `latents`, `[count, latent]`, as sounds `numbers` with `labels`.
  ///
  /// - Precondition: there is a number for each, and a label for each or none at all.
  package init(latents: Tensor, numbers: [Int], labels: [Int] = [], seed: UInt64) {
    precondition(
      latents.shape[0] == numbers.count && (labels.isEmpty || labels.count == numbers.count),
      "\(numbers.count) numbers and \(labels.count) labels for latents \(latents.shape)")
    self.latents = latents
    self.numbers = numbers
    self.labels = labels
    self.seed = seed
  }

  /// The same, all with the one label.
  package func labelled(_ label: Int) -> ChosenLatents {
    ChosenLatents(
      latents: latents, numbers: numbers, labels: numbers.map { _ in label }, seed: seed)
  }

  /// The `count` whose samples the critic scores highest under their labels, the highest first.
  ///
  /// - Precondition: there are as many.
  package func best(
    _ count: Int, by generator: SampleGenerator, _ scorer: CriticScorer
  ) -> ChosenLatents {
    precondition(count <= self.count, "the best \(count) of \(self.count) are asked for")
    var scores: [Float] = []
    for (_, batch) in batches(of: SampleGenerator.batchSize) {
      let samples = generator.samples(batch.latents, labels: batch.labels)
      scores += scorer.scores(samples, labels: batch.labels).values
    }
    // What is no number is compared with nothing, and is the worst.
    let ranks = scores.map { $0.isNaN ? -.infinity : $0 }
    let order = Array(ranks.indices.sorted { (ranks[$0], $1) > (ranks[$1], $0) }.prefix(count))
    var best = ChosenLatents(
      latents: Tensor(joining: order.map { latents.examples($0..<$0 + 1) }),
      numbers: order.map { numbers[$0] }, labels: labels.isEmpty ? [] : order.map { labels[$0] },
      seed: seed)
    best.scores = order.map { scores[$0] }
    return best
  }

  /// Copies of those at `places`.
  private func part(_ places: Range<Int>) -> ChosenLatents {
    ChosenLatents(
      latents: Tensor(copying: latents.examples(places)), numbers: Array(numbers[places]),
      labels: labels.isEmpty ? [] : Array(labels[places]), seed: seed)
  }

  /// Them in pieces of `size`, so that memory does not grow with their number.
  func batches(of size: Int) -> [(first: Int, part: ChosenLatents)] {
    stride(from: 0, to: count, by: size).map { ($0, part($0..<min($0 + size, count))) }
  }
}

// MARK: - Files

extension ChosenLatents {
  private static let latentsName = "z"
  private static let numbersName = "numbers"
  private static let labelsName = "labels"
  private static let seedKey = "seed"

  /// The latents in the tensor `z` of `file`, with the numbers, labels and seed that stand beside
  /// it.
  ///
  /// Without numbers they are counted from 0; without labels, which only networks that know of some
  /// ask for, those are in turn; `seed` overrides the file's, which is 0 where it says none.
  /// - Throws: ``SpecGANError`` where it cannot be read, or holds none that `gan` takes.
  package init(file: String, for gan: GAN, seed: UInt64? = nil) throws(SpecGANError) {
    let stored: Stored
    stored = try Stored(file, withLabels: gan.labelCount > 0)
    let shape = stored.shape
    guard shape.count == 2, shape[0] > 0, shape[1] == gan.latent else {
      throw .latentShape(path: file, found: shape, expected: gan.latent)
    }
    guard stored.latents.span.isFinite else {
      throw .notFinite(path: file, name: Self.latentsName)
    }
    let numbers = stored.numbers ?? Array(0..<shape[0])
    var labels = gan.labels(ofSounds: numbers)
    if let own = stored.labels { labels = own }
    if let odd = labels.first(where: { !(0..<gan.labelCount).contains($0) }) {
      throw .labelNumber(path: file, found: odd, count: gan.labelCount)
    }
    self.init(
      latents: Tensor(shape: shape, stored.latents), numbers: numbers, labels: labels,
      seed: seed ?? stored.seed ?? 0)
  }

  /// What a file holds, not checked yet.
  private struct Stored {
    let latents: [Float]
    let shape: [Int]
    let numbers: [Int]?
    let labels: [Int]?
    let seed: UInt64?

    package init(_ path: String, withLabels: Bool) throws(SpecGANError) {
      let file = try SafetensorsFile(path: path)
      latents = try file.floats(latentsName)
      shape = file.entry(latentsName)?.shape ?? []
      seed = file.metadata[seedKey].flatMap { UInt64($0) }
      numbers = try file.integers(numbersName, asMany: shape)?.map {
        Int(UInt32(bitPattern: $0))
      }
      labels = withLabels ? try file.integers(labelsName, asMany: shape)?.map { Int($0) } : nil
    }
  }

  /// What a file of them holds, so that the same sounds can be made of it again.
  package var contents: SafetensorsContents {
    var contents = SafetensorsContents(metadata: [Self.seedKey: String(seed)])
    contents.append(Self.latentsName, latents.view)
    if numbers != Array(0..<count) {
      contents.append(
        Self.numbersName, shape: [count],
        numbers.map { Int32(bitPattern: UInt32(truncatingIfNeeded: $0)) })
    }
    contents.append(labels: labels)
    return contents
  }
}

extension SafetensorsContents {
  /// Adds a tensor of labels' numbers, where there are any.
  mutating func append(labels: [Int]) {
    if !labels.isEmpty { append("labels", shape: [labels.count], labels.map { Int32($0) }) }
  }
}

extension SafetensorsFile {
  /// The integers of the tensor `name`, one for each of the first axis of `shape`; nil where there
  /// is none.
  func integers(_ name: String, asMany shape: [Int]) throws(SpecGANError) -> [Int32]? {
    guard entry(name) != nil, let count = shape.first else { return nil }
    return try integers(name, shape: [count])
  }
}
