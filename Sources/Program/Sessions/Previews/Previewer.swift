internal import Safetensors
internal import SpecGANDatasets
internal import SpecGANErrors
internal import SpecGANReports
internal import SpecGANRuns
internal import SpecGANSettings
internal import SpecGANSynthesis
internal import SpecGANTensors
internal import SpecGANTraining
internal import Waveforms

/// Makes and writes the previews of a run, in its folder and in time.
final class Previewer {
  private let run: RunFolder
  private let cache: Cache
  private let configuration: Configuration
  private let engine: Engine
  private let schedule: PreviewSchedule
  private var maker: PreviewMaker?

  init(_ configuration: Configuration, run: RunFolder, cache: Cache, engine: Engine) {
    self.run = run
    self.cache = cache
    self.configuration = configuration
    self.engine = engine
    schedule = PreviewSchedule(longestGap: configuration.monitoring.previewSteps)
  }

  /// Whether a preview is due after `step`.
  func isDue(after step: Int) -> Bool { isOn && schedule.contains(step) }

  /// Whether there are previews at all.
  var isOn: Bool { configuration.monitoring.previewCount > 0 }

  /// Writes what previews are made from and compared with: the latents, and examples of the cache.
  ///
  /// - Throws: ``SpecGANError`` where one cannot be read or written.
  func prepare() throws(SpecGANError) {
    guard isOn, maker == nil else { return }
    let maker = try PreviewMaker(
      count: configuration.monitoring.previewCount, comparedWith: cache, engine: engine)
    var writer = try SoundWriter(
      folder: run.realExamplesFolder, format: .pcm16, withPictures: true)
    try Preview.write(maker.realSounds, by: &writer, configuration)
    let gan = configuration.gan(labels: cache.labels.count)
    try maker.latents(for: gan, seed: configuration.training.seed)
      .contents.write(to: run.previewLatentsPath)
    self.maker = maker
  }

  /// Makes a preview of `checkpoint`; see ``PreviewMaker/preview(of:)``.
  ///
  /// - Precondition: it was prepared.
  /// - Throws: ``SpecGANError`` where a sound cannot be made.
  func preview(of checkpoint: Checkpoint) throws(SpecGANError) -> Preview? {
    guard let maker else { preconditionFailure("a preview is made before it is prepared") }
    return try maker.preview(of: checkpoint)
  }

  /// Writes `preview` where the run keeps it.
  ///
  /// - Throws: ``SpecGANError`` where a part cannot be written.
  func write(_ preview: Preview) throws(SpecGANError) {
    try preview.write(to: run.previewFolder(step: preview.step), configuration)
  }
}
