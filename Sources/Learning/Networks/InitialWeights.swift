internal import CSpecGANKernels
internal import SpecGANRandomness
public import SpecGANTensors

/// The distribution of a network's initial kernels.
public enum InitialWeights: String, CaseIterable, Sendable {
  /// Uniform in `±√(6 / (fan in + fan out))`: Glorot and Bengio, "Understanding the difficulty of
  /// training deep feedforward neural networks", AISTATS 2010, eq. 16.
  case glorot
  /// A random matrix with orthonormal columns, one for each index of the kernel's last axis, or
  /// with orthonormal rows if there are fewer rows than columns: Saxe, McClelland and Ganguli,
  /// "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks", ICLR
  /// 2014.
  case orthogonal
}

extension Parameters {
  /// Creates initial weights: kernels uniform in `±√(6 / (fan in + fan out))`, and everything else
  /// at its `initialValue`; see ``InitialWeights/glorot``.
  ///
  /// - Parameters:
  ///   - layout: the parameters; those with more than one axis are kernels, whose last two axes are
  ///     channels.
  ///   - seed: the random seed.
  ///   - firstRow: the row of the random stream for the first parameter; the others follow.
  public convenience init(
    glorotUniform layout: ParameterLayout, seed: UInt64, firstRow: UInt32 = 0
  ) {
    self.init(.glorot, layout, seed: seed, firstRow: firstRow)
  }

  /// Creates initial weights: kernels drawn by `kind`, and multiplied by √2 in a mapping network; a
  /// standard normal constant; and everything else at its `initialValue`.
  ///
  /// - Parameters:
  ///   - kind: the distribution of kernels.
  ///   - layout: the parameters; those with more than one axis are kernels, whose last two axes are
  ///     channels.
  ///   - seed: the random seed.
  ///   - firstRow: the row of the random stream for the first parameter; the others follow.
  ///   - engine: the threads.
  public convenience init(
    _ kind: InitialWeights, _ layout: ParameterLayout, seed: UInt64, firstRow: UInt32 = 0,
    on engine: Engine = Engine(threads: 1)
  ) {
    self.init(initial: layout)
    for entry in layout.entries where entry.shape.count > 1 {
      let stream = RandomStream(
        seed: seed, purpose: .weights, row: firstRow + UInt32(entry.ordinal))
      if entry.role == .constant {
        self[entry].withMutableSpan { stream.fillNormal(&$0, from: 0) }
        continue
      }
      switch kind {
      case .glorot: drawUniform(entry, stream)
      case .orthogonal: drawOrthogonal(entry, stream, on: engine)
      }
      let factor = entry.role.initialFactor
      if factor != 1 { unsafe specgan_scale_in_place(self[entry].start, factor, entry.count) }
    }
  }

  private func drawUniform(_ entry: ParameterLayout.Entry, _ stream: RandomStream) {
    let receptiveField = entry.shape.dropLast(2).reduce(1, *)
    let fans = receptiveField * entry.shape.suffix(2).reduce(0, +)
    let limit = (6 / Float(fans)).squareRoot()
    self[entry].withMutableSpan { weights in
      stream.fill(&weights, from: 0, lowest: -limit, width: 2 * limit)
    }
  }

  /// Draws normal random numbers and makes the columns, or the rows if there are fewer,
  /// orthonormal.
  private func drawOrthogonal(
    _ entry: ParameterLayout.Entry, _ stream: RandomStream, on engine: Engine
  ) {
    let columns = entry.shape[entry.shape.count - 1]
    let rows = entry.count / columns
    let (vectors, length) = (min(rows, columns), max(rows, columns))
    let drawn = Tensor(shape: [vectors, length])
    drawn.withMutableSpan { stream.fillNormal(&$0, from: 0) }
    Self.orthonormalize(drawn.view, on: engine)
    if rows >= columns {
      unsafe specgan_transpose(drawn.start, length, vectors, length, self[entry].start, columns)
    } else {
      unsafe self[entry].start.update(from: drawn.start, count: drawn.count)
    }
  }

  /// Makes `vectors`, `[count, length]`, orthonormal by the modified Gram–Schmidt process, applied
  /// twice so that rounding leaves no more than a few times 2⁻²⁴.
  private static func orthonormalize(_ vectors: TensorView, on engine: Engine) {
    let length = vectors.stride
    for _ in 0..<2 {
      for index in 0..<vectors.length {
        let vector = vectors.examples(index..<index + 1)
        let norm = unsafe specgan_sum_of_squares(vector.start, length).squareRoot()
        unsafe specgan_scale_in_place(vector.start, Float(1 / norm), length)
        engine.run(over: index + 1..<vectors.length, by: 16) { others, _ in
          for other in others {
            let other = vectors.examples(other..<other + 1)
            let product = unsafe Float(specgan_inner_product(other.start, vector.start, length))
            unsafe specgan_add_scaled(vector.start, -product, length, other.start)
          }
        }
      }
    }
  }
}
