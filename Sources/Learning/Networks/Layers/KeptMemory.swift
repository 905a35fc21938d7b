internal import SpecGANErrors
internal import SpecGANTensors

/// The numbers of elements that a layer's passes keep for its later passes: per example, except
/// ``shared``.
public struct KeptCounts: Sendable {
  /// The number of elements that the forward pass keeps.
  package var values = 0
  /// The largest number of elements that any of the other passes keeps.
  package var derivatives = 0
  /// The number of elements that the forward pass keeps once for all examples.
  package var shared = 0
}

/// The memory that a layer's passes keep for its later passes.
package struct KeptMemory: Sendable {
  /// The values that the forward pass keeps.
  let values: TensorView
  /// The cotangents that the backward pass keeps.
  let cotangents: TensorView
  /// The tangents that the tangent pass keeps, of the first examples.
  let tangents: TensorView
  /// The cotangents that ``TwiceDifferentiable/curvature(_:xTangent:x:into:_:)`` keeps, of the
  /// first examples.
  let curvatures: TensorView

  /// The values that the forward pass keeps for all examples together.
  let shared: TensorView

  /// Allocates memory for `examples` examples of `layer`, and for the derivatives of as many as
  /// each count says; nil if the layer's passes keep nothing.
  ///
  /// Tangents of at most half of the examples share memory with the cotangents of the last ones, as
  /// in a ``Workspace``.
  package init?(_ layer: any Layer, examples: Int, cotangents: Int, tangents: Int) {
    let counts = layer.keptCounts
    guard counts.values > 0 || counts.derivatives > 0 || counts.shared > 0 else { return nil }
    func memory(_ examples: Int) -> TensorView {
      Tensor(shape: [examples, counts.derivatives]).view
    }
    values = Tensor(shape: [examples, counts.values]).view
    self.cotangents = memory(cotangents)
    self.tangents =
      2 * tangents <= cotangents
      ? self.cotangents.examples(cotangents - tangents..<cotangents) : memory(tangents)
    curvatures = memory(tangents)
    shared = Tensor(shape: [counts.shared]).view
  }
}

extension Pass {
  /// Returns the memory of what the passes of the layer `name` keep.
  func requiredMemory(of name: String) -> KeptMemory {
    guard let kept else { trap("the pass has no memory for \(name)") }
    return kept
  }
}
