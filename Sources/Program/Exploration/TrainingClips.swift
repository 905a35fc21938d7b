package import SpecGANDatasets
package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANModels
package import SpecGANRuns
internal import SpecGANSettings
internal import SpecGANSynthesis
internal import SpecGANTensors
package import SpecGANWorkers

/// The clips that a generator was trained on, to find copies of them.
package struct TrainingClips: Sendable {
  /// The cache.
  package let cache: Cache
  /// The features of each slice.
  private let features: [ClipFeatures]
  /// The file of each slice.
  private let files: [String]
  /// The distance below which a clip is a copy, in dB: half the median distance of the training
  /// clips to the nearest other one.
  package let copyDistance: Double

  /// A training clip, and the distance of another clip from it.
  package struct Neighbor: Equatable, Sendable {
    /// The index of the slice in the cache.
    package let slice: Int
    /// The file that the slice is from, as the cache names it.
    package let file: String
    /// The distance in dB; see ``ClipFeatures``.
    package let distance: Double
  }

  /// Opens the cache of the run that the checkpoint at `path` belongs to; nil if the checkpoint is
  /// in no run, its cache is not found or has changed, or has fewer than two slices.
  ///
  /// - Throws: ``SpecGANError`` if the cache cannot be read.
  package init?(
    of checkpoint: Checkpoint, at path: String, on workers: Workers
  ) throws(SpecGANError) {
    guard let cache = try Self.cache(of: checkpoint, at: path), cache.count > 1 else { return nil }
    self.cache = cache
    let codec = try SampleCodec(checkpoint)
    let examples =
      try checkpoint.configuration.model.samplesAreSpectrograms
      ? cache.spectrograms() : cache.slices()
    let shape = checkpoint.gan.sampleShape
    // Spectrograms of the mix, of a cache of version 0.2, are not those of a stereo run.
    guard examples.shape.reduce(1, *) == shape.reduce(1, *) else { return nil }
    var features: [ClipFeatures] = []
    let batch = SampleGenerator.batchSize
    for first in stride(from: 0, to: cache.count, by: batch) {
      let slices = first..<min(first + batch, cache.count)
      let samples = Tensor(shape: [slices.count] + shape, slices.flatMap { examples.values($0) })
      let magnitudes = try codec.magnitudes(of: samples, from: cache.path, on: workers)
      features += workers.map(slices.count) { index, _ in
        ClipFeatures(magnitudes[index], checkpoint.configuration.spectrogram)
      }
    }
    self.features = features
    copyDistance = features.copyDistance(on: workers)
    files = try cache.slicedFiles().flatMap { file in file.slices.map { _ in file.path } }
  }

  /// Opens the cache that ``init(of:at:on:)`` reads; nil if it is not found or has changed.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be read.
  package static func cache(
    of checkpoint: Checkpoint, at path: String
  ) throws(SpecGANError) -> Cache? {
    guard let run = try RunFolder(holdingCheckpoint: path) else { return nil }
    let place = try run.cachePath(of: checkpoint.configuration.paths)
    guard try Cache.exists(at: place),
      try Cache.fingerprint(at: place) == checkpoint.fingerprint
    else { return nil }
    return try Cache(path: place)
  }

  /// Returns whether a clip with the nearest training clip `neighbor` is a copy of it.
  package func isCopy(_ neighbor: Neighbor) -> Bool {
    neighbor.distance == 0 || neighbor.distance < copyDistance
  }

  /// Returns the training clip that is closest to a clip with `features`.
  package func nearest(to features: ClipFeatures) -> Neighbor {
    var (nearest, least) = (0, Double.infinity)
    for (slice, other) in self.features.enumerated() {
      let distance = features.distance(from: other)
      if distance < least { (nearest, least) = (slice, distance) }
    }
    return Neighbor(slice: nearest, file: files[nearest], distance: least)
  }
}
