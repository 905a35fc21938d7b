// Miyato, Kataoka, Koyama and Yoshida, "Spectral Normalization for Generative Adversarial
// Networks", ICLR 2018, algorithm 1.

internal import CSpecGANKernels
package import SpecGANTensors
internal import SpecGANWorkers

/// A network's weights with every kernel divided by its largest singular value, as far as it is
/// known.
///
/// A kernel `[…, inputs, outputs]` is taken as the matrix `W` of its outputs' columns. Its largest
/// singular value is `σ = ‖W u‖`, where `u`, of length 1, comes closer to the right singular vector
/// with every step of the power method. Biases stay as they are. The network's passes take
/// ``normalized``, and ``pullBack(_:on:)`` brings the gradient they give back to the weights.
package final class SpectralNormalization: Sendable {
  /// The vector `u` of every kernel, `[outputs]`: what a checkpoint has to hold.
  package let vectors: Parameters
  /// The weights that passes take, once ``normalize(_:on:)`` has been called.
  package let normalized: Parameters
  /// `W u / σ` of every kernel, and `σ`.
  private let leftVectors: Parameters
  private let values: Tensor

  /// The normalisation of every kernel of `layout`; its vectors are zeros, to be filled.
  package init(for layout: ParameterLayout) {
    let kernels = layout.kernels
    vectors = Parameters(Self.vectorLayout(of: layout))
    normalized = Parameters(layout)
    var lefts = ParameterLayout()
    for kernel in kernels { _ = lefts.append(kernel.name, shape: [kernel.rows]) }
    leftVectors = Parameters(lefts)
    values = Tensor(shape: [kernels.count])
  }

  /// The names and shapes of the vectors for the kernels of `layout`.
  package static func vectorLayout(of layout: ParameterLayout) -> ParameterLayout {
    var vectors = ParameterLayout()
    for kernel in layout.kernels {
      _ = vectors.append(kernel.name + "/u", shape: [kernel.columns])
    }
    return vectors
  }

  /// Gives every one of ``vectors`` the length 1.
  package func scaleVectors() {
    for (_, vector) in vectors.slices { scaleToUnitLength(vector) }
  }

  /// Makes ``vectors`` better by one step of the power method for `weights`: `u = Wᵀ W u`, of
  /// length 1.
  package func advance(_ weights: Parameters, on engine: Engine) {
    forEachKernel(of: weights, on: engine) { place, kernel in
      let (u, v) = (vectors[vectors.layout.entries[place]], left(place))
      multiply(kernel, u, into: v)
      scaleToUnitLength(v)
      multiplyTransposed(kernel, v, into: u)
      scaleToUnitLength(u)
    }
  }

  /// Brings ``normalized`` up to date with `weights` and ``vectors``.
  package func normalize(_ weights: Parameters, on engine: Engine) {
    normalized.block.copy(0..<weights.layout.count, of: weights.block.view, to: 0)
    forEachKernel(of: weights, on: engine) { place, kernel in
      let v = left(place)
      multiply(kernel, vectors[vectors.layout.entries[place]], into: v)
      let value = scaleToUnitLength(v)
      values.withMutableSpan { $0[place] = value }
      let target = normalized[kernel.entry]
      unsafe specgan_scale(kernel.values.start, 1 / value, kernel.values.count, target.start)
    }
  }

  /// Turns a gradient in ``normalized`` into one in the weights it was made of, in place.
  ///
  /// With `W̄ = W/σ` and `dσ = vᵀ dW u`, it is `(Ḡ − ⟨Ḡ, W̄⟩ v uᵀ)/σ`: equation 12 of the paper.
  package func pullBack(_ gradient: Parameters, on engine: Engine) {
    forEachKernel(of: gradient, on: engine) { place, kernel in
      let product = unsafe specgan_inner_product(
        kernel.values.start, normalized[kernel.entry].start, kernel.values.count)
      let (u, v) = (vectors[vectors.layout.entries[place]], left(place))
      unsafe specgan_add_outer_product(
        kernel.values.start, v.start, kernel.rows, u.start, kernel.columns,
        -Float(product), 1 / values.withSpan { $0[place] })
    }
  }

  private func left(_ place: Int) -> TensorView { leftVectors[leftVectors.layout.entries[place]] }
}

// MARK: - Kernels as matrices

extension ParameterLayout {
  /// The kernels: all that has inputs and outputs.
  fileprivate var kernels: [Entry] { entries.filter { $0.shape.count > 1 } }
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
    _ body: @Sendable (_ place: Int, _ kernel: Matrix) -> Void
  ) {
    let kernels = parameters.layout.kernels
    _ = engine.workers.map(kernels.count) { place, _ in
      body(place, Matrix(entry: kernels[place], values: parameters[kernels[place]]))
    }
  }

  /// `v = W u`.
  private func multiply(_ kernel: Matrix, _ u: TensorView, into v: TensorView) {
    unsafe specgan_matrix_vector(kernel.values.start, kernel.rows, kernel.columns, u.start, v.start)
  }

  /// `u = Wᵀ v`.
  private func multiplyTransposed(_ kernel: Matrix, _ v: TensorView, into u: TensorView) {
    u.fill(0)
    unsafe specgan_add_transposed_matrix_vector(
      kernel.values.start, kernel.rows, kernel.columns, v.start, u.start)
  }

  /// Divides `vector` by its length, which it returns; one of zeros stays, and counts as very
  /// short.
  @discardableResult
  private func scaleToUnitLength(_ vector: TensorView) -> Float {
    let length = unsafe specgan_sum_of_squares(vector.start, vector.count).squareRoot()
    let bounded = Float(max(length, 1e-12))
    unsafe specgan_scale_in_place(vector.start, 1 / bounded, vector.count)
    return bounded
  }
}
