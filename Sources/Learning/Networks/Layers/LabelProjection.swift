// Miyato and Koyama, "cGANs with Projection Discriminator", ICLR 2018, eq. 3.

internal import CSpecGANKernels
internal import SpecGANConvolutions
package import SpecGANTensors

/// The last layer of a critic with labels: a value `y_l = ⟨ψ, x⟩ + b + ⟨V_l, x⟩` for each label
/// `l`.
///
/// A dense layer with a column `ψ + V_l` for each label computes the same. With two kernels the
/// optimizer and spectral normalization treat each separately.
package struct LabelProjection: PiecewiseLinear {
  /// The name in reports, such as `D/output`.
  package let name: String
  /// The number of features.
  package let features: Int
  /// The layout entry of `ψ`, `[features, 1]`.
  package let kernel: ParameterLayout.Entry
  /// The layout entry of `b`, `[1]`.
  package let bias: ParameterLayout.Entry
  /// The layout entry of `V`, `[features, labels]`.
  package let embedding: ParameterLayout.Entry

  /// The number of pieces of the features, one task for each.
  private static let pieces = 16

  /// Creates a layer whose parameters are appended to `layout`: those of `ψ` and `b` under `name`
  /// as of a dense layer, and `V` under `embeddingName`.
  package init(
    features: Int, labels: Int, name: String, embeddingName: String,
    in layout: inout ParameterLayout
  ) {
    (self.features, self.name) = (features, name)
    kernel = layout.append(name + "/dense/kernel", shape: [features, 1])
    bias = layout.append(name + "/dense/bias", shape: [1])
    embedding = layout.append(embeddingName + "/kernel", shape: [features, labels])
  }

  /// The number of features.
  package var inputShape: [Int] { [features] }
  /// The number of labels.
  package var outputShape: [Int] { [labels] }
  /// The number of multiply-adds for one example.
  package var multiplyAdds: Int { features * (labels + 1) }

  private var labels: Int { embedding.shape[1] }

  /// Does nothing: the layer needs no scratch memory.
  package func reserveScratch(on engine: Engine) {}

  /// Computes `y = f(x; θ)`.
  package func forward(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    map(x, into: y, bias: pass.parameters[bias].withSpan { $0[0] }, pass)
  }

  /// Computes `x̄ = Jᵀ·ȳ`.
  package func backward(
    _ yCotangent: TensorView, x: TensorView, y: TensorView, into xCotangent: TensorView?,
    _ pass: Pass
  ) {
    guard let xCotangent else { return }
    let (kernel, embedding) = (pass.parameters[kernel], pass.parameters[embedding])
    pass.engine.run(over: pass.examples, by: 1) { example, _ in
      let target = xCotangent.examples(example)
      let source = yCotangent.examples(example)
      unsafe specgan_matrix_vector(embedding.start, features, labels, source.start, target.start)
      unsafe specgan_add_scaled(kernel.start, source.sum, features, target.start)
    }
  }

  /// Computes `ẏ = J·ẋ`.
  package func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass
  ) {
    map(xTangent, into: yTangent, bias: 0, pass)
  }

  /// Adds `(∂y/∂θ)ᵀ·ȳ` to `θ̄`, a task for some of the features and the examples in order.
  package func accumulateGradient(
    x: TensorView, yCotangent: TensorView, includingBias: Bool, into gradient: Parameters,
    _ pass: Pass
  ) {
    let (kernel, embedding) = (gradient[kernel], gradient[embedding])
    pass.engine.run(tasks: Self.pieces) { piece, _ in
      let own = (0..<features).piece(piece, of: Self.pieces)
      for example in pass.summed {
        let example = example..<example + 1
        let x = unsafe x.examples(example).start + own.lowerBound
        let source = yCotangent.examples(example)
        unsafe specgan_add_outer_product(
          embedding.start + own.lowerBound * labels, x, own.count, source.start, labels, 1, 1)
        unsafe specgan_add_scaled(x, source.sum, own.count, kernel.start + own.lowerBound)
      }
    }
    guard includingBias else { return }
    // In double precision, as the bias of an affine layer.
    let sum = pass.summed.reduce(0.0) {
      $0 + Double(yCotangent.examples($1..<$1 + 1).sum)
    }
    gradient[bias].withMutableSpan { $0[0] += Float(sum) }
  }

  private func map(_ x: TensorView, into y: TensorView, bias: Float, _ pass: Pass) {
    let (kernel, embedding) = (pass.parameters[kernel], pass.parameters[embedding])
    pass.engine.run(over: pass.examples, by: 1) { example, _ in
      let (x, y) = (x.examples(example), y.examples(example))
      let shared = unsafe Float(specgan_inner_product(kernel.start, x.start, features)) + bias
      y.fill(shared)
      unsafe specgan_add_transposed_matrix_vector(
        embedding.start, features, labels, x.start, y.start)
    }
  }
}

extension TensorView {
  /// The sum of all elements, in order.
  fileprivate var sum: Float {
    withSpan { values in values.indices.reduce(0) { $0 + values[$1] } }
  }
}
