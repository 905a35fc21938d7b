internal import Scores
package import SpecGANErrors
package import SpecGANExploration
internal import SpecGANModels
internal import SpecGANRuns
internal import SpecGANSettings
package import SpecGANSynthesis
package import SpecGANTensors
internal import SpecGANWorkers
internal import Waveforms

/// Sounds of a generator on a plane, on which similar sounds are close to each other.
///
/// The axes are the first two principal components of the sounds' features. On each axis a sound is
/// halfway between its value, relative to the lowest and the highest one, and its rank, so that no
/// outlier leaves the plane empty.
package struct StudioMap: Sendable {
  /// A sound of a map.
  package struct Point: Sendable {
    /// The number of the sound under the seed.
    package let number: Int
    /// The position, 0 to 1 to the right and upwards.
    package let x, y: Double
    /// The index of the label; nil without labels.
    package let label: Int?
    /// The descriptors that the sound has.
    package let descriptors: [SoundDescriptor: Double]
  }

  /// The sounds, by rising number.
  package let points: [Point]
  /// The number of sounds that were left out because they are silent.
  package let silentCount: Int

  /// The number of sounds by default.
  package static let standardCount = 256

  /// Places the first `count` sounds under `seed`.
  ///
  /// The sounds are not inverted: their features come from their spectrograms.
  ///
  /// - Parameters:
  ///   - count: the number of sounds.
  ///   - generator: the generator.
  ///   - path: its checkpoint, for errors.
  ///   - seed: the random seed.
  ///   - engine: the threads.
  ///   - progress: called after each batch with the number of sounds so far; may throw to stop.
  /// - Throws: ``SpecGANError`` if the generator's output is not finite; the error of `progress`.
  package init(
    of count: Int = standardCount, by generator: SampleGenerator, at path: String, seed: UInt64,
    engine: Engine, progress: (_ done: Int) throws(SpecGANError) -> Void = { _ in }
  ) throws(SpecGANError) {
    let checkpoint = generator.checkpoint
    let spectrogram = checkpoint.configuration.spectrogram
    let profiler = SoundProfiler(
      spectrogram, sampleRate: checkpoint.configuration.audio.sampleRate)
    let codec = try SampleCodec(checkpoint)
    let chosen = ChosenLatents(drawnFor: checkpoint.gan, count: count, seed: seed)
    var sounds: [(number: Int, label: Int?, descriptors: [SoundDescriptor: Double])] = []
    var levels: [Float] = []
    for (first, batch) in chosen.batches(of: SampleGenerator.batchSize) {
      let samples = generator.samples(batch)
      let magnitudes = try codec.magnitudes(of: samples, from: path, on: engine.workers)
      let found = engine.workers.map(batch.count) { index, _ in
        (
          profiler.profile(of: magnitudes[index]),
          ClipFeatures(magnitudes[index], spectrogram).levels
        )
      }
      for (index, (profile, features)) in found.enumerated() {
        guard let profile else { continue }
        let label = batch.labels.isEmpty ? nil : batch.labels[index].dominant
        sounds.append((first + index, label, profile))
        levels += features
      }
      try progress(first + batch.count)
    }
    silentCount = count - sounds.count
    let axes = try Self.axes(levels, count: sounds.count, engine)
    points = sounds.enumerated().map { index, sound in
      Point(
        number: sound.number, x: axes[0][index], y: axes[1][index], label: sound.label,
        descriptors: sound.descriptors)
    }
  }

  /// Returns the positions of `count` sounds on both axes.
  private static func axes(
    _ levels: [Float], count: Int, _ engine: Engine
  ) throws(SpecGANError) -> [[Double]] {
    let middle = [Double](repeating: 0.5, count: count)
    let rows = Set(
      stride(from: 0, to: levels.count, by: ClipFeatures.count).map { start in
        Array(levels[start..<start + ClipFeatures.count])
      })
    guard rows.count > 1 else { return [middle, middle] }
    let features = try Features(levels, dimension: ClipFeatures.count)
    let components = try PrincipalComponents(of: features, workers: engine.workers)
    return (0..<2).map { axis in
      spread(
        (0..<count).map { row in
          zip(features[row], components[axis]).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        })
    }
  }

  /// Returns positions from 0 to 1 in the order of `values`.
  private static func spread(_ values: [Double]) -> [Double] {
    guard let lowest = values.min(), let highest = values.max(), highest > lowest else {
      return values.map { _ in 0.5 }
    }
    var ranks = [Double](repeating: 0, count: values.count)
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    for (rank, index) in order.enumerated() {
      ranks[index] = Double(rank) / Double(values.count - 1)
    }
    return zip(values, ranks).map { value, rank in
      ((value - lowest) / (highest - lowest) + rank) / 2
    }
  }
}
