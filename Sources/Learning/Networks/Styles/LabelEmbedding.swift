internal import CSpecGANKernels
package import SpecGANTensors

/// The first of the layers of styles: the latent, and after it the embedding of the labels
/// `e = Eᵀ w`, with `w` the weights of the labels.
package struct LabelEmbedding: PiecewiseLinear {
  /// The name in reports, such as `G/embedding`.
  package let name: String
  /// The number of elements of a latent.
  package let latent: Int
  /// The number of labels.
  package let labels: Int
  /// The number of elements of an embedding.
  package let embedding: Int
  /// The layout entry of `E`, `[labels, embedding]`.
  package let kernel: ParameterLayout.Entry

  /// Creates a layer whose parameters are appended to `layout` under `name`.
  package init(
    latent: Int, labels: Int, embedding: Int, name: String, in layout: inout ParameterLayout
  ) {
    (self.latent, self.labels, self.embedding, self.name) = (latent, labels, embedding, name)
    kernel = layout.append(name + "/kernel", shape: [labels, embedding], role: .embedding)
  }

  /// The number of elements of a latent and of the labels.
  package var inputShape: [Int] { [latent + labels] }
  /// The number of elements of a latent and of an embedding.
  package var outputShape: [Int] { [latent + embedding] }
  /// The number of multiply-adds for one example.
  package var multiplyAdds: Int { kernel.count }

  /// Does nothing: the layer needs no scratch memory.
  package func reserveScratch(on engine: Engine) {}

  /// Computes `y = f(x; θ)`.
  package func forward(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    let kernel = pass.parameters[kernel]
    pass.engine.run(over: pass.examples, by: 1) { example, _ in
      let (x, y) = (x.examples(example), y.examples(example))
      unsafe y.start.update(from: x.start, count: latent)
      unsafe (y.start + latent).update(repeating: 0, count: embedding)
      unsafe specgan_add_transposed_matrix_vector(
        kernel.start, labels, embedding, x.start + latent,
        y.start + latent)
    }
  }

  /// Computes `x̄ = Jᵀ·ȳ`.
  package func backward(
    _ yCotangent: TensorView, x: TensorView, y: TensorView, into xCotangent: TensorView?,
    _ pass: Pass
  ) {
    guard let xCotangent else { return }
    let kernel = pass.parameters[kernel]
    pass.engine.run(over: pass.examples, by: 1) { example, _ in
      let (source, target) = (yCotangent.examples(example), xCotangent.examples(example))
      unsafe target.start.update(from: source.start, count: latent)
      unsafe specgan_matrix_vector(
        kernel.start, labels, embedding, source.start + latent,
        target.start + latent)
    }
  }

  /// Computes `ẏ = J·ẋ`.
  package func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass
  ) {
    forward(xTangent, into: yTangent, pass)
  }

  /// Adds `Σ w ēᵀ` to `Ē`.
  package func accumulateGradient(
    x: TensorView, yCotangent: TensorView, includingBias: Bool, into gradient: Parameters,
    _ pass: Pass
  ) {
    let target = gradient[kernel]
    for example in pass.summed {
      let example = example..<example + 1
      unsafe specgan_add_outer_product(
        target.start, x.examples(example).start + latent, labels,
        yCotangent.examples(example).start + latent, embedding, 1, 1)
    }
  }
}
