internal import CSpecGANKernels
internal import SpecGANConvolutions
internal import SpecGANErrors
internal import SpecGANTensors
internal import SpecGANWorkers

/// The means and variances of a layer's channels over examples and positions, and their moving
/// averages.
///
/// ``Pass/normalization`` is their source: the groups of a batch, or the moving averages.
package struct BatchMoments: Sendable {
  /// The shape of one example, its channels last.
  package let shape: [Int]
  /// The layer's part of the parameters' names, such as `G/upconv_0/batch_normalization`.
  package let name: String
  /// The entry of the moving means among a network's statistics.
  package let movingMean: ParameterLayout.Entry
  /// The entry of the moving variances among a network's statistics; initially 1.
  package let movingVariance: ParameterLayout.Entry
  /// The estimate of a group's variance for the moving variances.
  package let estimate: VarianceEstimate

  /// Creates the moments of examples of `shape`. Their moving averages are appended to `statistics`
  /// under `name`.
  package init(
    of shape: [Int], _ estimate: VarianceEstimate, name: String,
    in statistics: inout ParameterLayout
  ) {
    let channels = [shape.last ?? 1]
    (self.shape, self.estimate, self.name) = (shape, estimate, name)
    movingMean = statistics.append(name + "/moving_mean", shape: channels)
    movingVariance = statistics.append(name + "/moving_variance", shape: channels, initialValue: 1)
  }

  /// The constant `ε` that is added to a variance before its root is taken.
  package static let epsilon = Float(NormalizedGroup.epsilon)
  /// The number of channels.
  package var channels: Int { movingMean.count }
  /// The number of positions of an example.
  package var positions: Int { shape.reduce(1, *) / channels }
}

/// The estimate of a group's variance for the moving variances.
package enum VarianceEstimate: Sendable {
  /// `Σ (x − μ)²/N`, as in tf.layers for inputs of three axes.
  case population
  /// `Σ (x − μ)²/(N − 1)`, as in the fused kernel of tf.layers for inputs of four axes.
  case unbiased
}

// MARK: - Groups

extension BatchMoments {
  /// The number of pieces of a group, whose sums are added in order.
  private static let pieces = 16

  /// Returns the groups of the pass's examples, with their means and variances.
  func groups(of x: TensorView, _ pass: Pass) -> [NormalizedGroup] {
    switch pass.normalization {
    case .moving:
      guard let statistics = pass.statistics else {
        trap("\(name) uses moving statistics, but the pass has none")
      }
      let means = statistics[movingMean].values.map(Double.init)
      let variances = statistics[movingVariance].values.map(Double.init)
      return [
        NormalizedGroup(examples: pass.examples, count: 1, means: means, variances: variances)
      ]
    case .groups(let size):
      let count = pass.examples.count
      require(
        size > 0 && count.isMultiple(of: size), "\(count) examples are not groups of \(size)")
      return (0..<count / size).map { index in
        let first = pass.examples.lowerBound + index * size
        return group(first..<first + size, of: x, pass)
      }
    }
  }

  private func group(_ examples: Range<Int>, of x: TensorView, _ pass: Pass) -> NormalizedGroup {
    let (sums, squares, count) = totals(of: x, times: x, over: examples, pass)
    let means = sums.map { $0 / count }
    // In double precision the difference is exact to 2⁻⁵⁰ of the mean's square.
    let variances = zip(squares, means).map { max($0 / count - $1 * $1, 0) }
    return NormalizedGroup(examples: examples, count: count, means: means, variances: variances)
  }

  /// Returns the sums over all members of a distributed run, and the number of values of each
  /// channel.
  func totals(
    of a: TensorView, times b: TensorView, over examples: Range<Int>, _ pass: Pass
  ) -> (sums: [Double], products: [Double], count: Double) {
    let (sums, products) = sums(of: a, times: b, over: examples, pass)
    let count = Double(examples.count * positions)
    guard let adder = pass.adder else { return (sums, products, count) }
    var all = sums + products + [count]
    adder.addUp(&all)
    return (
      Array(all[..<channels]), Array(all[channels..<2 * channels]), all[2 * channels]
    )
  }

  /// Returns each channel's sums of `a` and of `a · b` over `examples` and positions.
  func sums(
    of a: TensorView, times b: TensorView, over examples: Range<Int>, _ pass: Pass
  ) -> (sums: [Double], products: [Double]) {
    let size = min(pass.shardSize ?? examples.count, examples.count)
    let shards = stride(from: examples.lowerBound, to: examples.upperBound, by: size).map {
      shardSums(of: a, times: b, over: $0..<$0 + size, pass)
    }
    let sums = SumTree.sums(of: shards)
    return (Array(sums[..<channels]), Array(sums[channels...]))
  }

  /// Returns each channel's sums of `a`, then those of `a · b`, over the examples of a shard.
  private func shardSums(
    of a: TensorView, times b: TensorView, over examples: Range<Int>, _ pass: Pass
  ) -> [Double] {
    let (pieces, channels, positions) = (Self.pieces, channels, positions)
    let partials = pass.engine.workers.map(pieces) { piece, _ in
      let examples = examples.piece(piece, of: pieces)
      var sums = [Double](repeating: 0, count: 2 * channels)
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        guard let first = sums.baseAddress else { return }
        unsafe specgan_add_column_products(
          a.examples(examples).start, b.examples(examples).start, examples.count * positions,
          channels, first, first + channels)
      }
      return sums
    }
    return (0..<2 * channels).map { index in partials.reduce(0) { $0 + $1[index] } }
  }

  /// Moves the pass's statistics, if it has any and normalizes groups, toward those of `groups`,
  /// one after the other.
  func updateStatistics(with groups: [NormalizedGroup], _ pass: Pass) {
    guard case .groups = pass.normalization, let statistics = pass.statistics else { return }
    for group in groups { update(statistics, with: group, rate: pass.movingRate) }
  }

  /// Moves `statistics` toward those of `group`, in TensorFlow's form.
  private func update(_ statistics: Parameters, with group: NormalizedGroup, rate: Float) {
    let count = group.count
    let correction = estimate == .unbiased ? count / max(count - 1, 1) : 1
    let variances = group.variances.map { $0 * correction }
    for (entry, values) in [(movingMean, group.means), (movingVariance, variances)] {
      statistics[entry].withMutableSpan { moving in
        for channel in 0..<channels {
          moving[channel] -= (moving[channel] - Float(values[channel])) * rate
        }
      }
    }
  }
}
