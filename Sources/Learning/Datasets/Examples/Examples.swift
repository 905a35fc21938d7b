package import SpecGANTensors

/// A collection of training examples, each of which may depend on a random number.
package protocol Examples: Sendable {
  /// The number of examples.
  var count: Int { get }
  /// The shape of an example.
  var shape: [Int] { get }
  /// Copies example `index` to index `position` of `batch`, along its first axis.
  ///
  /// - Parameters:
  ///   - index: the index of the example.
  ///   - chance: a random number in `[0, 1)`, on which the example may depend.
  ///   - position: the index in the batch.
  ///   - batch: the batch, `[batch] + shape`.
  func copy(_ index: Int, chance: Double, to position: Int, of batch: TensorView)
}

/// A collection of training examples that do not depend on a random number.
package protocol FixedExamples: Examples {
  /// Copies example `index` to index `position` of `batch`, along its first axis.
  func copy(_ index: Int, to position: Int, of batch: TensorView)
}

extension FixedExamples {
  /// Copies example `index` to index `position` of `batch`; `chance` has no effect.
  package func copy(_ index: Int, chance: Double, to position: Int, of batch: TensorView) {
    copy(index, to: position, of: batch)
  }
}

/// Examples in memory, for small sets.
package struct StoredExamples: FixedExamples {
  private let tensor: Tensor

  /// Creates the examples along the first axis of `tensor`.
  package init(_ tensor: Tensor) { self.tensor = tensor }

  /// The number of examples.
  package var count: Int { tensor.shape[0] }
  /// The shape of an example.
  package var shape: [Int] { Array(tensor.shape.dropFirst()) }

  /// Copies example `index` to index `position` of `batch`.
  package func copy(_ index: Int, to position: Int, of batch: TensorView) {
    batch.copy(index..<index + 1, of: tensor.view, to: position)
  }
}
