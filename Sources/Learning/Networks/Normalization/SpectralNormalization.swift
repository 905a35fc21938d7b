// Miyato, Kataoka, Koyama and Yoshida, "Spectral Normalization for Generative Adversarial
// Networks", ICLR 2018, algorithm 1.

internal import CSpecGANKernels
package import SpecGANTensors
internal import SpecGANWorkers

/// A network's weights with every kernel divided by an estimate of its largest singular value.
///
/// A kernel is treated as a matrix `W` with a column for each index of its last axis: the outputs,
/// or the inputs of a transposed convolution. The estimate is `σ = ‖W u‖`: the vector `u`, of
/// length 1, approaches the right singular vector with every step of the power method. Biases do
/// not change. The network's passes use ``normalized``, and ``pullBack(_:on:)`` converts their
/// gradient to that of the weights.
package final class SpectralNormalization: Sendable {
  /// The vector `u` of every kernel, `[columns]`, which a checkpoint has to store.
  package let vectors: Parameters
  /// The weights for the passes, valid after ``normalize(_:on:)``.
  package let normalized: Parameters
  /// The vector `v = W u / σ` of every kernel.
  private let leftVectors: Parameters
  /// The estimate `σ` of every kernel.
  private let values: Tensor

  /// Creates the normalization of every kernel of `layout`. Its vectors are zeros, to be filled.
  package init(for layout: ParameterLayout) {
    let kernels = layout.kernels
    vectors = Parameters(Self.vectorLayout(of: layout))
    normalized = Parameters(layout)
    var lefts = ParameterLayout()
    for kernel in kernels { _ = lefts.append(kernel.name, shape: [kernel.rows]) }
    leftVectors = Parameters(lefts)
    values = Tensor(shape: [kernels.count])
  }

  /// Returns the names and shapes of the vectors for the kernels of `layout`.
  package static func vectorLayout(of layout: ParameterLayout) -> ParameterLayout {
    var vectors = ParameterLayout()
    for kernel in layout.kernels {
      _ = vectors.append(kernel.name + "/u", shape: [kernel.columns])
    }
    return vectors
  }

  /// Scales each of ``vectors`` to length 1.
  package func scaleVectors() {
    for (_, vector) in vectors.slices { scaleToUnitLength(vector) }
  }

  /// Improves ``vectors`` by one step of the power method for `weights`: `u = Wᵀ W u`, scaled to
  /// length 1.
  package func advance(_ weights: Parameters, on engine: Engine) {
    forEachKernel(of: weights, on: engine) { index, kernel in
      let (u, v) = (vectors[vectors.layout.entries[index]], left(index))
      multiply(kernel, u, into: v)
      scaleToUnitLength(v)
      multiplyTransposed(kernel, v, into: u)
      scaleToUnitLength(u)
    }
  }

  /// Updates ``normalized`` from `weights` and ``vectors``.
  package func normalize(_ weights: Parameters, on engine: Engine) {
    normalized.block.copy(0..<weights.layout.count, of: weights.block.view, to: 0)
    forEachKernel(of: weights, on: engine) { index, kernel in
      let v = left(index)
      multiply(kernel, vectors[vectors.layout.entries[index]], into: v)
      let value = scaleToUnitLength(v)
      values.withMutableSpan { $0[index] = value }
      let target = normalized[kernel.entry]
      unsafe specgan_scale(kernel.values.start, 1 / value, kernel.values.count, target.start)
    }
  }

  /// Returns `weights` with every kernel divided by its largest singular value, as ``vectors``
  /// estimate it. Does not change the vectors.
  package func normalized(_ weights: Parameters) -> Parameters {
    let result = Parameters(weights.layout)
    result.copy(weights)
    for (index, entry) in weights.layout.kernels.enumerated() {
      let (rows, u) = (entry.rows, vectors[vectors.layout.entries[index]])
      let left = Tensor(shape: [rows])
      unsafe specgan_matrix_vector(
        weights[entry].start, rows, entry.columns, u.start, left.start)
      let value = unsafe specgan_sum_of_squares(left.start, rows).squareRoot()
      unsafe specgan_scale_in_place(
        result[entry].start, 1 / Float(max(value, Self.leastLength)), entry.count)
    }
    return result
  }

  /// Converts a gradient with respect to ``normalized`` to one with respect to the weights, in
  /// place.
  ///
  /// With `W̄ = W/σ` and `dσ = vᵀ dW u`, it is `(Ḡ − ⟨Ḡ, W̄⟩ v uᵀ)/σ`: equation 12 of the paper.
  package func pullBack(_ gradient: Parameters, on engine: Engine) {
    forEachKernel(of: gradient, on: engine) { index, kernel in
      let product = unsafe specgan_inner_product(
        kernel.values.start, normalized[kernel.entry].start, kernel.values.count)
      let (u, v) = (vectors[vectors.layout.entries[index]], left(index))
      unsafe specgan_add_outer_product(
        kernel.values.start, v.start, kernel.rows, u.start, kernel.columns,
        -Float(product), 1 / values.withSpan { $0[index] })
    }
  }

  private func left(_ index: Int) -> TensorView { leftVectors[leftVectors.layout.entries[index]] }
}

// MARK: - Kernels as matrices

extension ParameterLayout {
  /// The kernels: all parameters with more than one axis except embeddings and constants.
  fileprivate var kernels: [Entry] {
    entries.filter { $0.shape.count > 1 && $0.role != .embedding && $0.role != .constant }
  }
}

extension ParameterLayout.Entry {
  fileprivate var columns: Int { shape[shape.count - 1] }
  fileprivate var rows: Int { count / columns }
}

extension SpectralNormalization {
  /// A kernel, or its gradient.
  private struct Matrix {
    let entry: ParameterLayout.Entry
    let values: TensorView
    var rows: Int { entry.rows }
    var columns: Int { entry.columns }
  }

  private func forEachKernel(
    of parameters: Parameters, on engine: Engine,
    _ body: @Sendable (_ index: Int, _ kernel: Matrix) -> Void
  ) {
    let kernels = parameters.layout.kernels
    _ = engine.workers.map(kernels.count) { index, _ in
      body(index, Matrix(entry: kernels[index], values: parameters[kernels[index]]))
    }
  }

  /// Computes `v = W u`.
  private func multiply(_ kernel: Matrix, _ u: TensorView, into v: TensorView) {
    unsafe specgan_matrix_vector(kernel.values.start, kernel.rows, kernel.columns, u.start, v.start)
  }

  /// Computes `u = Wᵀ v`.
  private func multiplyTransposed(_ kernel: Matrix, _ v: TensorView, into u: TensorView) {
    u.fill(0)
    unsafe specgan_add_transposed_matrix_vector(
      kernel.values.start, kernel.rows, kernel.columns, v.start, u.start)
  }

  /// The least length that a vector is divided by.
  private static let leastLength = 1e-12

  /// Divides `vector` by its length, at least ``leastLength``, and returns that length. A vector of
  /// zeros does not change.
  @discardableResult
  private func scaleToUnitLength(_ vector: TensorView) -> Float {
    let length = unsafe specgan_sum_of_squares(vector.start, vector.count).squareRoot()
    let bounded = Float(max(length, Self.leastLength))
    unsafe specgan_scale_in_place(vector.start, 1 / bounded, vector.count)
    return bounded
  }
}
