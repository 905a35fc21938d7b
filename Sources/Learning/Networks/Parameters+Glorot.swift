internal import SpecGANRandomness
internal import SpecGANTensors

extension Parameters {
  /// Creates initial weights: kernels uniform in `±√(6 / (fan in + fan out))`, and everything else
  /// at its `initialValue`.
  ///
  /// Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural
  /// networks", AISTATS 2010, eq. 16.
  ///
  /// - Parameters:
  ///   - layout: the parameters; those with more than one axis are kernels, whose last two axes are
  ///     channels.
  ///   - seed: the random seed.
  ///   - firstRow: the row of the random stream for the first parameter; the others follow.
  public convenience init(
    glorotUniform layout: ParameterLayout, seed: UInt64, firstRow: UInt32 = 0
  ) {
    self.init(initial: layout)
    for entry in layout.entries where entry.shape.count > 1 {
      let receptiveField = entry.shape.dropLast(2).reduce(1, *)
      let fans = receptiveField * entry.shape.suffix(2).reduce(0, +)
      let limit = (6 / Float(fans)).squareRoot()
      let stream = RandomStream(
        seed: seed, purpose: .weights, row: firstRow + UInt32(entry.ordinal))
      self[entry].withMutableSpan { weights in
        stream.fill(&weights, from: 0, lowest: -limit, width: 2 * limit)
      }
    }
  }
}
