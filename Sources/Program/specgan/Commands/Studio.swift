import ArgumentParser
internal import SpecGANErrors
import SpecGANFiles
import SpecGANReports
internal import SpecGANRuns
import SpecGANStudio
import SpecGANTensors
import SpecGANWorkers

struct StudioCommand: LongCommand {
  static let configuration = CommandConfiguration(
    commandName: "studio",
    abstract: "Play a run in the browser: pads, a map of its sounds, knobs and morphs.",
    discussion: """
      Serves a page on 127.0.0.1, prints its address, and stops at Ctrl-C. Only this machine reaches \
      it, the page loads nothing from elsewhere, and nothing is written into the run. The page has \
      sixteen pads for the keyboard and MIDI, a map of its sounds, a knob for each direction of \
      specgan directions, and morphs between pads. Sounds can be starred, named, and downloaded: \
      single ones as WAV files that generate --latents accepts, several as a kit.

      --export writes the page with 256 sounds inside to one file instead, which needs no server.

      Example: specgan studio run
      Example: specgan studio run --export sounds.html
      """)

  @Argument(help: ArgumentHelp("Runs, or checkpoints of them.", valueName: "run"))
  var runs: [String]

  @Option(
    help: """
      Port to listen on; 0 for a free one. (default: \(StudioServer.usualPort), or a free one if that \
      is in use)
      """)
  var port: Int?

  @Option(help: "Random seed of the sounds.")
  var seed: UInt64 = 0

  @Flag(
    help: """
      Use each run's checkpoint with the best score in its log, the lowest spectral distance, \
      instead of the last one.
      """)
  var best = false

  @Flag(help: "Also open the page in the desktop's browser (xdg-open).")
  var open = false

  @Option(help: ArgumentHelp("Write the page with sounds to this file instead.", valueName: "file"))
  var export: String?

  @OptionGroup var level: LevelOption
  @OptionGroup var replacement: ReplaceFileOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var progress: ProgressOptions
  @OptionGroup var results: OutputOptions

  func validate() throws {
    if let port, !(0...65_535).contains(port) {
      throw ValidationError("--port is \(port); use a whole number from 0 to 65535.")
    }
    guard runs.count <= Studio.mostRuns else {
      throw ValidationError("\(runs.count) runs are given; use at most \(Studio.mostRuns).")
    }
    guard let export else {
      if replacement.replace {
        throw ValidationError("--replace needs --export, the file to write.")
      }
      return
    }
    try checkIsPage(export, option: "export")
    if runs.count > 1 {
      throw ValidationError("--export takes one run, but \(runs.count) are given.")
    }
    if port != nil || open {
      throw ValidationError("--export cannot be combined with --port or --open; leave one out.")
    }
  }

  func run() throws {
    if let export {
      try OutputFolder.check(file: export, replacing: replacement.replace)
      try RunFolder.checkIsNoPart(export)
      // Before the sounds are generated, which takes longer.
      try AtomicFile.check(export)
      let run = try open(threads: threads.threads)[0]
      try SpecGANError.refuse(writing: export, over: [run.path])
      return try write(run, to: export)
    }
    // Before runs are read, which takes longer.
    let server = try StudioServer(port: port)
    let studio = Studio(try open(threads: threads.threads), seed: seed)
    try serve(studio, by: server)
  }

  /// Reads the runs; two with the same name are called by their paths.
  private func open(threads: Int) throws -> [StudioRun] {
    let names = runs.map { Folder.name(of: Folder.absolute($0)).escapingForeignBytes }
    return try zip(runs, names).map { run, name in
      let (path, checkpoint) = try progress.messages.checkpoint(for: run, best: best)
      let isUnique = names.count { $0 == name } == 1
      let card = card(of: checkpoint, at: path)
      return StudioRun(
        name: isUnique ? name : run.escapingForeignBytes, path: path, checkpoint: checkpoint,
        seed: seed, level: level.level, threads: threads, card: card)
    }
  }

  /// Returns a function that returns the text of the card of a kit; of none, with a warning, if the
  /// cache or the record of the run cannot be read.
  private func card(
    of checkpoint: Checkpoint, at path: String
  ) -> @Sendable (_ kit: String) -> String? {
    do {
      let maker = try RunCard.maker(of: checkpoint, at: path)
      return { maker($0, nil, 0).text }
    } catch {
      let reason = (error as? SpecGANError)?.statement ?? "\(error)"
      progress.messages.warn("\(reason); kits will have no card.md.")
      return { _ in nil }
    }
  }

  private func serve(_ studio: Studio, by server: StudioServer) throws {
    let interruption = Interruption(progress.messages)
    let port = server.port
    server.start { studio.response(to: $0, at: port) }
    let finding = Finding(studio, threads: threads.threads) { interruption.isRequested }
    for run in studio.runs {
      progress.messages.announce("\(run.name) is at step \(run.checkpoint.step).")
    }
    if self.port == nil, port != StudioServer.usualPort {
      progress.messages.announce(
        "Port \(StudioServer.usualPort) is in use. Stars and pads of that address are not on this page."
      )
    }
    progress.messages.announce("The page is at the following address until Ctrl-C.")
    if results.json {
      try Console.json(ServeReport(studio, server))
    } else {
      try Console.result(server.address)
    }
    if open {
      Browser.open(server.address) { [messages = progress.messages] in
        messages.warn("xdg-open does not open a browser; open the address yourself.")
      }
    }
    interruption.wait()
    server.stop()
    for run in studio.runs { run.removeTemporaryFolders() }
    finding.wait()
    throw ExitCode(interruption.status.rawValue)
  }

  private func write(_ run: StudioRun, to file: String) throws {
    var line = ProgressLine(progress.messages)
    defer { line.close() }
    let page = try StudioExport.page(
      of: run, engine: Engine(threads: threads.threads)
    ) { done, total in line.show(DoneReport(task: "generating", done: done, total: total)) }
    line.close()
    try AtomicFile.replace(file, with: page.markup)
    let report = ExportReport(
      checkpoint: run.path, step: run.checkpoint.step, export: file, count: page.gains.count,
      bytes: page.markup.utf8.count, gains_db: page.gains)
    let size = (Double(report.bytes) / 1_000_000).rounded(to: 1)
    progress.messages.announce(
      "\(file): a page with \(page.gains.count) sounds, \(size) MB."
        + LevelReport(gains: page.gains, level.level).sentence
        + " From \(run.path), step \(run.checkpoint.step).")
    if results.json { try Console.json(report) }
  }

  /// The result of `studio`, for JSON.
  private struct ServeReport: Encodable {
    let address: String
    let runs: [Run]

    struct Run: Encodable {
      let checkpoint, name: String
      let step: Int
    }

    init(_ studio: Studio, _ server: StudioServer) {
      address = server.address
      runs = studio.runs.map {
        Run(checkpoint: $0.path, name: $0.name, step: $0.checkpoint.step)
      }
    }
  }

  /// The result of `studio --export`, for JSON.
  private struct ExportReport: Encodable {
    let checkpoint: String
    let step: Int
    let export: String
    let count, bytes: Int
    /// The gain of each sound in dB, 0 if it did not change.
    let gains_db: [Double]
  }
}
