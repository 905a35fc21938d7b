/// An endless row of random words, each a function of (seed, stream, index).
///
/// Nothing is drawn "next", so nothing has to be saved to go on exactly: a program that knows its
/// step knows all its random numbers. Streams of one seed are independent of each other.
package struct RandomStream: Sendable, Equatable {
  /// The user's seed.
  package let seed: UInt64
  /// What the numbers are for; see ``Purpose``.
  package let stream: UInt64

  /// The row number `stream` of `seed`.
  package init(seed: UInt64, stream: UInt64) {
    self.seed = seed
    self.stream = stream
  }

  /// Row number `row` of those set aside for `purpose`.
  package init(seed: UInt64, purpose: Purpose, row: UInt32 = 0) {
    self.init(seed: seed, stream: UInt64(purpose.rawValue) << 32 | UInt64(row))
  }

  /// The random word at `index`, uniform over all 32 bits.
  package func bits(at index: UInt64) -> UInt32 { block(index / 4)[Int(index % 4)] }

  /// A number in `[0, 1)` at `index`, uniform over the multiples of 2⁻²⁴.
  package func uniform(at index: UInt64) -> Float { Float(bits(at: index) >> 8) * 0x1p-24 }

  /// Fills `numbers` with the uniform numbers in `[lowest, lowest + width)` at `index` and on.
  ///
  /// The same numbers as `lowest + width * uniform(at:)`, in a quarter of the time.
  package func fill(
    _ numbers: inout MutableSpan<Float>, from index: UInt64, lowest: Float, width: Float
  ) {
    var words = SIMD4<UInt32>()
    for offset in 0..<numbers.count {
      let position = index + UInt64(offset)
      if offset == 0 || position % 4 == 0 { words = block(position / 4) }
      numbers[offset] = lowest + width * (Float(words[Int(position % 4)] >> 8) * 0x1p-24)
    }
  }

  /// An integer in `0 ..< bound` at `index`.
  ///
  /// By multiplication (Lemire 2019, without rejection): the bias is at most `bound` / 2³².
  /// - Precondition: `bound` is positive and below 2³².
  package func integer(below bound: Int, at index: UInt64) -> Int {
    precondition(bound > 0 && bound <= UInt32.max, "bound (=\(bound)) must be in 1 ..< 2³²")
    return Int(bits(at: index).multipliedFullWidth(by: UInt32(bound)).high)
  }

  /// `0 ..< count` in random order (Fisher and Yates), by the numbers from `index` on.
  package func permutation(of count: Int, from index: UInt64 = 0) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, integer(below: last + 1, at: index + UInt64(last)))
    }
    return order
  }

  private func block(_ index: UInt64) -> SIMD4<UInt32> {
    Philox.block(
      counter: [
        UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32),
        UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32),
      ],
      key: [UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)])
  }
}

extension RandomStream {
  /// What random numbers are for. The values are part of every run's reproducibility: never reuse
  /// one.
  package enum Purpose: UInt32, Sendable, CaseIterable {
    /// First weights; the row is the parameter's number.
    case weights = 1
    /// Latents while training.
    case trainingLatents = 2
    /// Latents of sounds a user asks for.
    case generation = 3
    /// The order of the examples; the row is the epoch.
    case order = 4
    /// Where between real and generated the gradient penalty is taken.
    case interpolation = 5
    /// Shifts of phase shuffle.
    case phaseShuffle = 6
    /// First phases of an inversion; the row is the clip.
    case phase = 7
    /// First vectors of spectral normalisation; the row is the kernel's number.
    case spectralVectors = 8
    /// Where in their sounds random crops lie.
    case crops = 9
    /// What dropout drops; the row is the layer's number.
    case dropout = 10
    /// Which examples a score is taken of; the row is the subset's number.
    case subsets = 20
    /// First centres of clusters.
    case clusters = 21
    /// Where in a dataset patches lie.
    case patches = 22
    /// Which part of a dataset a file belongs to; the row is the label or the attempt.
    case split = 23
    /// The order in which sounds are evaluated.
    case evaluation = 24
  }
}
