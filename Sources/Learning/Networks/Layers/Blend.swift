// Karras, Aila, Laine and Lehtinen, "Progressive Growing of GANs for Improved Quality, Stability,
// and Variation", ICLR 2018, figure 2.

internal import CSpecGANKernels
internal import SpecGANErrors
package import SpecGANTensors

/// A layer with networks inside: its branches, which all read its input. They are sequences of
/// layers, without style layers of their own.
protocol BranchedLayer: Layer {
  /// The branches.
  var branches: [Network] { get }
  /// Returns this layer with another weight of the new branch.
  func blending(weight: Float) -> Self
}

/// A layer `y = φ((1 − α) f(x) + α g(x))`, with an old branch `f` and a new one `g`.
///
/// The weight `α` is ``Pass/blend`` if a pass has one, and ``weight`` otherwise.
package struct Blend<Function: Activation>: BranchedLayer {
  /// The name in reports.
  package let name: String
  /// The old branch, `f`.
  package let old: Network
  /// The new branch, `g`.
  package let new: Network
  /// The weight of the new branch, `α`, from 0 to 1.
  package private(set) var weight: Float
  /// The bias of the activation.
  private let zeros: Tensor

  /// Creates a blend of two networks with the same input and output.
  ///
  /// - Precondition: the branches have no style layers.
  package init(_ old: Network, _ new: Network, weight: Float, name: String) {
    require(
      old.styleLayers.isEmpty && new.styleLayers.isEmpty, "a branch has no style layers")
    require(
      old.inputShape.reduce(1, *) == new.inputShape.reduce(1, *)
        && old.outputShape.reduce(1, *) == new.outputShape.reduce(1, *),
      "the branches of \(name) must have the same sizes")
    (self.old, self.new, self.weight, self.name) = (old, new, weight, name)
    zeros = Tensor(shape: [new.outputShape[new.outputShape.count - 1]])
  }

  package var branches: [Network] { [old, new] }
  /// Returns this blend with another weight of the new branch.
  package func blending(weight: Float) -> Self {
    var copy = self
    copy.weight = weight
    return copy
  }

  /// The shape of one example's input.
  package var inputShape: [Int] { new.inputShape }
  /// The shape of one example's output.
  package var outputShape: [Int] { new.outputShape }
  /// The number of multiply-adds of both branches.
  package var multiplyAdds: Int { old.multiplyAdds + new.multiplyAdds }
  /// The numbers of elements of the branches' buffers, with copies of the input.
  package var keptCounts: KeptCounts {
    branches.reduce(into: KeptCounts()) { counts, branch in
      counts.add(branch.keptCounts)
      counts.add(KeptCounts(values: branch.placeCount, branches: branch.placeCount))
    }
  }

  /// Does nothing: the branches' workspaces reserve scratch memory.
  package func reserveScratch(on engine: Engine) {}

  /// Computes `y` from the outputs of both branches.
  package func forward(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    let workspaces = workspaces(pass)
    copy(x, into: workspaces.map(\.input), pass)
    for (branch, workspace) in zip(branches, workspaces) { branch.forward(workspace, pass) }
    mix(workspaces.map(\.output), into: y, pass)
    if Function.self == Identity.self { return }
    pass.engine.run(over: pass.examples, by: 1) { examples, _ in
      y.examples(examples).withMutableSpan { values in
        zeros.withSpan { Function.apply(to: &values, bias: $0) }
      }
    }
  }

  /// Computes `x̄ = (1 − α) Fᵀ·s̄ + α Gᵀ·s̄`, with `s̄` the cotangent before the activation.
  package func backward(
    _ yCotangent: TensorView, x: TensorView, y: TensorView, into xCotangent: TensorView?,
    _ pass: Pass
  ) {
    let workspaces = workspaces(pass)
    let weights = weights(pass)
    pass.engine.run(over: pass.examples, by: 1) { examples, _ in
      Function.multiply(yCotangent, bySlopesAt: y, examples)
      let source = yCotangent.examples(examples)
      for (workspace, weight) in zip(workspaces, weights) {
        let target = workspace.outputCotangent.examples(examples)
        unsafe specgan_scale(source.start, weight, source.count, target.start)
      }
    }
    for (branch, workspace) in zip(branches, workspaces) {
      branch.backward(workspace, reachingInput: xCotangent != nil, pass)
    }
    guard let xCotangent else { return }
    let (first, second) = (workspaces[0].inputCotangent, workspaces[1].inputCotangent)
    pass.engine.run(over: pass.examples, by: 1) { examples, _ in
      let target = xCotangent.examples(examples)
      let addend = second.examples(examples)
      xCotangent.copy(examples, of: first, to: examples.lowerBound)
      unsafe specgan_add(addend.start, target.count, target.start)
    }
  }

  /// Computes `ẏ` from the tangents of both branches' outputs.
  package func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass
  ) {
    let workspaces = workspaces(pass)
    copy(xTangent, into: workspaces.map { $0.tangents[0] }, pass)
    for (branch, workspace) in zip(branches, workspaces) { branch.tangent(workspace, pass) }
    mix(workspaces.map { $0.tangents[$0.tangents.count - 1] }, into: yTangent, pass)
    pass.engine.run(over: pass.examples, by: 1) { examples, _ in
      Function.multiply(yTangent, bySlopesAt: y, examples)
    }
  }

  /// Adds the gradients of both branches' parameters.
  package func accumulateGradient(
    x: TensorView, yCotangent: TensorView, includingBias: Bool, into gradient: Parameters,
    _ pass: Pass
  ) {
    require(includingBias, "the gradient of a blend's tangent is that of PiecewiseLinearBlend")
    for (branch, workspace) in zip(branches, workspaces(pass)) {
      branch.accumulateGradient(workspace, into: gradient, pass)
    }
  }

  /// Returns the buffers of the old and of the new branch.
  fileprivate func workspaces(_ pass: Pass) -> [Workspace] {
    pass.requiredMemory(of: name).branches
  }

  /// Returns the weights of the old and of the new branch.
  private func weights(_ pass: Pass) -> [Float] {
    let weight = pass.blend ?? weight
    return [1 - weight, weight]
  }

  /// Copies `source` to the inputs of the branches.
  private func copy(_ source: TensorView, into targets: [TensorView], _ pass: Pass) {
    pass.engine.run(over: pass.examples, by: 1) { examples, _ in
      for target in targets { target.copy(examples, of: source, to: examples.lowerBound) }
    }
  }

  /// Computes the weighted sum of the branches' `parts`.
  private func mix(_ parts: [TensorView], into sum: TensorView, _ pass: Pass) {
    let weights = weights(pass)
    let (old, new) = (parts[0], parts[1])
    pass.engine.run(over: pass.examples, by: 1) { examples, _ in
      let target = sum.examples(examples)
      let (first, second) = (old.examples(examples), new.examples(examples))
      unsafe specgan_scale(first.start, weights[0], target.count, target.start)
      unsafe specgan_add_scaled(second.start, weights[1], target.count, target.start)
    }
  }
}

/// A ``Blend`` without an activation, of branches that are piecewise linear.
package struct PiecewiseLinearBlend: PiecewiseLinear, BranchedLayer {
  /// The blend.
  package private(set) var blend: Blend<Identity>
  private let twiceDifferentiable: [TwiceDifferentiableNetwork]

  /// Creates a blend that can be differentiated twice; nil if a layer of a branch is not piecewise
  /// linear.
  package init?(_ blend: Blend<Identity>) {
    twiceDifferentiable = blend.branches.compactMap { TwiceDifferentiableNetwork($0) }
    guard twiceDifferentiable.count == blend.branches.count,
      twiceDifferentiable.allSatisfy({ !$0.isCurved })
    else { return nil }
    self.blend = blend
  }

  package var branches: [Network] { blend.branches }
  /// Returns this blend with another weight of the new branch.
  package func blending(weight: Float) -> Self {
    var copy = self
    copy.blend = blend.blending(weight: weight)
    return copy
  }

  /// The name in reports.
  package var name: String { blend.name }
  /// The shape of one example's input.
  package var inputShape: [Int] { blend.inputShape }
  /// The shape of one example's output.
  package var outputShape: [Int] { blend.outputShape }
  /// The number of multiply-adds of both branches.
  package var multiplyAdds: Int { blend.multiplyAdds }
  /// Those of the blend.
  package var keptCounts: KeptCounts { blend.keptCounts }

  /// Does nothing.
  package func reserveScratch(on engine: Engine) {}

  /// Computes `y` from the outputs of both branches.
  package func forward(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    blend.forward(x, into: y, pass)
  }

  /// Computes `x̄` from both branches.
  package func backward(
    _ yCotangent: TensorView, x: TensorView, y: TensorView, into xCotangent: TensorView?,
    _ pass: Pass
  ) {
    blend.backward(yCotangent, x: x, y: y, into: xCotangent, pass)
  }

  /// Computes `ẏ` from both branches.
  package func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass
  ) {
    blend.tangent(xTangent, x: x, y: y, into: yTangent, pass)
  }

  /// Adds the gradients of both branches' parameters.
  package func accumulateGradient(
    x: TensorView, yCotangent: TensorView, includingBias: Bool, into gradient: Parameters,
    _ pass: Pass
  ) {
    blend.accumulateGradient(
      x: x, yCotangent: yCotangent, includingBias: includingBias, into: gradient, pass)
  }

  /// Adds the gradients of both branches at their tangents.
  package func accumulateTangentGradient(
    xTangent: TensorView, x: TensorView, yCotangent: TensorView, into gradient: Parameters,
    _ pass: Pass
  ) {
    for (branch, workspace) in zip(twiceDifferentiable, blend.workspaces(pass)) {
      branch.accumulateTangentGradient(workspace, into: gradient, pass)
    }
  }
}
