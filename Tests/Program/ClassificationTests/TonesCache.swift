import Foundation
import SpecGANClassification
import SpecGANDatasets
import SpecGANTensors
import SpecGANTestSupport
import SpecGANWorkers
import Spectra
import Waveforms

/// A folder of short clips in classes that a small network distinguishes: tones in noise.
struct TonesCache {
  let folder: TemporaryFolder
  let cache: Cache

  /// Creates `counts[label]` files in each folder, and cuts them with the settings `audio`.
  init(
    _ counts: [Int], audio: AudioConfiguration = Self.audio, seconds: Double = 0.12,
    isPure: Bool = true, in folder: TemporaryFolder
  ) throws {
    self.folder = folder
    for (label, count) in counts.enumerated() {
      for index in 0..<count {
        try Self.write(label, index, seconds, isPure, audio.channels, folder)
      }
    }
    _ = try Preprocessor(
      inputs: [folder.path("sounds")], output: folder.path("cache"), audio: audio,
      spectrogram: .init(), workers: Workers(count: 2)
    ).run()
    cache = try Cache(path: folder.path("cache"))
  }

  /// Slices of sixteen frames, the smallest number.
  static var audio: AudioConfiguration {
    var audio = AudioConfiguration()
    audio.sliceLength = 2_048
    return audio
  }

  /// Returns a tone in noise, higher with every label; without `isPure`, only the noise.
  private static func write(
    _ label: Int, _ index: Int, _ seconds: Double, _ isPure: Bool, _ channels: Int,
    _ folder: TemporaryFolder
  ) throws {
    let name = folder.path("sounds/\(label)/\(index).wav")
    try FileManager.default.createDirectory(
      at: URL(filePath: name).deletingLastPathComponent(), withIntermediateDirectories: true)
    let noise = randomNumbers(Int(16_000 * seconds), seed: UInt64(1_000 * label + index))
    let pitch = (300 + 900 * Double(label)) * (1 + 0.1 * Double(noise[0]))
    let samples = noise.enumerated().flatMap { place, value in
      let tone = isPure ? 0.5 * Float(sin(2 * .pi * pitch * Double(place) / 16_000)) : 0
      return [Float](repeating: tone + 0.1 * value, count: channels)
    }
    _ = try AudioFile.write(
      Waveform(samples: samples, channels: channels, sampleRate: 16_000), to: name, format: .float)
  }

  /// The settings of a classifier that trains in a moment.
  static var settings: ClassifierTraining.Settings {
    var settings = ClassifierTraining.Settings()
    (settings.channels, settings.batchSize) = (4, 8)
    (settings.epochs, settings.patience, settings.seed) = (6, 3, 5)
    return settings
  }

  func training(
    _ settings: ClassifierTraining.Settings = Self.settings, threads: Int = 2
  ) throws -> ClassifierTraining {
    try ClassifierTraining(from: cache, settings, engine: Engine(threads: threads))
  }

  /// Returns the slices of `part`, `[n, samples]`.
  func slices(_ part: DatasetSplit.Part) throws -> Tensor {
    let slices = try cache.slices()
    let tensor = Tensor(shape: [part.slices.count] + slices.shape)
    for (place, index) in part.slices.enumerated() {
      slices.copy(index, to: place, of: tensor.view)
    }
    return tensor
  }
}
