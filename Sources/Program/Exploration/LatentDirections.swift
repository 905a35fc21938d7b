internal import RealModule
internal import Scores
package import SpecGANErrors
internal import SpecGANModels
internal import SpecGANRuns
internal import SpecGANSettings
package import SpecGANSynthesis
package import SpecGANTensors
internal import SpecGANWorkers
internal import Spectra
internal import Waveforms

/// A direction in the space of latents along which one property of clips changes.
package struct LatentDirection: Equatable, Sendable {
  /// The name: that of a ``SoundDescriptor``, or `component-1` and so on.
  package let name: String
  /// The direction, of norm 1.
  package let vector: [Float]
  /// The correlation of the property, as the direction predicts it, with the measured one, on clips
  /// that were not used to find it.
  package let correlation: Double
  /// The change of the property, in its unit, by a turn of 1. That of a component is in standard
  /// deviations of the component.
  package let effect: Double

  /// The unit of the property.
  package var unit: String { SoundDescriptor(rawValue: name)?.unit ?? "deviations" }

  /// The length of a turn of 1: the standard deviation of random latents along any direction,
  /// `1/√3` for elements that are uniform in `[−1, 1)`.
  package static let turnLength = (1.0 / 3).squareRoot()
}

/// The directions of a generator, from many of its clips.
///
/// A property is regressed on latents by least squares: its slope is the direction. Labels may have
/// any means. The principal components of the clips' coarse spectrograms are such properties, too
/// (Härkönen et al., "GANSpace: Discovering Interpretable GAN Controls", NeurIPS 2020, section 2.1,
/// regresses latents on principal components of activations).
package struct LatentDirections: Equatable, Sendable {
  /// The directions, those of descriptors first.
  package let directions: [LatentDirection]
  /// The step of the checkpoint.
  package let step: Int
  /// The number of clips.
  package let count: Int
  /// The random seed of the clips.
  package let seed: UInt64

  /// The number of clips by default.
  package static let defaultCount = 4_096
  /// The fewest clips: several for each element of a latent.
  package static let leastCount = 512
  /// The number of components.
  private static let componentCount = 4
  /// The least correlation of a direction.
  private static let leastCorrelation = 0.2
  /// The share of clips that have a descriptor, for instance a pitch, for a direction of it.
  private static let leastShare = 0.25

  /// Creates directions that are known.
  init(_ directions: [LatentDirection], step: Int, count: Int, seed: UInt64) {
    self.directions = directions
    (self.step, self.count, self.seed) = (step, count, seed)
  }

  /// Finds the directions of the generator of `generator`'s checkpoint.
  ///
  /// The clips are not inverted: their properties come from their spectrograms.
  ///
  /// - Parameters:
  ///   - generator: the generator.
  ///   - path: the checkpoint, for errors.
  ///   - count: the number of clips, at least ``leastCount``.
  ///   - seed: the random seed of the clips.
  ///   - engine: the threads.
  ///   - progress: called after each batch with the number of clips so far; may throw to stop.
  /// - Throws: ``SpecGANError`` if nearly all clips are silent or the generator's output is not
  ///   finite; the error of `progress`.
  package init(
    of generator: SampleGenerator, at path: String, count: Int = defaultCount, seed: UInt64 = 0,
    engine: Engine, progress: (_ done: Int) throws(SpecGANError) -> Void = { _ in }
  ) throws(SpecGANError) {
    let clips = try ProfiledClips(
      of: generator, at: path, count: count, seed: seed, engine: engine, progress: progress)
    guard clips.count >= Self.leastCount / 2 else {
      throw .tooFewAudible(path: path, found: clips.count, count: count)
    }
    var found: [LatentDirection] = []
    for descriptor in SoundDescriptor.allCases {
      let values = clips.profiles.map { $0[descriptor] }
      guard Double(values.count { $0 != nil }) >= Self.leastShare * Double(count) else { continue }
      found += [clips.direction(descriptor.rawValue, values)].compactMap(\.self)
    }
    let components = try clips.components(Self.componentCount, on: engine.workers)
    for (index, values) in components.enumerated() {
      found += [clips.direction("component-\(index + 1)", values)].compactMap(\.self)
    }
    self.init(
      found.filter { $0.correlation >= Self.leastCorrelation }, step: generator.checkpoint.step,
      count: count, seed: seed)
  }

  /// Returns the direction `name`; nil if there is none.
  package subscript(name: String) -> LatentDirection? { directions.first { $0.name == name } }

  /// Moves latents along directions, each by the turn of its name.
  ///
  /// - Parameters:
  ///   - chosen: the latents.
  ///   - turns: the turn of each direction, in standard deviations of random latents.
  ///   - path: the checkpoint, for errors.
  /// - Returns: the moved latents, with the numbers and labels of `chosen`.
  /// - Throws: ``SpecGANError`` if there is no direction of a name.
  package func turned(
    _ chosen: ChosenLatents, by turns: [(name: String, amount: Double)], at path: String
  ) throws(SpecGANError) -> ChosenLatents {
    // The last axis is a latent, also if each layer has one.
    var offset = [Double](repeating: 0, count: chosen.latents.shape.last ?? 0)
    for (name, amount) in turns {
      guard let direction = self[name] else {
        throw .unknownDirection(name, path: path, known: directions.map(\.name))
      }
      let length = amount * LatentDirection.turnLength
      for index in offset.indices { offset[index] += length * Double(direction.vector[index]) }
    }
    return chosen.moved(by: offset.map { Float($0) })
  }
}

// MARK: - Clips

/// The latents of audible clips, with their properties.
private struct ProfiledClips {
  /// The latents, a row for each clip.
  let latents: [[Double]]
  /// The group of each clip: that of its label.
  let groups: [Int]
  /// The descriptors of each clip.
  let profiles: [[SoundDescriptor: Double]]
  /// The coarse spectrogram of each clip.
  private let pictures: [ClipFeatures]

  /// The share of clips from which directions are found; the others test them.
  private static let fittedShare = 0.75

  var count: Int { latents.count }
  private var fittedCount: Int { Int(Self.fittedShare * Double(count)) }

  init(
    of generator: SampleGenerator, at path: String, count: Int, seed: UInt64, engine: Engine,
    progress: (_ done: Int) throws(SpecGANError) -> Void
  ) throws(SpecGANError) {
    let checkpoint = generator.checkpoint
    let codec = try SampleCodec(checkpoint)
    let configuration = checkpoint.configuration
    let profiler = SoundProfiler(
      configuration.spectrogram, sampleRate: configuration.audio.sampleRate)
    let chosen = ChosenLatents(drawnFor: checkpoint.gan, count: count, seed: seed)
    var (latents, groups) = ([[Double]](), [Int]())
    var (profiles, pictures) = ([[SoundDescriptor: Double]](), [ClipFeatures]())
    for (first, batch) in chosen.batches(of: SampleGenerator.batchSize) {
      let samples = generator.samples(batch)
      let magnitudes = try codec.magnitudes(of: samples, from: path, on: engine.workers)
      let found = engine.workers.map(batch.count) { index, _ in
        (
          profiler.profile(of: magnitudes[index]),
          ClipFeatures(magnitudes[index], configuration.spectrogram)
        )
      }
      for (index, (profile, picture)) in found.enumerated() {
        guard let profile else { continue }
        latents.append(batch.latents.examples(index..<index + 1).values.map(Double.init))
        groups.append(batch.labels.isEmpty ? 0 : batch.labels[index].dominant)
        profiles.append(profile)
        pictures.append(picture)
      }
      try progress(first + batch.count)
    }
    self.latents = latents
    (self.groups, self.profiles, self.pictures) = (groups, profiles, pictures)
  }

  /// Returns `values`, minus the mean of each group; nil stays nil.
  private func centered(_ values: [Double?]) -> [Double?] {
    var sums: [Int: (sum: Double, count: Double)] = [:]
    for (group, value) in zip(groups, values) {
      guard let value else { continue }
      sums[group, default: (0, 0)].sum += value
      sums[group, default: (0, 0)].count += 1
    }
    return zip(groups, values).map { group, value in
      guard let value, let mean = sums[group].map({ $0.sum / $0.count }) else { return nil }
      return value - mean
    }
  }

  /// Returns the values of the `count` first principal components of the coarse spectrograms,
  /// divided by their standard deviation.
  func components(_ count: Int, on workers: Workers) throws(SpecGANError) -> [[Double?]] {
    let size = ClipFeatures.count
    let columns = (0..<size).map { column in
      centered(pictures.map { Double($0.levels[column]) })
    }
    var rows: [Float] = []
    for clip in pictures.indices { rows += columns.map { Float($0[clip] ?? 0) } }
    let found = try PrincipalComponents(of: Features(rows, dimension: size), workers: workers)
    return (0..<count).map { index in
      let deviation = found.variances[index].squareRoot()
      return pictures.indices.map { clip in
        zip(found[index], columns).reduce(0.0) { $0 + Double($1.0) * ($1.1[clip] ?? 0) } / deviation
      }
    }
  }

  /// Returns the direction of the property `values` of each clip; nil if all values are equal.
  func direction(_ name: String, _ values: [Double?]) -> LatentDirection? {
    let values = centered(values)
    let fitted = (0..<fittedCount).filter { values[$0] != nil }
    let tested = (fittedCount..<count).filter { values[$0] != nil }
    let slopes = slopes(of: values, at: fitted)
    let norm = slopes.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard norm > 0, norm.isFinite else { return nil }
    let predictions = tested.map { clip in
      zip(slopes, latents[clip]).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let correlation = Self.correlation(predictions, tested.compactMap { values[$0] })
    return LatentDirection(
      name: name, vector: slopes.map { Float($0 / norm) },
      correlation: correlation, effect: norm * LatentDirection.turnLength)
  }

  /// Returns the slopes of `values` over latents at the indices `clips`, by least squares.
  ///
  /// A small ridge keeps the equations solvable if there are fewer clips than elements.
  private func slopes(of values: [Double?], at clips: [Int]) -> [Double] {
    guard let size = latents.first?.count else { return [] }
    var matrix = [Double](repeating: 0, count: size * size)
    var right = [Double](repeating: 0, count: size)
    for clip in clips {
      let latent = latents[clip]
      for row in 0..<size {
        right[row] += latent[row] * (values[clip] ?? 0)
        for column in 0...row { matrix[row * size + column] += latent[row] * latent[column] }
      }
    }
    for row in 0..<size { matrix[row * size + row] += 1e-3 * Double(clips.count) + 1e-9 }
    return solve(matrix, right)
  }

  private static func correlation(_ first: [Double], _ second: [Double]) -> Double {
    let count = Double(first.count)
    let (mean, other) = (first.reduce(0, +) / count, second.reduce(0, +) / count)
    var (product, square, otherSquare) = (0.0, 0.0, 0.0)
    for (a, b) in zip(first, second) {
      product += (a - mean) * (b - other)
      square += (a - mean) * (a - mean)
      otherSquare += (b - other) * (b - other)
    }
    let norms = (square * otherSquare).squareRoot()
    return norms > 0 ? product / norms : 0
  }
}

/// Solves a system of linear equations by Cholesky's decomposition.
///
/// - Parameters:
///   - matrix: a positive definite matrix, `[size, size]`; only its lower triangle is read.
///   - right: the right side, `[size]`.
/// - Returns: the solution, `[size]`.
private func solve(_ matrix: [Double], _ right: [Double]) -> [Double] {
  let size = right.count
  var lower = matrix
  var solution = right
  for row in 0..<size {
    for column in 0...row {
      var sum = lower[row * size + column]
      for index in 0..<column { sum -= lower[row * size + index] * lower[column * size + index] }
      lower[row * size + column] =
        row == column ? sum.squareRoot() : sum / lower[column * size + column]
    }
    for index in 0..<row { solution[row] -= lower[row * size + index] * solution[index] }
    solution[row] /= lower[row * size + row]
  }
  for row in (0..<size).reversed() {
    for index in row + 1..<max(size, row + 1) {
      solution[row] -= lower[index * size + row] * solution[index]
    }
    solution[row] /= lower[row * size + row]
  }
  return solution
}
