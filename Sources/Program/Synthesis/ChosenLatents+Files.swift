package import Safetensors
package import SpecGANErrors
internal import SpecGANFiles
package import SpecGANModels
internal import SpecGANRuns
internal import SpecGANSettings
internal import SpecGANTensors

extension ChosenLatents {
  private static let latentsName = "z"
  private static let numbersName = "numbers"
  private static let fileNumbersName = "file_numbers"
  private static let truncationsName = "truncations"
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
      let isOfLayers = gan.styledLayers > 0 && recipe.latent.count == gan.styledLayers * gan.latent
      let shape = try gan.shape(
        ofLatents: isOfLayers
          ? [1, gan.styledLayers, gan.latent] : [1, recipe.latent.count], in: file)
      let mix = gan.labelCount == 0 ? nil : try recipe.mix(of: names, file: file)
      self.init(
        latents: Tensor(shape: shape, recipe.latent), numbers: [recipe.number],
        labels: mix.map { [$0] } ?? gan.mixes(ofSounds: [recipe.number]),
        seed: seed ?? recipe.seed)
      inversion = recipe.inversionConfiguration
      truncations = try gan.checked([recipe.truncation ?? 1], in: file)
      return
    }
    let stored: Stored
    stored = try Stored(file)
    let shape = try gan.shape(ofLatents: stored.shape, in: file)
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
    if let given = stored.truncations { truncations = try gan.checked(given, in: file) }
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
    let truncations: [Float]?
    let seed: UInt64?
    let file: SafetensorsFile

    init(_ path: String) throws(SpecGANError) {
      let file = try SafetensorsFile(path: path)
      let shape = file.entry(latentsName)?.shape ?? []
      latents = try file.floats(latentsName)
      numbers = try Self.unsigned(numbersName, in: file, asMany: shape)
      fileNumbers = try Self.unsigned(fileNumbersName, in: file, asMany: shape)
      truncations = try file.entry(truncationsName).map { (_) throws(SpecGANError) in
        try file.floats(truncationsName, shape: Array(shape.prefix(1)))
      }
      if truncations.map({ !$0.allSatisfy { (0...1).contains($0) } }) ?? false {
        throw .truncations(path: path)
      }
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
    if truncations.contains(where: { $0 != 1 }) {
      contents.append(Self.truncationsName, shape: [count], truncations)
    }
    contents.append(labels: labels)
    return contents
  }
}

extension GAN {
  /// Returns `shape`, that of latents in the file `file`: `[n, latent]`, or for each layer of a
  /// style-based generator, `[n, layers, latent]`.
  ///
  /// - Throws: ``SpecGANError`` if they are not latents of these networks.
  fileprivate func shape(ofLatents shape: [Int], in file: String) throws(SpecGANError) -> [Int] {
    let isOfLayers = styledLayers > 0 && Array(shape.dropFirst()) == [styledLayers, latent]
    guard isOfLayers || Array(shape.dropFirst()) == [latent], shape[0] > 0 else {
      throw .latentShape(path: file, found: shape, expected: latent, layers: styledLayers)
    }
    return shape
  }

  /// Returns `truncations`, those of styles in the file `file`.
  ///
  /// - Throws: ``SpecGANError`` if the generator is not style-based, but styles are truncated.
  fileprivate func checked(
    _ truncations: [Float], in file: String
  ) throws(SpecGANError) -> [Float] {
    guard styledLayers > 0 || truncations.allSatisfy({ $0 == 1 }) else {
      throw .noStylesToTruncate(path: file)
    }
    return truncations
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
