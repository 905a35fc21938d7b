// de Vries et al., "Modulating early visual processing by language", NIPS 2017, with gains around
// one as in Brock, Donahue and Simonyan, "Large Scale GAN Training for High Fidelity Natural Image
// Synthesis", ICLR 2019, appendix B; the constants and the moving averages are those of
// `BatchNormalization`.

internal import CSpecGANKernels
internal import SpecGANErrors
package import SpecGANTensors

/// A conditional batch normalization layer `y = φ((1 + g) x̂ + b)` with `x̂ = (x − μ)/√(σ² + ε)`,
/// channel by channel, over examples and positions.
///
/// The gains `g` and the offsets `b` of an example are columns of ``Pass/styles``, whose cotangents
/// the backward pass writes. `μ` and `σ²` are those of ``BatchNormalization``.
package struct ConditionalBatchNormalization<Function: Activation>: ParameterlessLayer {
  /// The means and variances of the channels.
  package let moments: BatchMoments
  /// The columns of the gains.
  package let gains: StyleColumns
  /// The columns of the offsets.
  package let offsets: StyleColumns

  /// Creates a layer with `moments`.
  ///
  /// - Precondition: there is a gain and an offset for each channel.
  package init(_ moments: BatchMoments, gains: StyleColumns, offsets: StyleColumns) {
    require(
      gains.count == moments.channels && offsets.count == moments.channels,
      "\(gains.count) gains and \(offsets.count) offsets for \(moments.channels) channels")
    (self.moments, self.gains, self.offsets) = (moments, gains, offsets)
  }

  /// The layer's part of the statistics' names, such as `G/upconv_0/batch_normalization`.
  package var name: String { moments.name }
  /// The shape of one example.
  package var inputShape: [Int] { moments.shape }
  /// The shape of one example.
  package var outputShape: [Int] { moments.shape }
  /// The number of multiply-adds: one per value.
  package var multiplyAdds: Int { moments.shape.reduce(1, *) }

  private var channels: Int { moments.channels }
  private var positions: Int { moments.positions }

  /// Reserves scratch memory for four coefficients of each channel.
  package func reserveScratch(on engine: Engine) { engine.reserveScratch(each: 4 * channels) }

  /// Computes `y = f(x; θ)`.
  package func forward(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    let groups = moments.groups(of: x, pass)
    moments.updateStatistics(with: groups, pass)
    let styles = pass.requiredStyles(of: name)
    pass.engine.requireScratch(each: 4 * channels)
    pass.engine.run(over: pass.examples, by: 1) { example, scratch in
      let group = groups[groups.index(holding: example, pass)]
      let (gains, offsets) = unsafe (
        self.gains.start(example, in: styles.values), self.offsets.start(example, in: styles.values)
      )
      let centers = unsafe scratch.start
      let factors = unsafe centers + channels
      for channel in 0..<channels {
        unsafe centers[channel] = Float(group.means[channel])
        unsafe factors[channel] = Float(
          group.inverseDeviations[channel] * (1 + Double(gains[channel])))
      }
      let y = y.examples(example)
      unsafe specgan_standardize(
        x.examples(example).start, positions, centers, factors, channels, y.start)
      y.withMutableSpan { values in
        unsafe Function.apply(
          to: &values, bias: UnsafeBufferPointer(start: offsets, count: channels).span)
      }
    }
  }

  /// Computes `x̄ = Jᵀ·ȳ`, and the cotangents of the styles.
  package func backward(
    _ yCotangent: TensorView, x: TensorView, y: TensorView, into xCotangent: TensorView?,
    _ pass: Pass
  ) {
    let styles = pass.requiredStyles(of: name)
    let cotangents = pass.requiredStyleCotangents(of: name)
    let groups = moments.groups(of: x, pass)
    pass.engine.requireScratch(each: 4 * channels)
    pass.engine.run(over: pass.examples, by: 1) { example, scratch in
      Function.multiply(yCotangent, bySlopesAt: y, example)
      let group = groups[groups.index(holding: example, pass)]
      let centers = unsafe scratch.start
      let factors = unsafe centers + channels
      for channel in 0..<channels {
        unsafe centers[channel] = Float(group.means[channel])
        unsafe factors[channel] = Float(group.inverseDeviations[channel])
      }
      unsafe specgan_normalized_products(
        yCotangent.examples(example).start, x.examples(example).start, positions, centers, factors,
        channels, offsets.start(example, in: cotangents), gains.start(example, in: cotangents))
    }
    guard let xCotangent else { return }
    let means = groups.map { self.means(of: $0, cotangents, styles.values, pass) }
    combine(yCotangent, at: x, into: xCotangent, groups, means, pass) { _ in 1 }
  }

  /// Computes `ẏ = J·ẋ` at constant styles.
  package func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass
  ) {
    let groups = moments.groups(of: x, pass)
    let means = groups.map { self.means(of: $0, xTangent, at: x, pass) }
    combine(xTangent, at: x, into: yTangent, groups, means, pass) { $0 }
    pass.engine.run(over: pass.examples, by: 1) { example, _ in
      Function.multiply(yTangent, bySlopesAt: y, example)
    }
  }
}

// MARK: - The derivative

extension ConditionalBatchNormalization {
  /// The means of directions `d` and of products `d x̂` over a group, for each channel.
  private struct Means {
    var directions, products: [Double]
  }

  /// Returns the means for `d = (1 + g) ȳ`, from the cotangents of gains, `Σ ȳ x̂`, and of offsets,
  /// `Σ ȳ`, of each example.
  private func means(
    of group: NormalizedGroup, _ cotangents: TensorView, _ styles: TensorView, _ pass: Pass
  ) -> Means {
    if pass.normalization == .moving { return .init(directions: zeros, products: zeros) }
    let size = min(pass.shardSize ?? group.examples.count, group.examples.count)
    let examples = group.examples
    var sums = SumTree.sums(
      of: stride(from: examples.lowerBound, to: examples.upperBound, by: size).map { first in
        self.sums(over: first..<first + size, cotangents, styles)
      })
    pass.adder?.addUp(&sums)
    return Means(
      directions: sums[..<channels].map { $0 / group.count },
      products: sums[channels...].map { $0 / group.count })
  }

  /// Returns the sums of `(1 + g) ȳ`, then those of `(1 + g) ȳ x̂`, over `examples`.
  private func sums(
    over examples: Range<Int>, _ cotangents: TensorView, _ styles: TensorView
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: 2 * channels)
    for example in examples {
      let example = example..<example + 1
      let gains = unsafe self.gains.start(example, in: styles)
      let (ofOffsets, ofGains) = unsafe (
        offsets.start(example, in: cotangents), self.gains.start(example, in: cotangents)
      )
      for channel in 0..<channels {
        let factor = unsafe 1 + Double(gains[channel])
        unsafe sums[channel] += factor * Double(ofOffsets[channel])
        unsafe sums[channels + channel] += factor * Double(ofGains[channel])
      }
    }
    return sums
  }

  /// Returns the means for `d = ẋ`.
  private func means(
    of group: NormalizedGroup, _ directions: TensorView, at x: TensorView, _ pass: Pass
  ) -> Means {
    if pass.normalization == .moving { return .init(directions: zeros, products: zeros) }
    let (sums, products, count) = moments.totals(
      of: directions, times: x, over: group.examples, pass)
    return Means(
      directions: sums.map { $0 / count },
      products: (0..<channels).map {
        (products[$0] - group.means[$0] * sums[$0]) * group.inverseDeviations[$0] / count
      })
  }

  /// Computes `r ((1 + g) d − w (Σd/N + x̂ Σ(d x̂)/N))` with `r = 1/√(σ² + ε)`, the `means` of each
  /// group, and `w = weight(1 + g)`.
  private func combine(
    _ directions: TensorView, at x: TensorView, into results: TensorView,
    _ groups: [NormalizedGroup], _ means: [Means], _ pass: Pass,
    weight: @escaping @Sendable (Double) -> Double
  ) {
    let styles = pass.requiredStyles(of: name).values
    pass.engine.requireScratch(each: 4 * channels)
    pass.engine.run(over: pass.examples, by: 1) { example, scratch in
      let index = groups.index(holding: example, pass)
      let (group, means) = (groups[index], means[index])
      let gains = unsafe self.gains.start(example, in: styles)
      let centers = unsafe scratch.start
      let factors = unsafe centers + channels
      let slopes = unsafe factors + channels
      let offsets = unsafe slopes + channels
      for channel in 0..<channels {
        let inverse = group.inverseDeviations[channel]
        let gain = unsafe 1 + Double(gains[channel])
        unsafe centers[channel] = Float(group.means[channel])
        unsafe factors[channel] = Float(inverse * gain)
        let shared = -inverse * weight(gain)
        unsafe slopes[channel] = Float(shared * means.products[channel] * inverse)
        unsafe offsets[channel] = Float(shared * means.directions[channel])
      }
      let combination = unsafe specgan_combination(
        factors: factors, slopes: slopes, centers: centers, offsets: offsets)
      unsafe specgan_combine_columns(
        directions.examples(example).start, x.examples(example).start, positions, combination,
        channels, results.examples(example).start)
    }
  }

  private var zeros: [Double] { [Double](repeating: 0, count: channels) }
}
