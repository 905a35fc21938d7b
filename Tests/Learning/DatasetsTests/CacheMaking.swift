import Foundation
import SpecGANDatasets
import SpecGANRandomness
import SpecGANTensors
import SpecGANTestSupport
import SpecGANWorkers
import Spectra
import Waveforms

let drums = Fixtures.path("audio/drums")
let digits = Fixtures.path("audio/digits")

/// Preprocesses `inputs` into `output`.
@discardableResult
func preprocess(
  _ inputs: [String], to output: String, audio: AudioConfiguration = .init(),
  spectrogram: SpectrogramConfiguration = .init(), workers: Int = 2
) throws -> PreprocessingSummary {
  try Preprocessor(
    inputs: inputs, output: output, audio: audio, spectrogram: spectrogram,
    workers: Workers(count: workers)
  ).run()
}

/// Returns a preprocessor from `in` to `cache` in `folder`.
func preprocessor(in folder: String) throws -> Preprocessor {
  try Preprocessor(
    inputs: ["\(folder)/in"], output: "\(folder)/cache", audio: .init(), spectrogram: .init(),
    workers: Workers(count: 1))
}

extension TemporaryFolder {
  /// Writes noise of `frames` frames, which depends on `seed`, as the WAV file `name`; creates its
  /// folders.
  @discardableResult
  func noise(
    _ name: String, seed: UInt64 = 0, frames: Int = 1000, channels: Int = 1, rate: Int = 16_000
  ) throws -> [Float] {
    let stream = RandomStream(seed: seed, purpose: .trainingLatents, row: 0)
    let samples = (0..<frames * channels).map { stream.uniform(at: UInt64($0)) - 0.5 }
    try sound(name, samples, channels: channels, rate: rate)
    return samples
  }

  /// Writes `samples` as the float WAV file `name`; creates its folders.
  func sound(
    _ name: String, _ samples: [Float], channels: Int = 1, rate: Int = 16_000
  ) throws {
    try makeParent(of: name)
    try AudioFile.write(
      Waveform(samples: samples, channels: channels, sampleRate: rate), to: path(name),
      format: .float)
  }

  /// Creates the parent folder of `name`.
  func makeParent(of name: String) throws {
    try FileManager.default.createDirectory(
      at: URL(filePath: path(name)).deletingLastPathComponent(), withIntermediateDirectories: true)
  }

  /// Returns every file in the folder `name` with its bytes.
  func contents(of name: String) throws -> [String: Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: path(name))
    return try Dictionary(
      uniqueKeysWithValues: names.map {
        ($0, try Data(contentsOf: URL(filePath: path("\(name)/\($0)"))))
      })
  }
}

extension CachedExamples {
  /// Returns example `index`, in row-major order.
  func values(_ index: Int) -> [Float] {
    let batch = Tensor(shape: [2] + shape)
    batch.fill(.nan)
    copy(index, to: 1, of: batch.view)
    return Array(batch.values.dropFirst(batch.stride))
  }
}
