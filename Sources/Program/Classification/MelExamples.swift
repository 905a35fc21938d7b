package import Networks
internal import Scores
package import SpecGANDatasets
package import SpecGANErrors
internal import SpecGANTensors
package import SpecGANWorkers
internal import Spectra
internal import Waveforms

/// The slices of a cache as a ``ClassifierNetwork`` reads them, made when they are first asked for
/// and then kept, where all fit into 1 GiB; made each time where they do not.
package final class MelExamples {
  private let slices: CachedExamples
  private let pictures: MelPictures
  private let kept: Tensor?
  private var isMade: [Bool]
  private let path: String

  /// The most numbers of pictures that are kept.
  package static let mostKept = 1 << 28

  /// Bytes that the pictures of `cache` take.
  static func memory(of cache: Cache) -> Int {
    MemoryLayout<Float>.stride * (keptShape(of: cache, mostKept)?.reduce(1, *) ?? 0)
  }

  /// The shape of all pictures of `cache`; nil where they are more than `mostKept` numbers.
  private static func keptShape(of cache: Cache, _ mostKept: Int) -> [Int]? {
    let frames = MelPictures.frameCount(of: cache.audio.sliceLength)
    let shape = [cache.count, frames, MelSpectrogram.bandCount]
    return shape.reduce(1, *) <= mostKept ? shape : nil
  }

  /// The slices of `cache`, whose pictures are kept where they are `mostKept` numbers or fewer.
  ///
  /// - Throws: ``SpecGANError`` where it cannot be read, or its rate is too low.
  package init(
    _ cache: Cache, workers: Workers, mostKept: Int = MelExamples.mostKept
  ) throws(SpecGANError) {
    path = cache.path
    slices = try cache.slices()
    pictures = try MelPictures(cache.audio, workers: workers)
    kept = Self.keptShape(of: cache, mostKept).map { Tensor(shape: $0) }
    isMade = [Bool](repeating: false, count: slices.count)
  }

  /// Puts the pictures of the slices `indices` at the first places of the input of `workspace`.
  ///
  /// - Throws: ``SpecGANError`` where a slice is not finite.
  package func load(_ indices: [Int], into workspace: Workspace) throws(SpecGANError) {
    let (slices, input) = (slices, workspace.input)
    if let kept {
      // Each once, as two threads must not write the same place.
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
