internal import RealModule
internal import SpecGANErrors

/// An endless sequence of random words, each a function of (seed, stream, index).
///
/// There is no state that must be saved to resume exactly: the step of a program determines all its
/// random numbers. Streams of one seed are independent of each other.
package struct RandomStream: Sendable, Equatable {
  /// The user's seed.
  package let seed: UInt64
  /// The number of the stream; see ``Purpose``.
  package let stream: UInt64

  /// Creates stream number `stream` of `seed`.
  package init(seed: UInt64, stream: UInt64) {
    self.seed = seed
    self.stream = stream
  }

  /// Creates stream number `row` of those reserved for `purpose`.
  package init(seed: UInt64, purpose: Purpose, row: UInt32 = 0) {
    self.init(seed: seed, stream: UInt64(purpose.rawValue) << 32 | UInt64(row))
  }

  /// Returns the random word at `index`, uniform over all 32 bits.
  package func bits(at index: UInt64) -> UInt32 { block(index / 4)[Int(index % 4)] }

  /// Returns the random number at `index`, uniform over the multiples of 2⁻²⁴ in `[0, 1)`.
  package func uniform(at index: UInt64) -> Float { Float(bits(at: index) >> 8) * 0x1p-24 }

  /// Fills `numbers` with uniform random numbers in `[lowest, lowest + width)`, from `index` on.
  ///
  /// The values are those of `lowest + width * uniform(at:)`, in a quarter of the time.
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

  /// Fills `numbers` with standard normal random numbers, from `index` on.
  ///
  /// Method: Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958. Numbers
  /// `2k` and `2k + 1` are computed from the uniform ones with the same indices, in double
  /// precision.
  package func fillNormal(_ numbers: inout MutableSpan<Float>, from index: UInt64) {
    var words = SIMD4<UInt32>()
    var pair: (cosine: Float, sine: Float) = (0, 0)
    for offset in numbers.indices {
      let position = index + UInt64(offset)
      if offset == 0 || position % 4 == 0 { words = block(position / 4) }
      if offset == 0 || position % 2 == 0 {
        let first = Int(position % 4) & ~1
        // In (0, 1], so that the logarithm is finite.
        let radius = 1 - Double(words[first] >> 8) * 0x1p-24
        let turns = Double(words[first + 1] >> 8) * 0x1p-24
        let length = (-2 * Double.log(radius)).squareRoot()
        let cosine = Double.cos(2 * .pi * turns)
        // The absolute error of this sine is below 2⁻²⁹.
        let sine = (1 - cosine * cosine).squareRoot()
        pair = (Float(length * cosine), Float(length * (turns < 0.5 ? sine : -sine)))
      }
      numbers[offset] = position % 2 == 1 ? pair.sine : pair.cosine
    }
  }

  /// Returns the random integer in `0 ..< bound` at `index`.
  ///
  /// Method: multiplication (Lemire 2019), without rejection; the bias is at most `bound` / 2³².
  /// - Precondition: `bound` is positive and below 2³².
  package func integer(below bound: Int, at index: UInt64) -> Int {
    require(bound > 0 && bound <= UInt32.max, "bound (=\(bound)) must be in 1 ..< 2³²")
    return Int(bits(at: index).multipliedFullWidth(by: UInt32(bound)).high)
  }

  /// Returns `0 ..< count` in random order (Fisher and Yates), by the random words from `index` on.
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
  /// The purpose of a stream. The raw values determine the random numbers of every run: never reuse
  /// one.
  package enum Purpose: UInt32, Sendable, CaseIterable {
    /// Initial weights; the row is the index of the parameter.
    case weights = 1
    /// Latent vectors in training.
    case trainingLatents = 2
    /// Latent vectors of audio to generate.
    case generation = 3
    /// The order of the examples; the row is the epoch.
    case order = 4
    /// Positions between real and generated examples, for the gradient penalty.
    case interpolation = 5
    /// Shifts of phase shuffle.
    case phaseShuffle = 6
    /// Initial phases of an inversion; the row is the index of the clip.
    case phase = 7
    /// Initial vectors of spectral normalization; the row is the index of the kernel.
    case spectralVectors = 8
    /// Positions of random crops in their clips.
    case crops = 9
    /// Masks of dropout; the row is the index of the layer.
    case dropout = 10
    /// Dither of written clips; the row is the number of the clip.
    case dither = 11
    /// Augmentation of a critic's examples.
    case augmentation = 12
    /// Noise that is added to real waveforms.
    case realNoise = 13
    /// The directions from a clip's latent to those of its relatives; the row is the clip's number.
    case relatives = 14
    /// Latents from which a search for a given clip starts.
    case search = 15
    /// Latents for the standing statistics of batch normalization.
    case standingStatistics = 16
    /// Style mixing in training: the second latents, and the first layers that use them.
    case styleMixing = 17
    /// Noise inputs in training.
    case trainingNoise = 18
    /// Noise inputs of clips; the row is the number of the clip.
    case noise = 19
    /// The examples of a score's subset; the row is the index of the subset.
    case subsets = 20
    /// Initial centers of clusters.
    case clusters = 21
    /// Positions of patches in a dataset.
    case patches = 22
    /// The split of a dataset into parts; the row is the label or the attempt.
    case split = 23
    /// The order in which clips are evaluated.
    case evaluation = 24
    /// Latents for the mean style of a style-based generator.
    case styleMeans = 25
    /// The files that training does not see, with which adaptive augmentation compares.
    case validation = 26
  }
}
