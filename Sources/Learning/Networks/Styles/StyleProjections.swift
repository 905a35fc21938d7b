internal import CSpecGANKernels
internal import SpecGANErrors
package import SpecGANTensors

/// The last of the layers of styles: the gains and offsets of every layer with styles, linear maps
/// of its chunk of the latent and the embedding of the labels.
package struct StyleProjections: PiecewiseLinear {
  /// A map to some columns of the styles.
  package struct Part: Sendable {
    /// The elements of the latent that it reads.
    package let chunk: Range<Int>
    /// The layout entry of its kernel, `[chunk + embedding, columns]`.
    package let kernel: ParameterLayout.Entry
    /// Its columns.
    package let columns: StyleColumns

    /// Creates a map.
    package init(chunk: Range<Int>, kernel: ParameterLayout.Entry, columns: StyleColumns) {
      (self.chunk, self.kernel, self.columns) = (chunk, kernel, columns)
    }
  }

  /// The name in reports, such as `G/styles`.
  package let name: String
  /// The sizes.
  package let source: StyleSource
  /// The maps, which fill all columns.
  package let parts: [Part]

  /// Creates a layer of `parts`, whose parameters are in the layout already.
  package init(_ source: StyleSource, _ parts: [Part], name: String) {
    (self.source, self.parts, self.name) = (source, parts, name)
    for part in parts {
      require(
        part.chunk.lowerBound >= 0 && part.chunk.upperBound <= source.latent,
        "elements \(part.chunk) are not among \(source.latent)")
      require(
        part.kernel.shape == [source.inputs, part.columns.count],
        "\(part.kernel.name) \(part.kernel.shape) is not [\(source.inputs), \(part.columns.count)]")
    }
  }

  /// The number of elements of a latent and of an embedding.
  package var inputShape: [Int] { [source.latent + source.embedding] }
  /// The number of columns.
  package var outputShape: [Int] { [parts.reduce(0) { $0 + $1.columns.count }] }
  /// The number of multiply-adds for one example.
  package var multiplyAdds: Int { parts.reduce(0) { $0 + $1.kernel.count } }

  /// Reserves scratch memory for the inputs of a layer.
  package func reserveScratch(on engine: Engine) { engine.reserveScratch(each: source.inputs) }

  /// Computes `y = f(x; θ)`.
  package func forward(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    let parameters = pass.parameters
    pass.engine.run(over: pass.examples, by: 1) { example, _ in
      let x = x.examples(example)
      for part in parts {
        let target = unsafe part.columns.start(example, in: y)
        unsafe target.update(repeating: 0, count: part.columns.count)
        unsafe forEachBlock(of: part, at: parameters[part.kernel]) { rows, place, kernel in
          unsafe specgan_add_transposed_matrix_vector(
            kernel, rows, part.columns.count, x.start + place, target)
        }
      }
    }
  }

  /// Computes `x̄ = Jᵀ·ȳ`.
  package func backward(
    _ yCotangent: TensorView, x: TensorView, y: TensorView, into xCotangent: TensorView?,
    _ pass: Pass
  ) {
    guard let xCotangent else { return }
    let parameters = pass.parameters
    pass.engine.requireScratch(each: source.inputs)
    pass.engine.run(over: pass.examples, by: 1) { example, scratch in
      let target = xCotangent.examples(example)
      target.fill(0)
      for part in parts {
        let source = unsafe part.columns.start(example, in: yCotangent)
        unsafe forEachBlock(of: part, at: parameters[part.kernel]) { rows, place, kernel in
          unsafe specgan_matrix_vector(kernel, rows, part.columns.count, source, scratch.start)
          unsafe specgan_add(scratch.start, rows, target.start + place)
        }
      }
    }
  }

  /// Computes `ẏ = J·ẋ`.
  package func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass
  ) {
    forward(xTangent, into: yTangent, pass)
  }

  /// Adds `(∂y/∂θ)ᵀ·ȳ` to `θ̄`, a task for each map and the examples in order.
  package func accumulateGradient(
    x: TensorView, yCotangent: TensorView, includingBias: Bool, into gradient: Parameters,
    _ pass: Pass
  ) {
    pass.engine.run(tasks: parts.count) { index, _ in
      let part = parts[index]
      for example in pass.summed {
        let example = example..<example + 1
        let x = x.examples(example)
        let source = unsafe part.columns.start(example, in: yCotangent)
        unsafe forEachBlock(of: part, at: gradient[part.kernel]) { rows, place, kernel in
          unsafe specgan_add_outer_product(
            kernel, x.start + place, rows, source, part.columns.count, 1, 1)
        }
      }
    }
  }

  /// Calls `body` with the rows of the kernel of `part` that are for the latent, and with those for
  /// the embedding: their number, the index of the first one's input, and their values.
  private func forEachBlock(
    of part: Part, at kernel: TensorView,
    _ body: (_ rows: Int, _ place: Int, _ kernel: UnsafeMutablePointer<Float>) -> Void
  ) {
    unsafe body(part.chunk.count, part.chunk.lowerBound, kernel.start)
    if source.embedding > 0 {
      unsafe body(
        source.embedding, source.latent, kernel.start + part.chunk.count * part.columns.count)
    }
  }
}
