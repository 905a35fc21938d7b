internal import Foundation
package import SpecGANErrors
package import SpecGANExploration
internal import SpecGANFiles
internal import SpecGANKits
internal import SpecGANModels
package import SpecGANRuns
internal import SpecGANSettings
package import SpecGANSynthesis
package import SpecGANTensors
package import Spectra
internal import Synchronization
package import Waveforms

/// A checkpoint that a studio plays: its generator, its map and its directions.
///
/// It is read once: training that goes on in the same run changes nothing. Nothing is written into
/// the run.
package final class StudioRun: @unchecked Sendable {  // generators are used under locks
  /// The name, which the page shows.
  package let name: String
  /// The path of the checkpoint.
  package let path: String
  /// The checkpoint.
  package let checkpoint: Checkpoint
  /// The digest of the generator's weights.
  let digest: String
  /// The random seed of the map.
  let seed: UInt64
  /// The level of all sounds.
  let level: OutputLevel
  /// Returns the text of the card of a kit with a name; nil for none.
  private let card: @Sendable (_ kit: String) -> String?
  private let engine: Engine
  private let generator: SampleGenerator
  private let lock = NSLock()
  /// The generator of downloads and kits, with fewer threads, so that pads play meanwhile. It is
  /// used under `writingLock`.
  private let writingGenerator: SampleGenerator
  private let writingEngine: Engine
  private let writingLock = NSLock()
  /// The folders in which kits are being written.
  private let temporaries = Mutex<Set<String>>([])
  private let findings = Mutex(Findings())

  /// A result that may not be known yet.
  package enum Finding<Value: Sendable>: Sendable {
    /// Not known yet: how much of it is done.
    case pending(done: Int, total: Int)
    /// Known.
    case known(Value)
    /// It cannot be found.
    case failed(SpecGANError)
  }

  private struct Findings: Sendable {
    var map: Finding<StudioMap> = .pending(done: 0, total: StudioMap.standardCount)
    var directions: Finding<LatentDirections> = .pending(
      done: 0, total: LatentDirections.defaultCount)
  }

  /// Creates a run of the studio.
  ///
  /// - Parameters:
  ///   - name: the name.
  ///   - path: the path of the checkpoint.
  ///   - checkpoint: the checkpoint.
  ///   - seed: the random seed of the map.
  ///   - level: the level of all sounds.
  ///   - threads: the number of threads.
  ///   - card: returns the text of the card of a kit with a name; nil for none.
  package init(
    name: String, path: String, checkpoint: Checkpoint, seed: UInt64,
    level: OutputLevel = .protect, threads: Int,
    card: @escaping @Sendable (_ kit: String) -> String? = { _ in nil }
  ) {
    (self.name, self.path, self.checkpoint, self.seed) = (name, path, checkpoint, seed)
    (self.level, self.card) = (level, card)
    engine = Engine(threads: threads)
    generator = SampleGenerator(checkpoint, engine: engine)
    digest = ClipSource.generatorDigest(of: checkpoint)
    writingEngine = Engine(threads: max(1, threads / 2))
    writingGenerator = SampleGenerator(checkpoint, engine: writingEngine)
  }

  /// Removes the folders of kits that are still being written.
  package func removeTemporaryFolders() {
    for folder in temporaries.withLock({ $0 }) {
      try? FileManager.default.removeItem(atPath: folder)
    }
  }

  /// The map.
  package var map: Finding<StudioMap> { findings.withLock { $0.map } }
  /// The directions.
  package var directions: Finding<LatentDirections> { findings.withLock { $0.directions } }

  /// The directions, once they are known.
  ///
  /// - Throws: ``SpecGANError`` if they are not known.
  var knownDirections: LatentDirections {
    get throws(SpecGANError) {
      switch directions {
      case .known(let directions): return directions
      case .pending: throw .studioNotReady("The directions of \(name)")
      case .failed(let error): throw error
      }
    }
  }

  /// The inversion of sounds that are played, which is fast.
  static let playedInversion = InversionConfiguration(method: .fast)
  /// The inversion of sounds that are written: that of the run.
  var writtenInversion: InversionConfiguration { checkpoint.configuration.inversion }
}

// MARK: - Sounds

extension StudioRun {
  /// Returns the sounds of `chosen`, before they are mastered.
  ///
  /// - Throws: ``SpecGANError`` if a sound is not finite.
  package func clips(
    of chosen: ChosenLatents, _ inversion: InversionConfiguration
  ) throws(SpecGANError) -> [Waveform] {
    lock.lock()
    defer { lock.unlock() }
    return try clips(of: chosen, inversion, by: generator, engine)
  }

  private func clips(
    of chosen: ChosenLatents, _ inversion: InversionConfiguration, by generator: SampleGenerator,
    _ engine: Engine
  ) throws(SpecGANError) -> [Waveform] {
    let codec = try SampleCodec(checkpoint, inversion: inversion, seed: chosen.seed)
    return try codec.finiteClips(
      of: generator.samples(chosen), numbers: chosen.numbers,
      from: path, on: engine.workers
    ).map(\.waveform)
  }

  /// Returns the WAV file that `generate --latents --method fast` writes for `sound`.
  ///
  /// - Throws: ``SpecGANError`` if the run has no such sound.
  package func played(_ sound: StudioSound) throws(SpecGANError) -> [UInt8] {
    let chosen = try latents(of: sound)
    let clip = try clips(of: chosen, Self.playedInversion)[0]
    return try AudioFile.bytes(of: clip.leveled(level), format: .pcm16, name: path)
  }

  /// Returns the WAV file of `sound` as a kit of it alone has it, with its recipe and the title
  /// `title`.
  ///
  /// - Throws: ``SpecGANError`` if the run has no such sound.
  package func written(_ sound: StudioSound, title: String) throws(SpecGANError) -> [UInt8] {
    let chosen = try latents(of: sound)
    let clip: Waveform
    do {
      writingLock.lock()
      defer { writingLock.unlock() }
      clip = try clips(of: chosen, writtenInversion, by: writingGenerator, writingEngine)[0]
    }
    var recipe = recipe(0, of: chosen)
    if !sound.turns.isEmpty, sound.way == nil {
      recipe.turn = Dictionary(
        uniqueKeysWithValues: sound.turns.map { ($0.name, Float($0.amount)) })
    }
    return try written(clip, recipe, title: title, format: .pcm24).bytes
  }

  /// Returns the recipe of the sound at index `place` of `chosen`, before it is mastered.
  func recipe(_ place: Int, of chosen: ChosenLatents) -> ClipRecipe {
    var recipe = ClipRecipe(
      place, of: chosen, by: checkpoint, at: path, inversion: writtenInversion)
    recipe.generator = digest
    return recipe
  }

  /// Returns `clip` as a WAV file, both ends trimmed as in a kit, and its gain in dB.
  func written(
    _ clip: Waveform, _ recipe: ClipRecipe, title: String, format: SampleFormat
  ) throws(SpecGANError) -> (bytes: [UInt8], gainDB: Double) {
    var mastering = Mastering(level: level)
    mastering.format = format
    (mastering.trimsStart, mastering.trimsEnd) = (true, true)
    let mastered = MasteredClip(clip, recipe, mastering)
    let bytes = try AudioFile.bytes(
      of: mastered.waveform, format: format, name: path,
      information: mastered.recipe.information(title: title))
    return (bytes, mastered.recipe.gainDB)
  }

  /// Returns the kit of the sounds `chosen`, called `name`, as a ZIP archive: the folder that `kit`
  /// writes.
  ///
  /// ZIP, because Windows, macOS and Linux open it without another program; of tar, Windows and
  /// many file managers show one file.
  ///
  /// - Parameters:
  ///   - chosen: the latents.
  ///   - name: the name of the kit.
  ///   - clipNames: the name of each sound; nil for its label and a number.
  /// - Returns: the bytes of the archive.
  /// - Throws: ``SpecGANError`` if all sounds are silent, a label has too many, or the temporary
  ///   folder cannot be written.
  package func kit(
    of chosen: ChosenLatents, name: String, clipNames: [String?]
  ) throws(SpecGANError) -> [UInt8] {
    let temporary = "\(NSTemporaryDirectory())/specgan-studio-\(UUID().uuidString)"
    temporaries.withLock { _ = $0.insert(temporary) }
    defer {
      try? FileManager.default.removeItem(atPath: temporary)
      temporaries.withLock { _ = $0.remove(temporary) }
    }
    var output = KitMaker.Output(
      folder: "\(temporary)/\(VoiceName.plain(name))", checkpointPath: path)
    (output.keepsCheckpoint, output.clipNames) = (false, clipNames)
    output.mastering.level = level
    output.card = card(name)
    do {
      writingLock.lock()
      defer { writingLock.unlock() }
      let maker = KitMaker(writingGenerator, inversion: writtenInversion, engine: writingEngine)
      let kit = try maker.write(chosen, to: output)
      if let failure = kit.cardFailure { throw failure }
    }
    var archive = ZipArchive()
    for file in try Self.files(below: output.folder) where file != OutputFolder.manifestName {
      archive.append(
        "\(output.name)/\(file)", try MappedFile(path: "\(output.folder)/\(file)").contents)
    }
    return archive.bytes
  }

  /// Returns the files below `folder`, sorted.
  private static func files(below folder: String) throws(SpecGANError) -> [String] {
    var files: [String] = []
    for name in try Folder.entries(of: folder) {
      if try Folder.isFolder("\(folder)/\(name)") {
        files += try self.files(below: "\(folder)/\(name)").map { "\(name)/\($0)" }
      } else {
        files.append(name)
      }
    }
    return files
  }
}

// MARK: - Findings

extension StudioRun {
  /// Places the sounds of the map.
  ///
  /// - Parameters:
  ///   - engine: the threads, which differ from those of the sounds.
  ///   - isStopped: returns true to stop.
  package func findMap(on engine: Engine, isStopped: () -> Bool = { false }) {
    let found: Finding<StudioMap>
    do throws(SpecGANError) {
      found = .known(
        try StudioMap(
          by: SampleGenerator(checkpoint, engine: engine), at: path, seed: seed, engine: engine
        ) { (done) throws(SpecGANError) in
          if isStopped() { throw .studioStopped }
          findings.withLock { $0.map = .pending(done: done, total: StudioMap.standardCount) }
        })
    } catch { found = .failed(error) }
    findings.withLock { $0.map = found }
  }

  /// Reads the directions of the checkpoint's step from the run, or else finds them: the same as
  /// `directions` would store.
  ///
  /// - Parameters:
  ///   - engine: the threads, which differ from those of the sounds.
  ///   - isStopped: returns true to stop.
  package func findDirections(on engine: Engine, isStopped: () -> Bool = { false }) {
    let found: Finding<LatentDirections>
    do throws(SpecGANError) {
      if let stored = storedDirections {
        found = .known(stored)
      } else {
        found = .known(try newDirections(on: engine, isStopped: isStopped))
      }
    } catch { found = .failed(error) }
    findings.withLock { $0.directions = found }
  }

  /// The directions that the run has for the step; nil if it has none that can be used.
  private var storedDirections: LatentDirections? {
    guard let run = try? RunFolder(holdingCheckpoint: path),
      let stored = try? LatentDirections(
        path: run.directionsPath(step: checkpoint.step), latent: checkpoint.gan.latent),
      stored.step == checkpoint.step
    else { return nil }
    return stored
  }

  private func newDirections(
    on engine: Engine, isStopped: () -> Bool
  ) throws(SpecGANError) -> LatentDirections {
    try LatentDirections(
      of: SampleGenerator(checkpoint, engine: engine), at: path, engine: engine
    ) { (done) throws(SpecGANError) in
      if isStopped() { throw .studioStopped }
      findings.withLock {
        $0.directions = .pending(done: done, total: LatentDirections.defaultCount)
      }
    }
  }
}
