internal import SpecGANDatasets
internal import SpecGANErrors
internal import SpecGANRuns
internal import SpecGANSettings
internal import SpecGANSynthesis
internal import SpecGANTensors
internal import SpecGANWorkers
internal import Spectra
internal import Waveforms

/// What previews are compared with: examples from all over a cache.
struct RealExamples {
  /// Those that are shown.
  let sounds: [SoundRenderer.Sound]
  /// How loud many more are.
  let statistics: SpectralStatistics

  /// Shows `count` of the examples of `cache`, or as many as there are.
  ///
  /// - Throws: ``SpecGANError`` where they cannot be read.
  init(of cache: Cache, count: Int, on workers: Workers) throws(SpecGANError) {
    let slices: CachedExamples
    slices = try cache.slices()
    sounds = Self.waveforms(count, of: slices, cache).map { .init(waveform: $0, wanted: nil) }
    statistics = try SpectralStatistics(
      of: Self.waveforms(Preview.scoredRealCount, of: slices, cache), cache.spectrogram, on: workers
    )
    guard statistics.mean.allSatisfy(\.isFinite) else {
      throw .notFinite(path: cache.path, name: "slices")
    }
  }

  private static func waveforms(
    _ wanted: Int, of slices: CachedExamples, _ cache: Cache
  ) -> [Waveform] {
    let slice = Tensor(shape: [1] + slices.shape)
    let count = min(wanted, slices.count)
    return (0..<count).map { index in
      slices.copy(index * slices.count / count, to: 0, of: slice.view)
      return Waveform(
        samples: slice.values, channels: cache.audio.channels, sampleRate: cache.audio.sampleRate)
    }
  }
}
