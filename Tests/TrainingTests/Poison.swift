import Datasets
import Foundation
import TestSupport
import Tensors
import Training

/// One example that makes training diverge, in a place that the first course of a run comes to and the second
/// one does not.
struct Poison {
  /// The step that diverges.
  static let step = 4
  /// Steps that the second course can do.
  static let steps = 6

  /// Puts `value` in place of every number of the example, and sets `small` so that step ``step`` is the first
  /// to meet it: one example an update, one update of the critic a step, and a seed that suits.
  static func put(_ value: Float, in small: inout SmallRun, target: Int) throws {
    small.configuration.training.batchSize = 1
    small.configuration.training.criticUpdates = 1
    small.configuration.recovery.divergence = .rollBack
    for seed in UInt64(0)... {
      var (first, second) = (
        EpochOrder(count: small.cache.count, seed: seed),
        EpochOrder(count: small.cache.count, seed: seed, variant: 1)
      )
      let example = first[step - 1]
      guard !(target..<steps).contains(where: { second[$0] == example }) else { continue }
      small.configuration.training.seed = seed
      try write(value, to: example, of: small.cache)
      return
    }
  }

  private static func write(_ value: Float, to example: Int, of cache: Cache) throws {
    for name in ["spectrograms", "slices"] {
      let path = "\(cache.path)/\(name)-00000.safetensors"
      let file = try SafetensorsFile(path: path)
      let shape = file.entry(name)?.shape ?? []
      let count = shape.dropFirst().reduce(1, *)
      let handle = try FileHandle(forUpdating: URL(filePath: path))
      try handle.seek(toOffset: UInt64((file.offset(of: name) ?? 0) + 4 * count * example))
      let bytes = [Float](repeating: value, count: count).flatMap { number in
        (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
      }
      try handle.write(contentsOf: Data(bytes))
      try handle.close()
    }
  }
}
