internal import CSpecGANKernels
internal import SpecGANErrors
package import SpecGANTensors

/// The last style layer: affine maps to the columns of every layer with styles. Each map reads its
/// own chunk of the input and the shared elements at the end.
///
/// For conditional batch normalization, chunks are of the latent, and the embedding of the labels
/// is shared. In a style-based generator, chunks are the styles of the layers.
package struct StyleProjections: PiecewiseLinear {
  /// A map to some columns of the styles.
  package struct Part: Sendable {
    /// The elements of the input that it reads in addition to the shared ones.
    package let chunk: Range<Int>
    /// The layout entry of its kernel, `[chunk + shared, columns]`.
    package let kernel: ParameterLayout.Entry
    /// The layout entry of its bias, `[columns]`; nil if there is none.
    package let bias: ParameterLayout.Entry?
    /// Its columns.
    package let columns: StyleColumns

    /// Creates a map.
    package init(
      chunk: Range<Int>, kernel: ParameterLayout.Entry, bias: ParameterLayout.Entry? = nil,
      columns: StyleColumns
    ) {
      (self.chunk, self.kernel, self.bias, self.columns) = (chunk, kernel, bias, columns)
    }
  }

  /// The name in reports, such as `G/styles`.
  package let name: String
  /// The number of elements that are divided into chunks.
  package let divided: Int
  /// The number of elements after these, which all maps read.
  package let shared: Int
  /// The maps, which fill all columns.
  package let parts: [Part]

  /// Creates a layer of `parts`, whose parameters are in the layout already, for inputs of
  /// `divided` elements, followed by `shared` ones.
  package init(_ parts: [Part], divided: Int, shared: Int = 0, name: String) {
    (self.parts, self.divided, self.shared, self.name) = (parts, divided, shared, name)
    for part in parts {
      require(
        part.chunk.lowerBound >= 0 && part.chunk.upperBound <= divided,
        "the chunk \(part.chunk) is outside the \(divided) elements")
      let shape = [part.chunk.count + shared, part.columns.count]
      require(
        part.kernel.shape == shape, "\(part.kernel.name) \(part.kernel.shape) is not \(shape)")
    }
  }

  /// The number of elements with chunks and of shared ones.
  package var inputShape: [Int] { [divided + shared] }
  /// The number of columns.
  package var outputShape: [Int] { [parts.reduce(0) { $0 + $1.columns.count }] }
  /// The number of multiply-adds for one example.
  package var multiplyAdds: Int { parts.reduce(0) { $0 + $1.kernel.count } }

  /// The largest number of elements that one map reads from a chunk or of shared ones.
  private var mostRows: Int { parts.reduce(shared) { max($0, $1.chunk.count) } }

  /// Reserves scratch memory for the cotangents of a layer's inputs.
  package func reserveScratch(on engine: Engine) { engine.reserveScratch(each: mostRows) }

  /// Computes `y = f(x; θ)`.
  package func forward(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    map(x, into: y, includingBias: true, pass)
  }

  private func map(_ x: TensorView, into y: TensorView, includingBias: Bool, _ pass: Pass) {
    let parameters = pass.parameters
    pass.engine.run(over: pass.examples, by: 1) { example, _ in
      let x = x.examples(example)
      for part in parts {
        let target = unsafe part.columns.start(example, in: y)
        if let bias = part.bias, includingBias {
          unsafe target.update(from: parameters[bias].start, count: part.columns.count)
        } else {
          unsafe target.update(repeating: 0, count: part.columns.count)
        }
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
    pass.engine.requireScratch(each: mostRows)
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
    map(xTangent, into: yTangent, includingBias: false, pass)
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
        if let bias = part.bias, includingBias {
          unsafe specgan_add(source, part.columns.count, gradient[bias].start)
        }
      }
    }
  }

  /// Calls `body` with the rows of the kernel of `part` that are for its chunk, and with those for
  /// the shared elements: their number, the index of the first one's input, and their values.
  private func forEachBlock(
    of part: Part, at kernel: TensorView,
    _ body: (_ rows: Int, _ place: Int, _ kernel: UnsafeMutablePointer<Float>) -> Void
  ) {
    unsafe body(part.chunk.count, part.chunk.lowerBound, kernel.start)
    if shared > 0 {
      unsafe body(shared, divided, kernel.start + part.chunk.count * part.columns.count)
    }
  }
}
