package import SpecGANTensors

/// Examples to train from, by number.
package protocol Examples: Sendable {
  /// How many there are.
  var count: Int { get }
  /// The shape of one.
  var shape: [Int] { get }
  /// Writes example `index` to place `position` of `batch`, along its first axis.
  ///
  /// - Parameters:
  ///   - index: which example.
  ///   - chance: a number in `[0, 1)` that decides what an example leaves to chance.
  ///   - position: where to.
  ///   - batch: of examples.
  func copy(_ index: Int, chance: Double, to position: Int, of batch: TensorView)
}

/// Examples that leave nothing to chance.
package protocol FixedExamples: Examples {
  /// Writes example `index` to place `position` of `batch`, along its first axis.
  func copy(_ index: Int, to position: Int, of batch: TensorView)
}

extension FixedExamples {
  /// Writes example `index` to place `position` of `batch`, whatever `chance` is.
  package func copy(_ index: Int, chance: Double, to position: Int, of batch: TensorView) {
    copy(index, to: position, of: batch)
  }
}

/// Examples held in memory, for small sets.
package struct StoredExamples: FixedExamples {
  private let tensor: Tensor

  /// The examples along the first axis of `tensor`.
  package init(_ tensor: Tensor) { self.tensor = tensor }

  /// How many there are.
  package var count: Int { tensor.shape[0] }
  /// The shape of one.
  package var shape: [Int] { Array(tensor.shape.dropFirst()) }

  /// Writes example `index` to place `position` of `batch`.
  package func copy(_ index: Int, to position: Int, of batch: TensorView) {
    batch.copy(index..<index + 1, of: tensor.view, to: position)
  }
}
