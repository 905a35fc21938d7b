import ArgumentParser
import Networks
import RealModule
import Safetensors
import SpecGANClassification
import SpecGANDatasets
internal import SpecGANErrors
import SpecGANFiles
import SpecGANModels
import SpecGANRuns
import SpecGANSettings
import SpecGANSynthesis
import SpecGANTraining
import Waveforms

struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Describe and verify a cache, run, checkpoint, classifier, safetensors or audio file.",
    discussion: """
      Reads the file or folder and verifies all checksums. Exits with status 65 if something is \
      damaged.

      Several runs are compared in a table: the settings in which they differ, and how far each \
      one is. Their checkpoints are not read.

      Example: specgan info run
      """)

  @Argument(
    help: """
      A cache, a run, a checkpoint, a classifier, a safetensors or an audio file; or several runs.
      """)
  var paths: [String]

  @OptionGroup var results: OutputOptions

  func run() throws {
    guard paths.count == 1 else {
      let table = try RunTable(paths)
      return try results.json ? Console.json(table) : Console.table(table.text)
    }
    let failures = Failures()
    let description = try Description(of: paths[0], failures)
    if results.json {
      try Console.json(description)
    } else {
      for (name, value) in description.lines {
        try Console.result("\(name): \(value)")
      }
    }
    try failures.leave()
  }
}

/// The description of a path.
private enum Description: Encodable {
  case cache(CacheDescription)
  case run(RunDescription)
  case checkpoint(CheckpointDescription)
  case classifier(ClassifierReport)
  case tensors(TensorsDescription)
  case sound(AudioReport)

  /// Describes `path`. The damaged checkpoints of a run go to `failures`.
  init(of path: String, _ failures: Failures) throws {
    guard try Folder.exists(path) else { throw SpecGANError.notFound(path: path) }
    if try Cache.exists(at: path) {
      self = .cache(try CacheDescription(path))
    } else if try Folder.isFolder(path) {
      self = .run(try RunDescription(path, failures))
    } else {
      guard let file = try Self.tensors(path) else {
        self = .sound(AudioReport(try SoundDescription(of: path)))
        return
      }
      if Classifier.isClassifier(file) {
        self = .classifier(ClassifierReport(try Classifier(path: path)))
      } else if file.metadata["configuration"] != nil {
        self = .checkpoint(try CheckpointDescription(path))
      } else {
        self = .tensors(TensorsDescription(file))
      }
    }
  }

  /// Opens the safetensors file at `path`; returns nil if it is audio.
  ///
  /// - Throws: ``SpecGANError`` if it is neither.
  private static func tensors(_ path: String) throws -> SafetensorsFile? {
    do throws(SpecGANError) { return try SafetensorsFile(path: path) } catch {
      guard error.kind == .badData, path.fileExtension != "safetensors" else { throw error }
      do throws(SpecGANError) { try InputFile.checkIsAudio(path) } catch {
        guard error.code == .notAudio else { throw error }
        throw SpecGANError.unknownInput(
          path: path,
          expected: "a cache, a run, a checkpoint, a classifier, a safetensors or an audio file")
      }
      return nil
    }
  }

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .cache(let value): try value.encode(to: encoder)
    case .run(let value): try value.encode(to: encoder)
    case .checkpoint(let value): try value.encode(to: encoder)
    case .classifier(let value): try value.encode(to: encoder)
    case .tensors(let value): try value.encode(to: encoder)
    case .sound(let value): try value.encode(to: encoder)
    }
  }

  var lines: [(String, String)] {
    switch self {
    case .cache(let value): value.lines
    case .run(let value): value.lines
    case .checkpoint(let value): value.lines
    case .classifier(let value): value.lines
    case .tensors(let value): value.lines
    case .sound(let value): value.lines
    }
  }
}

private struct CacheDescription: Encodable {
  let kind = "cache"
  let whole = true
  let slices, files, skipped: Int
  let seconds_of_audio: Double
  let labels: [String]
  let fingerprint: String
  let sample_rate, channels, slice_length: Int
  private let slice: String

  private enum CodingKeys: String, CodingKey {
    case kind, whole, slices, files, skipped, seconds_of_audio, labels, fingerprint
    case sample_rate, channels, slice_length
  }

  init(_ path: String) throws {
    let cache = try Cache(path: path)
    (sample_rate, channels) = (cache.audio.sampleRate, cache.audio.channels)
    (slice_length, slice) = (cache.audio.sliceLength, cache.audio.sliceText)
    try cache.verify()
    slices = cache.count
    files = cache.files.found
    skipped = cache.files.skipped
    seconds_of_audio = cache.secondsOfAudio
    labels = cache.labels
    fingerprint = cache.fingerprint
  }

  var lines: [(String, String)] {
    [
      ("kind", "\(kind), intact"), ("slices", "\(slices)"), ("slice", slice),
      ("files", "\(files), \(skipped) skipped"),
      ("audio", seconds_of_audio.duration), ("labels", labels.joined(separator: ", ")),
      ("fingerprint", fingerprint),
    ]
  }
}

private struct CheckpointDescription: Encodable {
  let kind = "checkpoint"
  let whole = true
  let model: String
  let dimension, latent, step: Int
  let resumable: Bool
  let fingerprint: String?
  /// See ``Checkpoint/score``.
  let score: Float?
  let roll_backs: Int
  /// See ``Checkpoint/origin``.
  let from: String?
  /// The labels of a conditional checkpoint.
  let labels: [String]
  /// The level of networks that grow, their number of levels, and the weight of a blend with the
  /// level before; nil for other networks, and without a blend.
  let level, levels: Int?
  let blend: Float?
  /// The size of samples at the level: frames and bins, or the length.
  let level_size: [Int]?
  /// The number of weights of each network.
  let generator_parameters, critic_parameters: Int
  /// The value of each setting, as YAML.
  let settings: [String: String]

  init(_ path: String) throws {
    let checkpoint = try Checkpoint(path: path)
    model = checkpoint.configuration.model.rawValue
    dimension = checkpoint.configuration.network.dimension
    latent = checkpoint.configuration.network.latent
    step = checkpoint.step
    resumable = checkpoint.isResumable
    fingerprint = checkpoint.fingerprint
    score = checkpoint.score
    roll_backs = checkpoint.rollBacks
    from = checkpoint.origin
    labels = checkpoint.labels
    let growth = checkpoint.gan.growth
    (level, levels, blend) = (growth?.stage.level, growth?.levels.count, growth?.stage.blend)
    level_size = growth.map { $0.levels[$0.stage.level] }
    generator_parameters = checkpoint.gan.generator.layout.count
    critic_parameters = checkpoint.gan.critic.layout.count
    settings = checkpoint.configuration.valuesByName
  }

  var lines: [(String, String)] {
    var lines = [
      ("kind", "\(kind) of \(model), intact"), ("step", "\(step)"),
      ("dimension", "\(dimension)"), ("latent", "\(latent)"),
      (
        "parameters", "\(generator_parameters) of the generator, \(critic_parameters) of the critic"
      ),
      ("resumable", resumable ? "yes" : "no, only for generate"),
      ("fingerprint of the cache", fingerprint ?? "unknown"),
    ]
    if let level, let levels, let level_size {
      let size = level_size.map(String.init).joined(separator: " × ")
      let weight = blend.map { ", blended with a weight of \(Double($0).rounded(to: 2))" } ?? ""
      lines.append(("level", "\(level) of 0 to \(levels - 1): \(size)\(weight)"))
    }
    if let score { lines.append(("preview score", "\(Double(score).rounded(to: 2)) dB")) }
    if roll_backs > 0 { lines.append(("roll-backs", "\(roll_backs)")) }
    if let from { lines.append(("initial weights", from)) }
    if !labels.isEmpty { lines.append(("labels", labels.joined(separator: ", "))) }
    return lines
  }
}

private struct RunDescription: Encodable {
  let kind = "run"
  let whole: Bool
  let logged_steps: Int
  let checkpoints: [Int]
  /// The damaged ones of ``checkpoints``.
  let damaged: [Int]
  /// The step with the best score in the log, that score, and its checkpoint; nil if there is
  /// none.
  let best_step: Int?
  let best_score: Float?
  let best_checkpoint: String?
  /// The steps whose checkpoints generated clips need.
  let steps_of_clips: [Int]
  /// The last intact checkpoint; nil before the first.
  let last: CheckpointDescription?

  init(_ path: String, _ failures: Failures) throws {
    let run = RunFolder(path: path)
    guard try run.isStarted else {
      throw SpecGANError.unknownInput(
        path: path, expected: "a cache, a run, a checkpoint or a safetensors file")
    }
    checkpoints = try run.checkpointSteps()
    logged_steps = try Folder.exists(run.logPath) ? RunLog.entries(path: run.logPath).count : 0
    var found: [CheckpointDescription] = []
    for step in checkpoints {
      let path = run.checkpointPath(step: step)
      try failures.collect {
        let checkpoint = try CheckpointDescription(path)
        guard checkpoint.step == step else {
          throw SpecGANError.misnamed(path: path, step: checkpoint.step)
        }
        found.append(checkpoint)
      }
    }
    let intactSteps = found.map(\.step)
    damaged = checkpoints.filter { !intactSteps.contains($0) }
    let firstDue = (try? Configuration(path: run.configurationPath))?.training.checkpointSteps
    let lost = checkpoints.isEmpty && logged_steps > firstDue ?? .max
    let steps = logged_steps
    if lost { try failures.collect { throw SpecGANError.checkpointsGone(run: path, step: steps) } }
    whole = damaged.isEmpty && !lost
    last = found.last
    let best = try ScoreHistory(of: run).best
    (best_step, best_score) = (best?.step, best?.value)
    best_checkpoint = try best.flatMap { try run.existingCheckpointPath(step: $0.step) }
    steps_of_clips = try run.stepsOfClips.sorted()
  }

  var lines: [(String, String)] {
    let model = last.map { " of \($0.model)" } ?? ""
    var lines = [
      ("kind", "\(kind)\(model), \(whole ? "intact" : "damaged")"),
      ("logged steps", "\(logged_steps)"),
      (
        "checkpoints",
        checkpoints.isEmpty ? "none yet" : checkpoints.map(named).joined(separator: ", ")
      ),
    ]
    if let best_step, let best_score {
      lines.append(("best score", "\(Double(best_score).rounded(to: 2)) dB at step \(best_step)"))
    }
    if !steps_of_clips.isEmpty {
      lines.append(("kept for clips", steps_of_clips.map(String.init).joined(separator: ", ")))
    }
    return lines + (last?.lines.dropFirst() ?? [])
  }

  private func named(_ step: Int) -> String {
    if damaged.contains(step) { return "\(step) (damaged)" }
    return step == best_step ? "\(step) (best)" : "\(step)"
  }
}

private struct TensorsDescription: Encodable {
  let kind = "tensors"
  let whole = true
  let tensors: [String: [Int]]

  init(_ file: SafetensorsFile) {
    tensors = Dictionary(
      uniqueKeysWithValues: file.names.map { ($0, file.entry($0)?.shape ?? []) })
  }

  var lines: [(String, String)] {
    [("kind", "safetensors file, intact")]
      + tensors.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
  }
}

private struct AudioReport: Encodable {
  let kind = "audio"
  let whole = true
  let container: String
  let sample_rate, channels, frames: Int
  let seconds: Double
  /// The peak in dB of full scale; nil for digital silence.
  let peak_dbfs: Double?
  let beyond_full_scale: Int
  /// Sentences without their subject, the file: a header that is wrong, or other data in the file.
  let remarks: [String]

  init(_ sound: SoundDescription) {
    container = sound.container
    (sample_rate, channels, frames) = (sound.sampleRate, sound.channels, sound.frames)
    seconds = sound.seconds
    peak_dbfs = sound.peak > 0 ? 20 * Double.log10(Double(sound.peak)) : nil
    beyond_full_scale = sound.beyondFullScale
    remarks = sound.remarks
  }

  var lines: [(String, String)] {
    [
      ("kind", "audio (\(container)), intact"), ("sample rate", "\(sample_rate) Hz"),
      ("channels", "\(channels)"), ("frames", "\(frames)"),
      ("duration", "\(seconds.rounded(to: 3)) s"),
      ("peak", peak_dbfs.map { "\($0.rounded(to: 1)) dBFS" } ?? "silent"),
    ] + remarks.map { ("remark", "it \($0)") }
  }
}
