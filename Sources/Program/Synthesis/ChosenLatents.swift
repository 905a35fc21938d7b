internal import RealModule
package import Safetensors
package import SpecGANErrors
internal import SpecGANFiles
package import SpecGANModels
internal import SpecGANRandomness
internal import SpecGANRuns
internal import SpecGANSettings
package import SpecGANTensors
package import Spectra

/// The latents to generate clips from, with their numbers, labels and random seed.
package struct ChosenLatents: Sendable {
  /// The latents, `[count, latent]`.
  package let latents: Tensor
  /// The number of each clip, on which the initial phase of its inversion depends.
  package let numbers: [Int]
  /// The random seed of the initial phases.
  package let seed: UInt64
  /// The label of each clip; empty if the generator is not conditional.
  package let labels: [LabelMix]
  /// The critic's scores by which the clips were selected; nil if they were not.
  package private(set) var scores: [Float]?
  /// The number of each clip in the name of its file, by which a ``ClipList`` names it: its index,
  /// unless the clips were selected by such a list.
  package private(set) var fileNumbers: [Int]
  /// The name of each clip for its file; nil for its number.
  package private(set) var names: [String?]
  /// The inversion that all clips were made with; nil if it is not known, or not the same for all.
  package private(set) var inversion: InversionConfiguration?

  /// The number of clips.
  package var count: Int { numbers.count }

  /// Draws the latents of clips `0 ..< count` of `gan` with `seed`, uniform in `±truncation`.
  /// Labels are assigned in turn.
  ///
  /// The truncation of Brock, Donahue and Simonyan, "Large Scale GAN Training for High Fidelity
  /// Natural Image Synthesis", ICLR 2019, section 3.1, for uniform instead of normal latents.
  package init(drawnFor gan: GAN, count: Int, seed: UInt64, truncation: Float = 1) {
    let latents = SampleGenerator.latents(0..<count, of: gan.latent, seed: seed)
    latents.withMutableSpan { span in
      for index in span.indices { span[index] *= truncation }
    }
    self.init(
      latents: latents,
      numbers: Array(0..<count), labels: gan.mixes(ofSounds: 0..<count), seed: seed)
  }

  /// Draws the latents of clips `numbers` of `gan` with `seed`; labels are assigned in turn.
  package init(drawnFor gan: GAN, numbers: [Int], seed: UInt64) {
    let rows = numbers.map { SampleGenerator.latents($0..<$0 + 1, of: gan.latent, seed: seed) }
    self.init(
      latents: Tensor(joining: rows.map(\.view)), numbers: numbers,
      labels: gan.mixes(ofSounds: numbers),
      seed: seed)
  }

  /// Creates clips `numbers` from `latents`, `[count, latent]`, with `labels`.
  ///
  /// - Precondition: `numbers` has `count` elements; `labels` has as many, or none.
  package init(latents: Tensor, numbers: [Int], labels: [LabelMix] = [], seed: UInt64) {
    require(
      latents.shape[0] == numbers.count && (labels.isEmpty || labels.count == numbers.count),
      "\(numbers.count) numbers and \(labels.count) labels for latents \(latents.shape)")
    self.latents = latents
    self.numbers = numbers
    self.labels = labels
    self.seed = seed
    fileNumbers = Array(0..<numbers.count)
    names = numbers.map { _ in nil }
  }

  /// Joins `parts`, one after the other. If there are several, file numbers begin at 0.
  ///
  /// - Precondition: there is one, and all have the same seed and are latents of one generator.
  package init(joining parts: [ChosenLatents]) {
    require(
      !parts.isEmpty && parts.allSatisfy { $0.seed == parts[0].seed },
      "\(parts.count) sets of latents have the seeds \(parts.map(\.seed))")
    self.init(
      latents: Tensor(joining: parts.map(\.latents.view)), numbers: parts.flatMap(\.numbers),
      labels: parts.flatMap(\.labels), seed: parts[0].seed)
    if parts.allSatisfy({ $0.scores != nil }) { scores = parts.flatMap { $0.scores ?? [] } }
    if parts.allSatisfy({ $0.inversion == parts[0].inversion }) { inversion = parts[0].inversion }
    if parts.count == 1 { copyFiles(of: parts[0]) }
  }

  /// Takes over the file numbers and names of `other`, which has the same clips.
  private mutating func copyFiles(of other: ChosenLatents) {
    (fileNumbers, names) = (other.fileNumbers, other.names)
  }

  /// Returns the latents at the indices `places`, in that order, with file numbers from 0.
  ///
  /// - Precondition: there is one, and all are indices.
  package func selecting(_ places: [Int], scores chosenScores: [Float]? = nil) -> ChosenLatents {
    var selected = ChosenLatents(
      latents: Tensor(joining: places.map { latents.examples($0..<$0 + 1) }),
      numbers: places.map { numbers[$0] },
      labels: labels.isEmpty ? [] : places.map { labels[$0] }, seed: seed)
    selected.scores = chosenScores ?? scores.map { scores in places.map { scores[$0] } }
    selected.inversion = inversion
    return selected
  }

  /// Returns the latents at the indices `places`, in that order, with their file numbers and with
  /// `names` for their files.
  ///
  /// - Precondition: there is one, all are indices, and there are as many names.
  package func selecting(listed places: [Int], names: [String?]) -> ChosenLatents {
    require(names.count == places.count, "\(names.count) names for \(places.count) clips")
    var selected = selecting(places)
    selected.fileNumbers = places.map { fileNumbers[$0] }
    selected.names = names
    return selected
  }

  /// The same latents and names, with file numbers from 0.
  package var numberedInOrder: ChosenLatents {
    var numbered = selecting(Array(0..<count))
    numbered.names = names
    return numbered
  }

  /// Returns the index of the clip with the file number `number`; nil if there is none.
  package func place(ofFile number: Int) -> Int? { fileNumbers.firstIndex(of: number) }

  /// The file numbers as a phrase, such as `clips 0 to 15`.
  package var fileNumbersText: String {
    if count == 1 { return "only clip \(fileNumbers[0])" }
    if fileNumbers == Array(0..<count) { return "clips 0 to \(count - 1)" }
    let most = 12
    let shown = fileNumbers.prefix(most).map(String.init).joined(separator: ", ")
    return count > most ? "clips \(shown) and \(count - most) more" : "clips \(shown)"
  }

  /// Returns the latent at index `row`, followed by that of `other` at index `otherRow`, with the
  /// seed of the first.
  ///
  /// - Precondition: both are latents of one generator, and the indices are valid.
  package func joined(_ row: Int, with other: ChosenLatents, _ otherRow: Int) -> ChosenLatents {
    let parts = [(self, row), (other, otherRow)]
    return ChosenLatents(
      latents: Tensor(joining: parts.map { $0.latents.examples($1..<$1 + 1) }),
      numbers: parts.map { $0.numbers[$1] },
      labels: labels.isEmpty ? [] : parts.map { $0.labels[$1] }, seed: seed)
  }

  /// Returns the same latents, all with one label.
  package func labeled(_ label: LabelMix) -> ChosenLatents {
    var labeled = ChosenLatents(
      latents: latents, numbers: numbers, labels: numbers.map { _ in label }, seed: seed)
    labeled.inversion = inversion
    labeled.copyFiles(of: self)
    return labeled
  }

  /// Returns the latents plus `offset`, with the same numbers and labels.
  ///
  /// - Precondition: `offset` has as many elements as a latent.
  package func moved(by offset: [Float]) -> ChosenLatents {
    let width = latents.stride
    require(offset.count == width, "an offset of \(offset.count) elements, not \(width)")
    let values = latents.values.enumerated().map { $0.element + offset[$0.offset % width] }
    var moved = ChosenLatents(
      latents: Tensor(shape: latents.shape, values), numbers: numbers, labels: labels, seed: seed)
    moved.inversion = inversion
    moved.copyFiles(of: self)
    return moved
  }

  /// Returns each latent, followed by `count` relatives at each of `distances`.
  ///
  /// The relative of `z` at distance `d` is `cos(πd/2) · z + sin(πd/2) · r` with a random latent
  /// `r`: nearly `z` for a small distance, and an unrelated latent at 1. It has the variance of
  /// random latents. All relatives have the number of their original, and thus the initial phases
  /// of its inversion.
  ///
  /// - Precondition: `count` is positive, and distances are in `0 ... 1`.
  package func withRelatives(atDistances distances: [Double], count: Int) -> ChosenLatents {
    let width = latents.stride
    var (values, sources) = ([Float](), [Int]())
    for row in 0..<self.count {
      let original = latents.examples(row..<row + 1).values
      values += original
      let stream = RandomStream(
        seed: seed, purpose: .relatives, row: UInt32(truncatingIfNeeded: numbers[row]))
      var random = [Float](repeating: 0, count: distances.count * count * width)
      var span = random.mutableSpan
      stream.fill(&span, from: 0, lowest: -1, width: 2)
      for relative in 0..<distances.count * count {
        let angle = distances[relative / count] * .pi / 2
        let (near, far) = (Float(Double.cos(angle)), Float(Double.sin(angle)))
        for index in 0..<width {
          values.append(near * original[index] + far * random[relative * width + index])
        }
      }
      sources += [Int](repeating: row, count: 1 + distances.count * count)
    }
    var relatives = ChosenLatents(
      latents: Tensor(shape: [sources.count, width], values), numbers: sources.map { numbers[$0] },
      labels: labels.isEmpty ? [] : sources.map { labels[$0] }, seed: seed)
    relatives.inversion = inversion
    return relatives
  }

  /// Returns the `count` latents whose samples have the highest critic scores, the highest first.
  ///
  /// A conditional critic scores each sample by its label.
  ///
  /// - Precondition: `count` is at most ``count``.
  package func best(
    _ count: Int, by generator: SampleGenerator, _ scorer: CriticScorer
  ) -> ChosenLatents {
    require(count <= self.count, "the best \(count) of \(self.count) are requested")
    var scores: [Float] = []
    for (_, batch) in batches(of: SampleGenerator.batchSize) {
      let samples = generator.samples(batch.latents, labels: batch.labels)
      scores += scorer.scores(samples, labels: batch.labels).values
    }
    // NaN has no order, and ranks last.
    let ranks = scores.map { $0.isNaN ? -.infinity : $0 }
    let order = Array(ranks.indices.sorted { (ranks[$0], $1) > (ranks[$1], $0) }.prefix(count))
    return selecting(order, scores: order.map { scores[$0] })
  }

  /// Returns the latents in batches of `size`, so that memory does not grow with their number.
  package func batches(of size: Int) -> [(first: Int, part: ChosenLatents)] {
    stride(from: 0, to: count, by: size).map {
      ($0, selecting(Array($0..<min($0 + size, count))))
    }
  }
}

// MARK: - Files

extension ChosenLatents {
  private static let latentsName = "z"
  private static let numbersName = "numbers"
  private static let fileNumbersName = "file_numbers"
  private static let seedKey = "seed"

  /// Reads the latents in `files` one after the other; see ``init(file:for:labels:seed:)``.
  ///
  /// - Throws: ``SpecGANError`` if a file cannot be read, its latents do not match `gan`, or the
  ///   files have different seeds and `seed` is nil.
  /// - Precondition: there is a file.
  package init(
    files: [String], for gan: GAN, labels: [String], seed: UInt64? = nil
  ) throws(SpecGANError) {
    var parts: [ChosenLatents] = []
    for file in files {
      let part = try ChosenLatents(file: file, for: gan, labels: labels, seed: seed)
      if let first = parts.first, first.seed != part.seed {
        throw .otherSeeds(first: files[0], second: file)
      }
      parts.append(part)
    }
    self.init(joining: parts)
  }

  /// Reads the latents in `file`: those in the tensor `z` of a safetensors file, with their
  /// numbers, labels and seed, or that in the recipe of a WAV file; see ``ClipRecipe``.
  ///
  /// Without numbers in the file, clips are numbered from 0. Without labels, a conditional `gan`
  /// gets them in turn. `seed` overrides the file's seed; the default is 0.
  ///
  /// - Parameters:
  ///   - file: the file; one that ends in `.wav` has a recipe.
  ///   - gan: the networks.
  ///   - names: the labels of the networks, which a recipe names.
  ///   - seed: the random seed of the initial phases.
  /// - Throws: ``SpecGANError`` if the file cannot be read, or its latents do not match `gan`.
  package init(
    file: String, for gan: GAN, labels names: [String] = [], seed: UInt64? = nil
  ) throws(SpecGANError) {
    if Self.isAudio(file) {
      let recipe = try ClipRecipe(file: file)
      guard recipe.latent.count == gan.latent else {
        throw .latentShape(path: file, found: [1, recipe.latent.count], expected: gan.latent)
      }
      let mix = gan.labelCount == 0 ? nil : try recipe.mix(of: names, file: file)
      self.init(
        latents: Tensor(shape: [1, gan.latent], recipe.latent), numbers: [recipe.number],
        labels: mix.map { [$0] } ?? gan.mixes(ofSounds: [recipe.number]),
        seed: seed ?? recipe.seed)
      inversion = recipe.inversionConfiguration
      return
    }
    let stored: Stored
    stored = try Stored(file)
    let shape = stored.shape
    guard shape.count == 2, shape[0] > 0, shape[1] == gan.latent else {
      throw .latentShape(path: file, found: shape, expected: gan.latent)
    }
    guard stored.latents.span.isFinite else {
      throw .notFinite(path: file, name: Self.latentsName)
    }
    let numbers = stored.numbers ?? Array(0..<shape[0])
    let labels =
      gan.labelCount == 0
      ? [] : try stored.file.labelMixes(count: shape[0], of: gan.labelCount, path: file)
    self.init(
      latents: Tensor(shape: shape, stored.latents), numbers: numbers,
      labels: labels ?? gan.mixes(ofSounds: numbers), seed: seed ?? stored.seed ?? 0)
    if let given = stored.fileNumbers { fileNumbers = given }
  }

  /// Returns the checkpoint, and its step, that made the clips of the latents in `file`; nil if
  /// they do not name it.
  ///
  /// - Throws: ``SpecGANError`` if the file cannot be read.
  package static func origin(ofFile file: String) throws(SpecGANError) -> (path: String, step: Int)?
  {
    if isAudio(file) {
      let recipe = try ClipRecipe(file: file)
      return (recipe.checkpoint, recipe.step)
    }
    let metadata = try SafetensorsFile(path: file).metadata
    guard let path = metadata[checkpointKey], let step = metadata[stepKey].flatMap(Int.init) else {
      return nil
    }
    return (path, step)
  }

  /// Returns whether `file` has the name of a WAV file.
  private static func isAudio(_ file: String) -> Bool { file.fileExtension == "wav" }

  private static let checkpointKey = "checkpoint"
  private static let stepKey = "step"

  /// The contents of a file, not yet checked.
  private struct Stored {
    let latents: [Float]
    let shape: [Int]
    let numbers, fileNumbers: [Int]?
    let seed: UInt64?
    let file: SafetensorsFile

    init(_ path: String) throws(SpecGANError) {
      let file = try SafetensorsFile(path: path)
      let shape = file.entry(latentsName)?.shape ?? []
      latents = try file.floats(latentsName)
      numbers = try Self.unsigned(numbersName, in: file, asMany: shape)
      fileNumbers = try Self.unsigned(fileNumbersName, in: file, asMany: shape)
      seed = file.metadata[seedKey].flatMap { UInt64($0) }
      (self.file, self.shape) = (file, shape)
      if let number = fileNumbers?.firstRepeated {
        throw .repeatedFileNumber(path: path, number: number)
      }
    }

    private static func unsigned(
      _ name: String, in file: SafetensorsFile, asMany shape: [Int]
    ) throws(SpecGANError) -> [Int]? {
      try file.integers(name, asMany: shape)?.map { Int(UInt32(bitPattern: $0)) }
    }
  }

  /// The contents of a file, from which the checkpoint at `path` of `step` can generate the same
  /// clips again. The metadata name it.
  package func contents(of path: String, step: Int) -> SafetensorsContents {
    var contents = contents
    contents.metadata[Self.checkpointKey] = path
    contents.metadata[Self.stepKey] = String(step)
    return contents
  }

  /// The contents of a file, from which the same clips can be generated again.
  package var contents: SafetensorsContents {
    var contents = SafetensorsContents(metadata: [Self.seedKey: String(seed)])
    contents.append(Self.latentsName, latents.view)
    for (name, numbers) in [(Self.numbersName, numbers), (Self.fileNumbersName, fileNumbers)]
    where numbers != Array(0..<count) {
      contents.append(
        name, shape: [count], numbers.map { Int32(bitPattern: UInt32(truncatingIfNeeded: $0)) })
    }
    contents.append(labels: labels)
    return contents
  }
}

extension [Int] {
  /// The first element that occurred before; nil if none did.
  fileprivate var firstRepeated: Int? {
    var known: Set<Int> = []
    return first { !known.insert($0).inserted }
  }
}

/// The name of the labels in files of latents and of samples.
private let labelsName = "labels"

extension SafetensorsContents {
  /// Adds a tensor of label indices, `[n]`, or of weights, `[n, labels]`, if there are mixtures;
  /// none if `labels` is empty.
  mutating func append(labels: [LabelMix]) {
    guard let first = labels.first else { return }
    let indices = labels.compactMap(\.index)
    if indices.count == labels.count {
      append(labelsName, shape: [labels.count], indices.map { Int32($0) })
    } else {
      append(labelsName, shape: [labels.count, first.weights.count], labels.flatMap(\.weights))
    }
  }
}

extension SafetensorsFile {
  /// Returns the labels of `count` samples of a network with `labelCount` labels: indices, `[n]`,
  /// or weights, `[n, labels]`; nil if the file at `path` has none.
  ///
  /// - Throws: ``SpecGANError`` if they have another shape, an index is out of range, or weights
  ///   are no mixture.
  func labelMixes(
    count: Int, of labelCount: Int, path: String
  ) throws(SpecGANError) -> [LabelMix]? {
    guard let entry = entry(labelsName) else { return nil }
    guard entry.shape.count == 2 else {
      let indices = try integers(labelsName, shape: [count]).map { Int($0) }
      if let odd = indices.first(where: { !(0..<labelCount).contains($0) }) {
        throw .labelNumber(path: path, found: odd, count: labelCount)
      }
      return indices.map { LabelMix($0, of: labelCount) }
    }
    let weights = try floats(labelsName, shape: [count, labelCount])
    return try (0..<count).map { (row) throws(SpecGANError) in
      guard let mix = LabelMix(Array(weights[row * labelCount..<(row + 1) * labelCount])) else {
        throw .labelWeights(path: path, row: row)
      }
      return mix
    }
  }

  /// Returns the integers of the tensor `name`, as many as the first dimension of `shape`; nil if
  /// there is no such tensor.
  func integers(_ name: String, asMany shape: [Int]) throws(SpecGANError) -> [Int32]? {
    guard entry(name) != nil, let count = shape.first else { return nil }
    return try integers(name, shape: [count])
  }
}
