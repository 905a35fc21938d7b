package import Safetensors
package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANModels
package import SpecGANRuns
package import SpecGANSynthesis
package import SpecGANTensors

/// Directions in a file of a run: a tensor `directions`, `[n, latent]`, with `correlations` and
/// `effects`, `[n]`. The metadata have the names, the step of the checkpoint, and the number and
/// the random seed of the clips.
extension LatentDirections {
  private enum Name {
    static let directions = "directions"
    static let correlations = "correlations"
    static let effects = "effects"
    static let names = "names"
    static let step = "step"
    static let count = "count"
    static let seed = "seed"
  }

  /// Reads the directions in the file at `path`, for latents of `latent` elements.
  ///
  /// - Throws: ``SpecGANError`` if the file cannot be read, or has no such directions.
  package init(path: String, latent: Int) throws(SpecGANError) {
    let file = try SafetensorsFile(path: path)
    let metadata = file.metadata
    let names = (metadata[Name.names] ?? "").split(separator: ",").map(String.init)
    guard let step = metadata[Name.step].flatMap({ Int($0) }),
      let count = metadata[Name.count].flatMap({ Int($0) }),
      let seed = metadata[Name.seed].flatMap({ UInt64($0) })
    else { throw .notDirections(path: path) }
    guard !names.isEmpty else {
      self.init([], step: step, count: count, seed: seed)
      return
    }
    let vectors = try file.floats(Name.directions, shape: [names.count, latent])
    let correlations = try file.floats(Name.correlations, shape: [names.count])
    let effects = try file.floats(Name.effects, shape: [names.count])
    for (name, values) in [
      (Name.directions, vectors), (Name.correlations, correlations), (Name.effects, effects),
    ] where !values.span.isFinite {
      throw .notFinite(path: path, name: name)
    }
    let directions = names.enumerated().map { index, name in
      LatentDirection(
        name: name, vector: Array(vectors[index * latent..<(index + 1) * latent]),
        correlation: Double(correlations[index]), effect: Double(effects[index]))
    }
    self.init(directions, step: step, count: count, seed: seed)
  }

  /// The contents of a file, from which the same directions are read.
  package var contents: SafetensorsContents {
    var contents = SafetensorsContents(metadata: [
      Name.names: directions.map(\.name).joined(separator: ","), Name.step: String(step),
      Name.count: String(count), Name.seed: String(seed),
    ])
    guard let first = directions.first else { return contents }
    let shape = [directions.count, first.vector.count]
    contents.append(Name.directions, shape: shape, directions.flatMap(\.vector))
    contents.append(
      Name.correlations, shape: [directions.count], directions.map { Float($0.correlation) })
    contents.append(Name.effects, shape: [directions.count], directions.map { Float($0.effect) })
    return contents
  }

  /// Reads the directions of a generator from its run, or else finds them and writes them there.
  ///
  /// A checkpoint outside of a run, or of a run that may not be written, gets new ones each time.
  ///
  /// - Parameters:
  ///   - generator: the generator.
  ///   - path: its checkpoint.
  ///   - engine: the threads.
  ///   - progress: called after each batch with the number of clips so far.
  /// - Returns: the directions.
  /// - Throws: ``SpecGANError`` if they cannot be found, read or written.
  package static func stored(
    for generator: SampleGenerator, at path: String, engine: Engine,
    progress: (_ done: Int) -> Void = { _ in }
  ) throws(SpecGANError) -> LatentDirections {
    let run = try RunFolder(holdingCheckpoint: path)
    let checkpoint = generator.checkpoint
    if let file = run?.directionsPath(step: checkpoint.step), try Folder.exists(file) {
      let known = try LatentDirections(path: file, latent: checkpoint.gan.latent)
      guard known.step == checkpoint.step else { throw .notDirections(path: file) }
      return known
    }
    let found = try LatentDirections(of: generator, at: path, engine: engine, progress: progress)
    _ = try found.write(to: run)
    return found
  }

  /// Writes the directions to the file of their step in `run`, unless that is nil or may not be
  /// written.
  ///
  /// - Returns: whether they were written.
  /// - Throws: ``SpecGANError`` if the write fails for another reason.
  package func write(to run: RunFolder?) throws(SpecGANError) -> Bool {
    guard let run else { return false }
    do throws(SpecGANError) {
      try contents.write(to: run.directionsPath(step: step))
      return true
    } catch {
      guard error.isForbidden else { throw error }
      return false
    }
  }
}
