internal import SpecGANErrors
package import SpecGANTensors

/// The numbers of elements that a layer's passes keep for its later passes: per example, except
/// ``shared``.
public struct KeptCounts: Sendable {
  /// The number of elements that the forward pass keeps.
  package var values = 0
  /// The largest number of elements that any of the other passes keeps.
  package var derivatives = 0
  /// The number of elements that the forward pass keeps once for all examples.
  package var shared = 0
  /// The number of elements of derivatives in the buffers of branches.
  package var branches = 0

  /// Adds the numbers of `other`.
  mutating func add(_ other: KeptCounts) {
    values += other.values
    derivatives += other.derivatives
    shared += other.shared
    branches += other.branches
  }
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

  /// The memory of the branches, for a ``BranchedLayer``; empty for others.
  let branches: [Workspace]

  /// Allocates memory for `examples` examples of `layer`, and for the derivatives of as many as
  /// each count says; nil if the layer's passes keep nothing.
  ///
  /// Tangents of at most half of the examples share memory with the cotangents of the last ones, as
  /// in a ``Workspace``.
  package init?(
    _ layer: any Layer, examples: Int, cotangents: Int, tangents: Int, on engine: Engine
  ) {
    var counts = layer.keptCounts
    guard counts.values > 0 || counts.derivatives > 0 || counts.shared > 0 else { return nil }
    let networks = (layer as? any BranchedLayer)?.branches ?? []
    branches = networks.map { network in
      cotangents == 0
        ? Workspace(network, examples: examples, engine: engine)
        : Workspace(
          differentiating: network, examples: examples, tangentExamples: tangents, engine: engine)
    }
    // The memory of branches is in their workspaces.
    if !networks.isEmpty { counts = KeptCounts() }
    let perExample = counts.derivatives
    func memory(_ examples: Int) -> TensorView { Tensor(shape: [examples, perExample]).view }
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
