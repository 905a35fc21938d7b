internal import Datasets
internal import Files
internal import Models
internal import Tensors
internal import Waveforms

/// Makes and writes the previews of a run.
///
/// Sound `i` is the one that `generate` makes of a checkpoint of the same step with the run's seed.
struct Previewer {
  private let run: RunFolder
  private let configuration: Configuration
  private let engine: Engine
  private let schedule: PreviewSchedule

  private var count: Int { configuration.monitoring.previewCount }

  init(_ configuration: Configuration, run: RunFolder, engine: Engine) {
    self.run = run
    self.configuration = configuration
    self.engine = engine
    schedule = PreviewSchedule(longestGap: configuration.monitoring.previewSteps)
  }

  /// Whether there are previews at all.
  var isOn: Bool { count > 0 }

  /// Whether a preview is due after `step`.
  func isDue(after step: Int) -> Bool { isOn && schedule.contains(step) }

  /// Makes a preview of `checkpoint`.
  ///
  /// - Throws: ``TrainingError`` where a sound cannot be made.
  func preview(of checkpoint: Checkpoint) throws(TrainingError) -> Preview {
    let seed = configuration.training.seed
    let generator = SampleGenerator(checkpoint, engine: engine)
    let renderer = try SoundRenderer(checkpoint, inversion: configuration.inversion, seed: seed)
    let samples = generator.samples(generator.latents(0..<count, seed: seed))
    let sounds = try renderer.sounds(
      of: samples, numbers: Array(0..<count), on: engine.workers)
    return Preview(
      step: checkpoint.step, samples: samples, sounds: sounds, distance: .nan)
  }

  /// Writes `preview`: a WAV and a picture a sound.
  ///
  /// - Throws: ``TrainingError`` where one cannot be written.
  func write(_ preview: Preview) throws(TrainingError) {
    try write(preview.sounds, to: run.previewFolder(step: preview.step))
  }

  /// Writes examples from all over `cache`, to compare with, where they are not there yet, as far as the
  /// file that is written last tells.
  ///
  /// - Throws: ``TrainingError`` where one cannot be read or written.
  func writeRealExamples(of cache: Cache) throws(TrainingError) {
    let count = min(count, cache.count)
    let folder = run.realExamplesFolder
    guard count > 0, !Folder.exists("\(folder)/\(Self.stem(count - 1)).png") else { return }
    let slices: CachedExamples
    do { slices = try cache.slices() } catch { throw .dataset(error) }
    let slice = Tensor(shape: [1] + slices.shape)
    var sounds: [SoundRenderer.Sound] = []
    for index in 0..<count {
      slices.copy(index * cache.count / count, to: 0, of: slice)
      let waveform = Waveform(
        samples: slice.values, channels: cache.audio.channels, sampleRate: cache.audio.sampleRate)
      sounds.append(SoundRenderer.Sound(waveform: waveform, wanted: nil))
    }
    try write(sounds, to: folder)
  }

  private func write(_ sounds: [SoundRenderer.Sound], to folder: String) throws(TrainingError) {
    var writer = try SoundWriter(folder: folder, format: .pcm16, withPictures: true)
    for (index, sound) in sounds.enumerated() {
      try writer.write(
        sound.waveform, wanted: sound.wanted, configuration.spectrogram, stem: Self.stem(index))
    }
  }

  private static func stem(_ index: Int) -> String { index < 10 ? "0\(index)" : "\(index)" }
}
