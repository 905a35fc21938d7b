import ArgumentParser
internal import SpecGANDatasets
internal import SpecGANErrors
internal import SpecGANExploration
import SpecGANFiles
internal import SpecGANModels
import SpecGANReports
import SpecGANRuns
import SpecGANSynthesis
import SpecGANTensors
internal import SpecGANWorkers

struct Card: LongCommand {
  static let configuration = CommandConfiguration(
    abstract: "Describe a run for others: its training data, licenses, and clips that are copies.",
    discussion: """
      Prints Markdown: the model; the sounds that it was trained on, with the authors, copyrights \
      and licenses that the files name; and, if clips are given, the closest training clip of \
      each. The clips of kit are generated again from their recipes; other clips are read.

      Example: specgan card run drums --output drums/card.md
      """)

  @Argument(help: "A run, or a checkpoint of one.")
  var checkpoint: String

  @Argument(help: "Clips to compare with the training data: WAV files, or folders of WAV files.")
  var clips: [String] = []

  @Option(help: "The file to write. (default: standard output)")
  var output: String?

  @OptionGroup var replacement: ReplaceFileOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var progress: ProgressOptions
  @OptionGroup var results: OutputOptions

  func validate() throws {
    if output == "" { throw ValidationError("--output is empty; give the path of a file.") }
  }

  func run() throws {
    if let output {
      try OutputFolder.check(file: output, replacing: replacement.replace)
      try RunFolder.checkIsNoPart(output)
    }
    let (path, checkpoint) = try progress.messages.checkpoint(for: checkpoint)
    let files = try clips.flatMap(Self.files)
    if let output { try SpecGANError.refuse(writing: output, over: [path] + files.map(\.path)) }
    let engine = Engine(threads: threads.threads)
    let found = try comparison(files, checkpoint, path, engine)
    let run = try RunFolder(holdingCheckpoint: path)
    let card = RunCard(
      of: checkpoint, name: run.map { Folder.name(of: $0.path) } ?? Folder.name(of: path),
      session: try run.flatMap { try SessionRecord(of: $0) },
      sources: try TrainingClips.cache(of: checkpoint, at: path)?.sources(),
      clips: found?.clips, copyDistance: found?.copyDistance ?? 0)
    if let output {
      try AtomicFile.replace(output, with: card.text)
      progress.messages.announce("Wrote \(output).")
    } else if !results.json {
      for line in card.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
        try Console.result(String(line))
      }
    }
    if results.json { try Console.json(Report(path, output, card, found?.clips)) }
  }

  /// Returns the clips with their closest training clips; nil if none are given.
  private func comparison(
    _ files: [Clip], _ checkpoint: Checkpoint, _ path: String, _ engine: Engine
  ) throws -> (clips: [RunCard.Clip], copyDistance: Double)? {
    guard !files.isEmpty else { return nil }
    guard let training = try TrainingClips(of: checkpoint, at: path, on: engine.workers) else {
      throw SpecGANError.noTrainingClips(path: path)
    }
    let reader = ClipReader(SampleGenerator(checkpoint, engine: engine), at: path, engine)
    var line = ProgressLine(progress.messages)
    defer { line.close() }
    var found: [RunCard.Clip] = []
    for file in files {
      let neighbor = training.nearest(to: try reader.features(of: file.path))
      found.append(
        RunCard.Clip(
          file: file.name, nearest: neighbor.file, distance: neighbor.distance,
          isCopy: neighbor.distance < training.copyDistance))
      line.show(DoneReport(task: "comparing", done: found.count, total: files.count))
    }
    return (found, training.copyDistance)
  }

  /// A WAV file, and its name below the folder that was given.
  private typealias Clip = (path: String, name: String)

  /// Returns the WAV files below `path`, in order, or `path` itself if it is no folder.
  private static func files(in path: String) throws -> [Clip] {
    guard try Folder.isFolder(path) else { return [(path, Folder.name(of: path))] }
    // Links may lead to a folder twice, or in a circle.
    var visited: Set<String> = []
    func walk(_ below: String) throws -> [Clip] {
      guard visited.insert(Folder.realPath(path + below) ?? below).inserted else { return [] }
      return try Folder.entries(of: path + below).sorted().flatMap { name -> [Clip] in
        let entry = "\(below)/\(name)"
        if try Folder.isFolder(path + entry) { return try walk(entry) }
        return name.fileExtension == "wav" ? [(path + entry, String(entry.dropFirst()))] : []
      }
    }
    let files = try walk("")
    guard !files.isEmpty else { throw SpecGANError.noWAVFiles(path: path) }
    return files
  }

  private struct Report: Encodable {
    let checkpoint: String
    let card: String?
    /// The number of sounds that the run was trained on; nil if its cache is not known.
    let sounds: Int?
    let clips: [Clip]?

    struct Clip: Encodable {
      let file, nearest_training_clip: String
      let distance_db: Double
      let copy: Bool
    }

    init(_ path: String, _ output: String?, _ card: RunCard, _ clips: [RunCard.Clip]?) {
      checkpoint = path
      self.card = output
      sounds = card.soundCount
      self.clips = clips?.map {
        Clip(
          file: $0.file, nearest_training_clip: $0.nearest, distance_db: $0.distance,
          copy: $0.isCopy)
      }
    }
  }
}
