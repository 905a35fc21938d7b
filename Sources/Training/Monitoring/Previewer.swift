internal import Datasets
internal import Files
internal import Models
internal import Pictures
internal import Spectra
internal import Tensors
internal import Waveforms

/// Makes and writes the previews of a run.
///
/// Sound `i` is the one that `generate` makes of a checkpoint of the same step with the run's seed.
final class Previewer {
  private let run: RunFolder
  private let cache: Cache
  private let configuration: Configuration
  private let engine: Engine
  private let schedule: PreviewSchedule
  private var real: RealExamples?

  private var count: Int { configuration.monitoring.previewCount }
  private var seed: UInt64 { configuration.training.seed }

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
  var isOn: Bool { count > 0 }

  /// Writes what previews are made from and compared with: the latents, and examples of the cache.
  ///
  /// - Throws: ``TrainingError`` where one cannot be read or written.
  func prepare() throws(TrainingError) {
    guard isOn, real == nil else { return }
    let real = try RealExamples(of: cache, count: count, on: engine.workers)
    try write(real.sounds, to: run.realExamplesFolder)
    try writeLatents()
    self.real = real
  }

  /// Makes a preview of `checkpoint`; nil where its generator gives numbers that are not finite.
  ///
  /// - Precondition: it was prepared.
  /// - Throws: ``TrainingError`` where a sound cannot be made.
  func preview(of checkpoint: Checkpoint) throws(TrainingError) -> Preview? {
    guard let real else { preconditionFailure("a preview is made before it is prepared") }
    let generator = SampleGenerator(checkpoint, engine: engine)
    let numbers = 0..<max(count, Preview.scoredCount)
    let scored = generator.samples(
      generator.latents(numbers, seed: seed), labels: generator.labels(numbers))
    guard scored.withSpan({ isFinite($0) }) else { return nil }
    let samples = scored.examples(0..<count)
    let sounds = try self.sounds(samples, checkpoint, configuration.inversion)
    return Preview(
      step: checkpoint.step, samples: samples, sounds: sounds, realSounds: real.sounds,
      distance: try distance(scored, checkpoint, from: real))
  }

  /// Writes `preview`: a WAV and a picture a sound, and all together below examples of the cache.
  ///
  /// - Throws: ``TrainingError`` where one cannot be written.
  func write(_ preview: Preview) throws(TrainingError) {
    let folder = run.previewFolder(step: preview.step)
    try write(preview.sounds, to: folder)
    try writeOverview(preview.sounds, preview.realSounds, to: folder)
  }

  /// What is heard of `samples`.
  private func sounds(
    _ samples: Tensor, _ checkpoint: Checkpoint, _ inversion: InversionConfiguration
  ) throws(TrainingError) -> [SoundRenderer.Sound] {
    try SoundRenderer(checkpoint, inversion: inversion, seed: seed)
      .sounds(of: samples, numbers: Array(0..<samples.shape[0]), on: engine.workers)
  }

  /// How far what is heard of `samples` is from the cache's sounds; phases are found fast.
  private func distance(
    _ samples: Tensor, _ checkpoint: Checkpoint, from real: RealExamples
  ) throws(TrainingError) -> Float {
    var inversion = InversionConfiguration()
    inversion.method = .fast
    let sounds = try sounds(samples, checkpoint, inversion)
    return try SpectralStatistics(
      of: sounds.map(\.waveform), configuration.spectrogram, on: engine.workers
    ).distance(to: real.statistics)
  }
}

// MARK: - Files

extension Previewer {
  /// What a preview's sound number `index` is called.
  static func stem(_ index: Int) -> String { index < 10 ? "0\(index)" : "\(index)" }

  private func writeLatents() throws(TrainingError) {
    let latents = SampleGenerator.latents(0..<count, of: configuration.network.latent, seed: seed)
    var contents = SafetensorsContents(metadata: ["seed": String(seed)])
    contents.append("z", latents)
    do { try contents.write(to: run.previewLatentsPath) } catch { throw .tensors(error) }
  }

  private func write(_ sounds: [SoundRenderer.Sound], to folder: String) throws(TrainingError) {
    var writer = try SoundWriter(folder: folder, format: .pcm16, withPictures: true)
    for (index, sound) in sounds.enumerated() {
      try writer.write(
        sound.waveform, wanted: sound.wanted, configuration.spectrogram, stem: Self.stem(index))
    }
  }

  /// The spectrograms of what is heard: the cache's sounds above, the generator's below.
  private func writeOverview(
    _ sounds: [SoundRenderer.Sound], _ real: [SoundRenderer.Sound], to folder: String
  ) throws(TrainingError) {
    var rows: [[Picture]] = []
    for row in [real, sounds] {
      var pictures: [Picture] = []
      for sound in row.prefix(8) {
        let magnitudes = try sound.waveform.magnitudes(configuration.spectrogram)
        pictures.append(Picture(decibels: magnitudes, mostColumns: 128))
      }
      rows.append(pictures)
    }
    let sheet = Picture.sideBySide(rows, gap: 12)
    do {
      try sheet.write(to: "\(folder)/\(SoundWriter.overviewStem).png")
    } catch {
      throw .picture(error)
    }
  }
}
