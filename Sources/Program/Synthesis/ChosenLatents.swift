internal import RealModule
internal import SpecGANErrors
package import SpecGANModels
internal import SpecGANRandomness
package import SpecGANTensors
package import Spectra

/// The latents to generate clips from, with their numbers, labels and random seed.
package struct ChosenLatents: Sendable {
  /// The latents, `[count, latent]`; or those for each layer of a style-based generator, `[count,
  /// layers, latent]`.
  package let latents: Tensor
  /// The number of each clip, on which the initial phase of its inversion and
  /// its noise inputs depend.
  package let numbers: [Int]
  /// The random seed of the initial phases.
  package let seed: UInt64
  /// The label of each clip; empty if the generator is not conditional.
  package let labels: [LabelMix]
  /// The truncation factor of each clip's style, for a style-based generator; 1 for no truncation.
  package var truncations: [Float]
  /// The critic's scores by which the clips were selected; nil if they were not.
  package internal(set) var scores: [Float]?
  /// The number of each clip in the name of its file, by which a ``ClipList`` names it: its index,
  /// unless the clips were selected by such a list.
  package internal(set) var fileNumbers: [Int]
  /// The name of each clip for its file; nil for its number.
  package internal(set) var names: [String?]
  /// The inversion that all clips were made with; nil if it is not known, or not the same for all.
  package internal(set) var inversion: InversionConfiguration?

  /// The number of clips.
  package var count: Int { numbers.count }

  /// Draws the latents of clips `0 ..< count` of `gan` with `seed`. Labels are assigned in turn.
  ///
  /// The latents are uniform in `±truncation`: the truncation of Brock, Donahue and Simonyan,
  /// "Large Scale GAN Training for High Fidelity Natural Image Synthesis", ICLR 2019, section 3.1,
  /// for uniform instead of normal latents. A style-based generator normalizes latents, so its
  /// latents stay uniform in `±1`, and its styles are truncated instead; see ``StyleTruncation``.
  package init(drawnFor gan: GAN, count: Int, seed: UInt64, truncation: Float = 1) {
    let latents = SampleGenerator.latents(0..<count, of: gan.latent, seed: seed)
    let isOfStyles = gan.styledLayers > 0
    if !isOfStyles {
      latents.withMutableSpan { span in
        for index in span.indices { span[index] *= truncation }
      }
    }
    self.init(
      latents: latents,
      numbers: Array(0..<count), labels: gan.mixes(ofSounds: 0..<count), seed: seed)
    if isOfStyles { truncations = truncations.map { _ in truncation } }
  }

  /// Draws the latents of clips `numbers` of `gan` with `seed`; labels are assigned in turn.
  package init(drawnFor gan: GAN, numbers: [Int], seed: UInt64) {
    let rows = numbers.map { SampleGenerator.latents($0..<$0 + 1, of: gan.latent, seed: seed) }
    self.init(
      latents: Tensor(joining: rows.map(\.view)), numbers: numbers,
      labels: gan.mixes(ofSounds: numbers),
      seed: seed)
  }

  /// Creates clips `numbers` from `latents`, `[count, latent]` or `[count, layers, latent]`, with
  /// `labels`.
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
    truncations = numbers.map { _ in 1 }
  }

  /// Joins `parts`, one after the other. If there are several, file numbers begin at 0.
  ///
  /// - Precondition: there is one, and all have the same seed and are latents of one generator.
  package init(joining parts: [ChosenLatents]) {
    require(
      !parts.isEmpty && parts.allSatisfy { $0.seed == parts[0].seed },
      "\(parts.count) sets of latents have the seeds \(parts.map(\.seed))")
    let layers = parts.map(\.layers).max() ?? 1
    self.init(
      latents: Tensor(joining: parts.map { $0.latents(ofLayers: layers).view }),
      numbers: parts.flatMap(\.numbers),
      labels: parts.flatMap(\.labels), seed: parts[0].seed)
    truncations = parts.flatMap(\.truncations)
    if parts.allSatisfy({ $0.scores != nil }) { scores = parts.flatMap { $0.scores ?? [] } }
    if parts.allSatisfy({ $0.inversion == parts[0].inversion }) { inversion = parts[0].inversion }
    if parts.count == 1 { copyProperties(of: parts[0]) }
  }

  /// Copies the truncations, file numbers and names of `other`, which has the same clips.
  private mutating func copyProperties(of other: ChosenLatents) {
    (truncations, fileNumbers, names) = (other.truncations, other.fileNumbers, other.names)
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
    selected.truncations = places.map { truncations[$0] }
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
    let count = max(layers, other.layers)
    var joined = ChosenLatents(
      latents: Tensor(
        joining: parts.map { $0.latents(ofLayers: count).examples($1..<$1 + 1) }),
      numbers: parts.map { $0.numbers[$1] },
      labels: labels.isEmpty ? [] : parts.map { $0.labels[$1] }, seed: seed)
    joined.truncations = parts.map { $0.truncations[$1] }
    return joined
  }

  /// Returns the same latents, all with one label.
  package func labeled(_ label: LabelMix) -> ChosenLatents {
    var labeled = ChosenLatents(
      latents: latents, numbers: numbers, labels: numbers.map { _ in label }, seed: seed)
    labeled.inversion = inversion
    labeled.copyProperties(of: self)
    return labeled
  }

  /// Returns the latents plus `offset`, with the same numbers and labels.
  ///
  /// - Precondition: `offset` has as many elements as a latent.
  package func moved(by offset: [Float]) -> ChosenLatents {
    let width = latents.shape[latents.shape.count - 1]
    require(offset.count == width, "an offset of \(offset.count) elements, not \(width)")
    let values = latents.values.enumerated().map { $0.element + offset[$0.offset % width] }
    return replacingLatents(by: Tensor(shape: latents.shape, values))
  }

  /// Returns the same clips with `latents`.
  func replacingLatents(by latents: Tensor) -> ChosenLatents {
    var replaced = ChosenLatents(latents: latents, numbers: numbers, labels: labels, seed: seed)
    replaced.inversion = inversion
    replaced.copyProperties(of: self)
    return replaced
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
      latents: Tensor(shape: [sources.count] + latents.shape.dropFirst(), values),
      numbers: sources.map { numbers[$0] },
      labels: labels.isEmpty ? [] : sources.map { labels[$0] }, seed: seed)
    relatives.inversion = inversion
    relatives.truncations = sources.map { truncations[$0] }
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
      let samples = generator.samples(batch)
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
