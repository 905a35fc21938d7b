package import SpecGANDatasets
package import SpecGANErrors
package import SpecGANModels
package import SpecGANRuns
internal import SpecGANSettings
package import SpecGANSynthesis
package import SpecGANTensors
internal import SpecGANTraining
internal import SpecGANWorkers
internal import Spectra
package import Waveforms

/// The steps with a preview: 1, 2, 5, 10, 20, 50 and so on, and all multiples of ``longestGap``.
package struct PreviewSchedule: Equatable, Sendable {
  /// The largest number of steps from one preview to the next.
  package let longestGap: Int

  package init(longestGap: Int) { self.longestGap = longestGap }

  /// Returns whether a preview is due after `step`.
  package func contains(_ step: Int) -> Bool {
    guard step > 0 else { return false }
    if step % longestGap == 0 { return true }
    var digit = step
    while digit % 10 == 0 { digit /= 10 }
    return step < longestGap && [1, 2, 5].contains(digit)
  }

  /// Returns the number of previews up to `step`.
  package func count(through step: Int) -> Int {
    guard step > 0 else { return 0 }
    var count = step / longestGap
    var decade = 1
    while decade <= min(step, longestGap - 1) {
      count += [1, 2, 5].count { $0 * decade < longestGap && $0 * decade <= step }
      decade *= 10
    }
    return count
  }
}

/// A generator of previews of checkpoints: clips from the run's fixed latents, and their spectral
/// distance from real clips.
///
/// Clip `i` is the one that `generate` makes from the checkpoint with the run's seed.
package struct PreviewMaker {
  private let count: Int
  private let real: RealExamples?
  private let level: OutputLevel
  private let engine: Engine

  /// Creates a maker of previews of `count` clips at `level`, compared with the clips of `cache` if
  /// it is given.
  ///
  /// - Throws: ``SpecGANError`` if the cache cannot be read.
  package init(
    count: Int, comparedWith cache: Cache?, level: OutputLevel = .protect, engine: Engine
  ) throws(SpecGANError) {
    (self.count, self.level, self.engine) = (count, level, engine)
    real = try cache.map { (cache) throws(SpecGANError) in
      try RealExamples(of: cache, count: count, on: engine.workers)
    }
  }

  /// The real clips that are shown with previews.
  var realClips: [PicturedClip] { real?.clips ?? [] }

  /// Returns the latents of all previews of a run of `gan` with `seed`.
  package func latents(for gan: GAN, seed: UInt64) -> ChosenLatents {
    ChosenLatents(drawnFor: gan, count: count, seed: seed)
  }

  /// Returns a preview of `checkpoint`; nil if the generator's samples or the inversion's are not
  /// finite. Magnitudes are exponentials of the generator's output, so they may overflow.
  ///
  /// - Throws: ``SpecGANError`` if a clip cannot be generated.
  package func preview(of checkpoint: Checkpoint) throws(SpecGANError) -> Preview? {
    let generator = SampleGenerator(checkpoint, engine: engine)
    let seed = checkpoint.configuration.training.seed
    let madeCount = real == nil ? count : max(count, Preview.scoredCount)
    let latents = ChosenLatents(drawnFor: checkpoint.gan, count: madeCount, seed: seed)
    let made = generator.samples(latents)
    guard made.withSpan({ $0.isFinite }) else { return nil }
    do throws(SpecGANError) {
      let rendered = try SampleCodec(checkpoint, seed: seed)
        .clips(of: made, 0..<count, numbers: latents.numbers, on: engine.workers)
      guard rendered.allSatisfy({ $0.waveform.samples.span.isFinite }) else { return nil }
      let clips = try rendered.pictured(
        checkpoint.configuration.spectrogram, name: "a preview", level: level, on: engine.workers)
      return try Preview(
        step: checkpoint.step, samples: first(count, of: made), clips: clips,
        labels: latents.labels.map { $0.text(checkpoint.labels) }, realClips: realClips,
        distance: try distance(of: made, clips, checkpoint))
    } catch {
      if error.code == .magnitude { return nil }
      throw error
    }
  }

  private func first(_ count: Int, of samples: Tensor) -> Tensor {
    Tensor(
      shape: [count] + samples.shape.dropFirst(), samples.examples(0..<count).values)
  }

  /// Returns the spectral distance of the clips of `made` from the cache's, by the fast inversion.
  ///
  /// If the `shown` clips, the first ones, were inverted in the same way, they are reused.
  private func distance(
    of made: Tensor, _ shown: [PicturedClip], _ checkpoint: Checkpoint
  ) throws(SpecGANError) -> Float? {
    guard let real else { return nil }
    let (own, spectrogram) = (
      checkpoint.configuration.inversion, checkpoint.configuration.spectrogram
    )
    var fast = InversionConfiguration()
    fast.method = .fast
    let codec = try SampleCodec(
      checkpoint, inversion: fast, seed: checkpoint.configuration.training.seed)
    let isShared =
      !codec.isInverted || (own.method == fast.method && own.projections == fast.projections)
    let known = isShared ? shown : []
    let total = made.shape[0]
    let others = try codec.clips(
      of: made, known.count..<total, numbers: Array(0..<total), on: engine.workers)
    let distance = try SpectralStatistics(of: total, spectrogram, on: engine.workers) {
      index throws(SpecGANError) in
      if index < known.count { return known[index].magnitudes }
      return try others[index - known.count].waveform.magnitudes(spectrogram)
    }.distance(to: real.statistics)
    return distance.isFinite ? distance : nil
  }
}

/// The real clips that previews are compared with, evenly spaced over a cache.
struct RealExamples {
  /// The clips that are shown.
  let clips: [PicturedClip]
  /// The statistics of many more clips.
  let statistics: SpectralStatistics

  /// Reads `count` clips of `cache` to show, or all if it has fewer.
  ///
  /// - Throws: ``SpecGANError`` if they cannot be read.
  init(of cache: Cache, count: Int, on workers: Workers) throws(SpecGANError) {
    let slices = try cache.slices()
    let spectrogram = cache.spectrogram
    @Sendable func clip(_ index: Int, of wanted: Int) -> Waveform {
      cache.waveform(index * slices.count / wanted, of: slices)
    }
    let scoredCount = min(Preview.scoredRealCount, slices.count)
    statistics = try SpectralStatistics(of: scoredCount, spectrogram, on: workers) {
      index throws(SpecGANError) in
      try clip(index, of: scoredCount).magnitudes(spectrogram)
    }
    guard statistics.mean.allSatisfy(\.isFinite) else {
      throw .notFinite(path: cache.path, name: "slices")
    }
    let shownCount = min(count, slices.count)
    clips = try (0..<shownCount).map {
      RenderedClip(waveform: clip($0, of: shownCount))
    }.pictured(spectrogram, name: cache.path, on: workers)
  }
}

extension [RenderedClip] {
  /// Transforms all clips, which errors call `name`, and encodes them at `level`.
  fileprivate func pictured(
    _ spectrogram: SpectrogramConfiguration, name: String, level: OutputLevel = .protect,
    on workers: Workers
  ) throws(SpecGANError) -> [PicturedClip] {
    let results = workers.map(count) { index, _ in
      Result { () throws(SpecGANError) in
        try PicturedClip(self[index], spectrogram, name: name, level: level)
      }
    }
    return try results.map { (result) throws(SpecGANError) in try result.get() }
  }
}
