// Ioffe and Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal
// Covariate Shift", ICML 2015, algorithms 1 and 2, with the constants and the moving averages of
// tf.layers.

internal import CSpecGANKernels
internal import SpecGANConvolutions
internal import SpecGANErrors
package import SpecGANTensors
internal import SpecGANWorkers

/// A batch normalization layer `y = φ(γ x̂ + β)` with `x̂ = (x − μ)/√(σ² + ε)`, channel by channel,
/// over examples and positions.
///
/// ``Pass/normalization`` is the source of `μ` and `σ²`. In groups they are the group's mean and
/// population variance. The derivatives include their dependence on `x`, and a forward pass updates
/// ``Pass/statistics``, group after group. Moving statistics are constants, so that the map before
/// the activation is affine.
package struct BatchNormalization<Function: Activation>: Layer {
  /// The shape of one example, its channels last.
  package let shape: [Int]
  /// The layout entry of the factors `γ`, one per channel; 1 at first.
  package let gamma: ParameterLayout.Entry
  /// The layout entry of the offsets `β`, one per channel.
  package let beta: ParameterLayout.Entry
  /// The entry of the moving means among a network's statistics.
  package let movingMean: ParameterLayout.Entry
  /// The entry of the moving variances among a network's statistics; 1 at first.
  package let movingVariance: ParameterLayout.Entry
  /// The estimate of a group's variance for the moving variances.
  package let estimate: VarianceEstimate

  /// Creates a layer for examples of `shape`. Its parameters and statistics are appended to the two
  /// layouts under `name`, such as `G/upconv_0/batch_normalization`.
  package init(
    shape: [Int], estimate: VarianceEstimate, name: String, in layout: inout ParameterLayout,
    statistics: inout ParameterLayout
  ) {
    let channels = [shape.last ?? 1]
    self.shape = shape
    self.estimate = estimate
    self.name = name
    gamma = layout.append(name + "/gamma", shape: channels, initialValue: 1)
    beta = layout.append(name + "/beta", shape: channels)
    movingMean = statistics.append(name + "/moving_mean", shape: channels)
    movingVariance = statistics.append(name + "/moving_variance", shape: channels, initialValue: 1)
  }

  /// The layer's part of the parameters' names, such as `G/upconv_0/batch_normalization`.
  package let name: String
  /// The shape of one example.
  package var inputShape: [Int] { shape }
  /// The shape of one example.
  package var outputShape: [Int] { shape }
  /// The number of multiply-adds: one per value.
  package var multiplyAdds: Int { shape.reduce(1, *) }

  /// Does nothing: the layer needs no scratch memory.
  package func reserveScratch(on engine: Engine) {}

  /// Computes `y = f(x; θ)`.
  package func forward(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    let groups = groups(of: x, pass)
    if case .groups = pass.normalization, let statistics = pass.statistics {
      for group in groups { update(statistics, with: group, rate: pass.movingRate) }
    }
    let maps = groups.map { ColumnMap(centers: $0.means, factors: factors($0, pass)) }
    let beta = pass.parameters[beta]
    pass.engine.run(over: pass.examples, by: 1) { example, _ in
      let map = maps[groups.index(holding: example, pass)]
      let (x, y) = (x.examples(example), y.examples(example))
      map.standardize(x, rows: positions, into: y)
      y.withMutableSpan { values in beta.withSpan { Function.apply(to: &values, bias: $0) } }
    }
  }

  /// Computes `x̄ = Jᵀ·ȳ`.
  package func backward(
    _ yCotangent: TensorView, x: TensorView, y: TensorView, into xCotangent: TensorView?,
    _ pass: Pass
  ) {
    pass.engine.run(over: pass.examples, by: 1) { example, _ in
      Function.multiply(yCotangent, bySlopesAt: y, example)
    }
    // Before the activation J is symmetric.
    if let xCotangent { differentiate(yCotangent, at: x, into: xCotangent, pass) { _ in } }
  }

  /// Computes `ẏ = J·ẋ`.
  package func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass
  ) {
    differentiate(xTangent, at: x, into: yTangent, pass) {
      Function.multiply(yTangent, bySlopesAt: y, $0)
    }
  }

  /// Adds `Σ ȳ x̂` to `γ̄` and, if biases are included, `Σ ȳ` to `β̄`.
  package func accumulateGradient(
    x: TensorView, yCotangent: TensorView, includingBias: Bool, into gradient: Parameters,
    _ pass: Pass
  ) {
    var (gammas, betas) = (zeros, zeros)
    for group in groups(of: x, pass) {
      let examples = group.examples.clamped(to: pass.summed)
      if examples.isEmpty { continue }
      let (sums, products) = sums(of: yCotangent, times: x, over: examples, pass)
      for channel in 0..<channels {
        betas[channel] += sums[channel]
        gammas[channel] +=
          (products[channel] - group.means[channel] * sums[channel])
          * group.inverseDeviations[channel]
      }
    }
    for (entry, sums) in [(gamma, gammas), (beta, betas)] where entry == gamma || includingBias {
      gradient[entry].withMutableSpan { gradient in
        for channel in 0..<channels { gradient[channel] += Float(sums[channel]) }
      }
    }
  }

  /// Returns `γ/√(σ² + ε)`.
  private func factors(_ group: NormalizedGroup, _ pass: Pass) -> [Double] {
    zip(pass.parameters[gamma].values, group.inverseDeviations).map { Double($0) * $1 }
  }

  /// The constant `ε` that is added to a variance before its root is taken.
  package static var epsilon: Float { Float(NormalizedGroup.epsilon) }

  private var channels: Int { gamma.count }
  private var positions: Int { shape.reduce(1, *) / channels }
  private var zeros: [Double] { [Double](repeating: 0, count: channels) }
}

/// The estimate of a group's variance for the moving variances.
package enum VarianceEstimate: Sendable {
  /// `Σ (x − μ)²/N`, as in tf.layers for inputs of three axes.
  case population
  /// `Σ (x − μ)²/(N − 1)`, as in the fused kernel of tf.layers for inputs of four axes.
  case unbiased
}

// MARK: - The derivative

extension BatchNormalization {
  /// Computes the derivative of `γ x̂` in direction `d`, and calls `after` for every example of it.
  ///
  /// In a group of `N` values per channel it is `γ r (d − Σd/N − x̂ Σ(d x̂)/N)` with
  /// `r = 1/√(σ² + ε)`; with moving statistics `γ r d`.
  private func differentiate(
    _ directions: TensorView, at x: TensorView, into results: TensorView, _ pass: Pass,
    after: @escaping Convolution.Work
  ) {
    let groups = groups(of: x, pass)
    let maps = groups.map { group in
      pass.normalization == .moving
        ? ColumnMap(centers: group.means, factors: factors(group, pass))
        : derivative(group, directions, x, pass)
    }
    pass.engine.run(over: pass.examples, by: 1) { example, _ in
      let map = maps[groups.index(holding: example, pass)]
      map.combine(
        directions.examples(example), x.examples(example), rows: positions,
        into: results.examples(example))
      after(example)
    }
  }

  private func derivative(
    _ group: NormalizedGroup, _ directions: TensorView, _ x: TensorView, _ pass: Pass
  ) -> ColumnMap {
    let (sums, products, count) = totals(of: directions, times: x, over: group.examples, pass)
    let factors = factors(group, pass)
    var (slopes, offsets) = (zeros, zeros)
    for channel in 0..<channels {
      let inverse = group.inverseDeviations[channel]
      let mean = (products[channel] - group.means[channel] * sums[channel]) * inverse / count
      slopes[channel] = -factors[channel] * mean * inverse
      offsets[channel] = -factors[channel] * sums[channel] / count
    }
    return ColumnMap(centers: group.means, factors: factors, slopes: slopes, offsets: offsets)
  }
}

// MARK: - Means and variances

extension BatchNormalization {
  /// The number of pieces of a group, whose sums are added in order.
  private static var pieces: Int { 16 }

  /// Returns the groups of the pass's examples, with their means and variances.
  private func groups(of x: TensorView, _ pass: Pass) -> [NormalizedGroup] {
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
  private func totals(
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
  private func sums(
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
