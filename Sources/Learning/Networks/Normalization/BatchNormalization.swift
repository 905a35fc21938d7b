// Ioffe and Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal
// Covariate Shift", ICML 2015, algorithms 1 and 2, with the constants and the moving averages of
// tf.layers.

internal import SpecGANConvolutions
package import SpecGANTensors

/// A batch normalization layer `y = φ(γ x̂ + β)` with `x̂ = (x − μ)/√(σ² + ε)`, channel by channel,
/// over examples and positions.
///
/// ``Pass/normalization`` is the source of `μ` and `σ²`. In groups they are the group's mean and
/// population variance. The derivatives include their dependence on `x`, and a forward pass updates
/// ``Pass/statistics``, group after group. Moving statistics are constants, so that the map before
/// the activation is affine.
package struct BatchNormalization<Function: Activation>: Layer {
  /// The means and variances of the channels.
  package let moments: BatchMoments
  /// The layout entry of the factors `γ`, one per channel; 1 at first.
  package let gamma: ParameterLayout.Entry
  /// The layout entry of the offsets `β`, one per channel.
  package let beta: ParameterLayout.Entry

  /// Creates a layer for examples of `shape`. Its parameters and statistics are appended to the two
  /// layouts under `name`, such as `G/upconv_0/batch_normalization`.
  package init(
    shape: [Int], estimate: VarianceEstimate, name: String, in layout: inout ParameterLayout,
    statistics: inout ParameterLayout
  ) {
    moments = BatchMoments(of: shape, estimate, name: name, in: &statistics)
    let channels = [moments.channels]
    gamma = layout.append(name + "/gamma", shape: channels, initialValue: 1)
    beta = layout.append(name + "/beta", shape: channels)
  }

  /// The layer's part of the parameters' names, such as `G/upconv_0/batch_normalization`.
  package var name: String { moments.name }
  /// The shape of one example.
  package var inputShape: [Int] { moments.shape }
  /// The shape of one example.
  package var outputShape: [Int] { moments.shape }
  /// The number of multiply-adds: one per value.
  package var multiplyAdds: Int { moments.shape.reduce(1, *) }

  /// Does nothing: the layer needs no scratch memory.
  package func reserveScratch(on engine: Engine) {}

  /// Computes `y = f(x; θ)`.
  package func forward(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    let groups = moments.groups(of: x, pass)
    moments.updateStatistics(with: groups, pass)
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
    for group in moments.groups(of: x, pass) {
      let examples = group.examples.clamped(to: pass.summed)
      if examples.isEmpty { continue }
      let (sums, products) = moments.sums(of: yCotangent, times: x, over: examples, pass)
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

  private var channels: Int { moments.channels }
  private var positions: Int { moments.positions }
  private var zeros: [Double] { [Double](repeating: 0, count: channels) }
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
    let groups = moments.groups(of: x, pass)
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
    let (sums, products, count) = moments.totals(
      of: directions, times: x, over: group.examples, pass)
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
