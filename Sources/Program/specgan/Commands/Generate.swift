import ArgumentParser
internal import SpecGANErrors
import SpecGANExploration
import SpecGANFiles
import SpecGANModels
import SpecGANReports
internal import SpecGANRuns
internal import SpecGANSettings
import SpecGANSynthesis
import SpecGANTensors

struct Generate: LongCommand {
  static let configuration = CommandConfiguration(
    abstract: "Generate new audio with a trained generator.",
    discussion: """
      Writes 00000.wav and so on, and latents.safetensors, which --latents accepts to generate the \
      same clips again. Clip i depends only on the seed and on i. A conditional run \
      (network.conditional) generates its labels in turn, or only that of --label, and names the \
      files 00000-kick.wav and so on. Training does not remove the checkpoint while clips.jsonl in \
      the run lists it.

      To make many and keep few, write a page with --page, star clips there, save the list, and \
      write only these with --only.

      Example: specgan generate run --output new-sounds --count 16 --pictures
      """)

  @Argument(help: "A run, or a checkpoint of one.")
  var checkpoint: String

  @Option(help: "The folder to write to.")
  var output: String

  @Option(help: "Number of clips. (default: 16)")
  var count: Int?

  @Option(
    help: """
      Random seed of latents, noise inputs and phases. (default: 0, or the seed in the file of \
      --latents)
      """)
  var seed: UInt64?

  @OptionGroup var source: LatentOptions

  @Option(
    help: ArgumentHelp(
      """
      Reduce the variety: above 0 and at most 1. Smaller values give clips closer to the average. \
      It is the largest magnitude of a latent's elements; for a style-based generator, the factor \
      of each style's distance from the mean style. (default: 1)
      """, valueName: "bound"))
  var truncation: Float?

  @OptionGroup var list: ListOptions

  @Flag(
    help: """
      Use the run's checkpoint with the best score in its log, the lowest spectral distance, \
      instead of the last one.
      """)
  var best = false

  @Option(help: "Write only this many of the clips, the best first; see --keep-by.")
  var keep: Int?

  @Option(
    help: """
      Selection of --keep, varied by default. varied: the clip with the highest critic score of each region, without \
      silent clips and without copies of each other or of training clips. critic: the clips with the \
      highest critic scores.
      """)
  var keepBy: KeptBy?

  @Option(
    help: ArgumentHelp(
      """
      Also write this page, on which the clips can be played, starred and named. It contains all \
      clips, needs no network, and saves the list of the starred ones for --only.
      """, valueName: "html"))
  var page: String?

  @Option(help: "Also write the network's output to this file, as a tensor samples.")
  var raw: String?

  @OptionGroup var label: LabelOptions
  @OptionGroup var styles: StyleOptions
  @OptionGroup var turn: TurnOptions
  @OptionGroup var sounds: SoundOptions
  @OptionGroup var inversion: InversionOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var progress: ProgressOptions
  @OptionGroup var results: OutputOptions

  func validate() throws {
    if let count, !(1...1_000_000).contains(count) {
      throw ValidationError("--count is \(count); use a whole number from 1 to 1000000.")
    }
    if source.isGiven, count != nil {
      throw ValidationError("--count cannot be combined with --latents; leave one out.")
    }
    if let truncation, !(truncation > 0 && truncation <= 1) {
      throw ValidationError("--truncation is \(truncation); use a number above 0 and at most 1.")
    }
    if source.isGiven, truncation != nil {
      throw ValidationError("--truncation cannot be combined with --latents; leave one out.")
    }
    if keepBy != nil, keep == nil {
      throw ValidationError("--keep-by needs --keep, the number of clips to write.")
    }
    if let keep, keep < 1 { throw ValidationError("--keep is \(keep); use 1 or more.") }
    if let page { try checkIsPage(page, option: "page") }
    try list.check(with: source, besides: keep == nil ? nil : "keep")
  }

  func run() throws {
    try OutputFolder.check(output, replacing: sounds.replacement.replace)
    for file in [raw, page].compactMap(\.self) {
      try OutputFolder.check(file: file, replacing: sounds.replacement.replace)
      try RunFolder.checkIsNoPart(file)
    }
    if let raw, let page, try raw == page || Folder.areSame(raw, page) {
      throw SpecGANError.writtenTwice(path: page)
    }
    for file in [raw, page].compactMap(\.self) {
      if Folder.absolute(file) == Folder.absolute(output) {
        throw SpecGANError.writtenTwice(path: file)
      }
    }
    // Before clips are generated and compared. The folders on the way to the output are created.
    for file in [raw, page].compactMap(\.self) where !Folder.isAlong(output, file) {
      try AtomicFile.check(file)
    }
    let (path, checkpoint) = try progress.messages.checkpoint(for: checkpoint, best: best)
    let engine = Engine(threads: threads.threads)
    let generator = SampleGenerator(checkpoint, engine: engine)
    let label = try label.mix(in: checkpoint, path)
    let candidates = try candidates(generator, label, path, engine)
    try checkPage(of: keep ?? candidates.count, checkpoint)
    let training = try trainingClips(of: checkpoint, at: path, engine)
    let selection = try selection(of: candidates, generator, path, training, engine)
    let choice = selection?.chosen ?? candidates
    try checkOrigin(
      of: source.latents + [styles.mixLatents].compactMap(\.self), path, checkpoint,
      writing: output, progress.messages)
    var output = sounds.output(to: output, of: path, for: "generate", seed: choice.seed)
    output.rawPath = raw
    output.inputs += [styles.mixLatents].compactMap(\.self)
    try refuseToOverwriteInputs(path, latents: output.latentsPath)
    let inversion = try inversion.applied(
      to: choice.inversion ?? checkpoint.configuration.inversion)
    let maker = SoundMaker(generator, inversion: inversion, engine: engine)
    let clipPage = try clipPage(
      of: choice, keptOf: candidates.count, generator, path, training, output, inversion, engine)
    let writer = try make(choice, by: maker, of: path, to: output, telling: clipPage)
    var report = SoundReport(path, checkpoint, writer, choice)
    report.selection = selection.map(SelectionReport.init)
    if list.only != nil { report.files = writer.files }
    if let clipPage { (report.page, report.page_bytes) = (clipPage.path, clipPage.byteCount) }
    progress.messages.announce(report.sentence)
    if let clipPage { progress.messages.announce(clipPage.sentence) }
    if let selection = report.selection {
      progress.messages.announce(selection.sentence)
      if let keep, selection.kept < keep { progress.messages.warn(selection.shortfall(of: keep)) }
    }
    if results.json { try Console.json(report) }
  }

  /// Refuses to write a file over one that the command reads: the checkpoint at `path`, latents, or
  /// the list.
  private func refuseToOverwriteInputs(_ path: String, latents: String) throws {
    try SpecGANError.refuse(writing: latents, over: [path, styles.mixLatents])
    // The same latents may overwrite themselves, others not.
    let changesLatents =
      keep != nil || list.only != nil || label.label != nil || turn.turn != nil
      || styles.layers != nil
    if changesLatents { try SpecGANError.refuse(writing: latents, over: source.latents) }
    for file in [raw, page].compactMap(\.self) {
      try SpecGANError.refuse(
        writing: file, over: [path, latents, list.only, styles.mixLatents] + source.latents)
    }
  }

  private func candidates(
    _ generator: SampleGenerator, _ label: LabelMix?, _ path: String, _ engine: Engine
  ) throws -> ChosenLatents {
    let gan = generator.checkpoint.gan
    var all =
      try source.latents(for: generator.checkpoint, seed: seed)
      ?? ChosenLatents(
        drawnFor: gan, count: count ?? 16, seed: seed ?? 0, truncation: truncation ?? 1)
    all = try list.selected(from: all, latents: source.latents, by: generator, at: path)
    if let label { all = all.labeled(label) }
    all = try styles.mixed(all, for: generator.checkpoint, at: path)
    return try turn.turned(all, by: generator, at: path, engine, for: self)
  }

  /// Returns the clips of training, for a varied selection or a page; nil if they are not needed or
  /// not found.
  private func trainingClips(
    of checkpoint: Checkpoint, at path: String, _ engine: Engine
  ) throws -> TrainingClips? {
    let isSelecting = keep != nil && keepBy != .critic
    guard isSelecting || page != nil else { return nil }
    return try TrainingClips(of: checkpoint, at: path, on: engine.workers)
  }

  /// Returns the clips to keep; nil for all.
  private func selection(
    of candidates: ChosenLatents, _ generator: SampleGenerator, _ path: String,
    _ training: TrainingClips?, _ engine: Engine
  ) throws -> KeptClips? {
    guard let keep else { return nil }
    guard keep <= candidates.count else {
      throw SpecGANError.keepsMoreThanMade(keep: keep, count: candidates.count)
    }
    guard keepBy != .critic else {
      let scorer = CriticScorer(generator.checkpoint, engine: engine)
      return KeptClips(chosen: candidates.best(keep, by: generator, scorer))
    }
    var line = ProgressLine(progress.messages)
    defer { line.close() }
    let selection = try VariedSelection(
      keep, of: candidates, by: generator, at: path, training: training, engine: engine
    ) { done in
      line.show(DoneReport(task: "selecting", done: done, total: candidates.count))
    }
    return KeptClips(chosen: selection.chosen, varied: selection)
  }
}
