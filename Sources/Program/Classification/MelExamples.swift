package import Networks
internal import Scores
package import SpecGANDatasets
package import SpecGANErrors
internal import SpecGANTensors
package import SpecGANWorkers
internal import Spectra
internal import Waveforms

/// The log-mel spectrograms of a cache's slices, as a ``ClassifierNetwork`` reads them. They are
/// computed on first use and kept if all fit into 1 GiB, otherwise computed each time.
package final class MelExamples {
  private let slices: CachedExamples
  private let pictures: MelPictures
  private let kept: Tensor?
  private var isMade: [Bool]
  private let path: String

  /// The largest number of elements that are kept.
  package static let mostKept = 1 << 28

  /// Returns the bytes that the kept pictures of `cache` take.
  static func memory(of cache: Cache, _ features: FeatureSet) -> Int {
    MemoryLayout<Float>.stride * (keptShape(of: cache, features, mostKept)?.reduce(1, *) ?? 0)
  }

  /// Returns the shape of all pictures of `cache`; nil if they have more than `mostKept` elements.
  private static func keptShape(
    of cache: Cache, _ features: FeatureSet, _ mostKept: Int
  ) -> [Int]? {
    let frames = MelPictures.frameCount(of: cache.audio, features)
    let shape = [cache.count, frames, MelSpectrogram.bandCount]
    return shape.reduce(1, *) <= mostKept ? shape : nil
  }

  /// Opens the slices of `cache`, and keeps their pictures if they have at most `mostKept`
  /// elements.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be read, or its sample rate is too low.
  package init(
    _ cache: Cache, _ features: FeatureSet, workers: Workers, mostKept: Int = MelExamples.mostKept
  ) throws(SpecGANError) {
    path = cache.path
    slices = try cache.slices()
    pictures = try MelPictures(cache.audio, features, workers: workers)
    kept = Self.keptShape(of: cache, features, mostKept).map { Tensor(shape: $0) }
    isMade = [Bool](repeating: false, count: slices.count)
  }

  /// Copies the pictures of the slices `indices` to the beginning of the input of `workspace`.
  ///
  /// - Throws: ``SpecGANError`` if a slice is not finite.
  package func load(_ indices: [Int], into workspace: Workspace) throws(SpecGANError) {
    let (slices, input) = (slices, workspace.input)
    if let kept {
      // Each once, because two threads must not write to the same slot.
      let missing = Set(indices.filter { !isMade[$0] }).sorted()
      pictures.make(missing.count) {
        slices.copy(missing[$0], to: 0, of: $1)
      } into: {
        kept.examples(missing[$0]..<missing[$0] + 1)
      }
      for index in missing { isMade[index] = true }
      for (place, index) in indices.enumerated() {
        input.copy(index..<index + 1, of: kept.view, to: place)
      }
    } else {
      pictures.make(indices.count) {
        slices.copy(indices[$0], to: 0, of: $1)
      } into: {
        input.examples($0..<$0 + 1)
      }
    }
    if let place = workspace.firstNotFiniteInput(of: indices.count) {
      throw .notFinite(slice: indices[place], of: path)
    }
  }
}
