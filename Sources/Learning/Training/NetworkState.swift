internal import CSpecGANKernels
package import Networks
package import SpecGANModels
package import SpecGANTensors

/// Everything that training changes of one of the two networks, in place.
///
/// A checkpoint holds it, tensor by tensor, and resuming restores it.
package final class NetworkState: Sendable {
  /// Which of the two networks.
  package enum Role: Sendable {
    /// The one that makes samples.
    case generator
    /// The one that judges them.
    case critic
  }

  /// Which of the two networks it is.
  package let role: Role
  /// The weights.
  package let weights: Parameters
  /// The moving means and variances of batch normalisation; nothing without it.
  package let statistics: Parameters
  /// The moving average of the weights; nil where none is kept.
  package let average: Parameters?
  /// What divides the weights before they are used; nil where nothing does.
  package let spectralNormalization: SpectralNormalization?
  /// What turns gradients into updates.
  package let optimizer: any Optimizer

  /// The state before the first step; nothing in it is drawn yet but for zeros and ones.
  package init(_ role: Role, of gan: GAN, _ configuration: TrainingConfiguration) {
    let network = gan.network(role)
    self.role = role
    weights = Parameters(network.layout)
    statistics = Parameters(network.statistics)
    let keepsAverage = role == .generator && configuration.averageDecay > 0
    average = keepsAverage ? Parameters(network.layout) : nil
    let isNormalized = role == .critic && gan.criticNormalization == .spectral
    spectralNormalization = isNormalized ? SpectralNormalization(for: network.layout) : nil
    optimizer = configuration.newOptimizer(for: network.layout)
  }

  /// Puts everything to what it is before the first step, under `seed`.
  func reset(_ gan: GAN, seed: UInt64) {
    switch role {
    case .generator:
      weights.copy(gan.initialGenerator(seed: seed))
      statistics.copy(gan.initialGeneratorStatistics)
    case .critic:
      weights.copy(gan.initialCritic(seed: seed))
      statistics.copy(gan.initialCriticStatistics)
    }
    average?.copy(weights)
    if let spectralNormalization { gan.drawSpectralVectors(spectralNormalization, seed: seed) }
    optimizer.reset()
  }

  /// Takes over what `other`, the state of the same network, holds.
  func copy(_ other: NetworkState) {
    for (own, others) in zip(parts, other.parts) { own.parameters.copy(others.parameters) }
  }
}

// MARK: - Parts

extension NetworkState {
  /// One of the blocks of numbers that make it up.
  package struct Part {
    /// What stands behind a parameter's name in a checkpoint.
    package let suffix: String
    package let parameters: Parameters
    /// Whether only going on with training needs it.
    package fileprivate(set) var isOptimizers = false
  }

  /// All of it.
  package var parts: [Part] {
    [Part(suffix: "", parameters: weights), Part(suffix: "", parameters: statistics)]
      + (average.map { [Part(suffix: Self.averageSuffix, parameters: $0)] } ?? [])
      + (spectralNormalization.map { [Part(suffix: "", parameters: $0.vectors)] } ?? [])
      + optimizer.slots.map {
        Part(suffix: $0.suffix, parameters: $0.parameters, isOptimizers: true)
      }
  }

  /// TensorFlow's name for moving averages of variables.
  private static let averageSuffix = "/ExponentialMovingAverage"

  /// The name of a parameter with a number in it that is not finite; nil where there is none.
  package var firstNotFinite: String? {
    for part in parts {
      if let name = part.parameters.firstNotFinite { return name + part.suffix }
    }
    return nil
  }

  /// Numbers in all of it.
  var count: Int { parts.reduce(0) { $0 + $1.parameters.layout.count } }
}

// MARK: - Use

extension NetworkState {
  /// The weights as training's passes take them, after one more step towards their singular values
  /// where those divide them.
  func trainingWeights(on engine: Engine) -> NetworkWeights {
    spectralNormalization?.advance(weights, on: engine)
    return NetworkWeights(
      parameters: normalized(weights, on: engine), statistics: statistics)
  }

  /// What a generator makes sounds with: the averages where they are kept.
  package var finishedGenerator: NetworkWeights {
    NetworkWeights(parameters: average ?? weights, statistics: statistics)
  }

  /// What a critic judges sounds with.
  package func finishedCritic(on engine: Engine) -> NetworkWeights {
    NetworkWeights(parameters: normalized(weights, on: engine), statistics: statistics)
  }

  private func normalized(_ weights: Parameters, on engine: Engine) -> Parameters {
    guard let spectralNormalization else { return weights }
    spectralNormalization.normalize(weights, on: engine)
    return spectralNormalization.normalized
  }

  /// Moves the average, if one is kept, towards the weights, after update number `update`, the
  /// first being 1.
  ///
  /// By `a = δ a + (1 − δ) θ` with `δ = min(decay, (1 + update)/(10 + update))`, as TensorFlow's
  /// ExponentialMovingAverage does when it is told the number of updates: first weights are soon
  /// forgotten.
  func updateAverage(decay: Float, update: Int, on engine: Engine) {
    guard let average else { return }
    let decay = min(decay, Float(1 + update) / Float(10 + update))
    engine.run(over: 0..<weights.layout.count, by: 1 << 14) { range, _ in
      let first = range.lowerBound
      unsafe specgan_decay_towards(
        average.block.start + first, weights.block.start + first, decay, range.count)
    }
  }

  /// Brings every weight into `[-limit, limit]`.
  func clip(to limit: Float, on engine: Engine) {
    engine.run(over: 0..<weights.layout.count, by: 1 << 14) { range, _ in
      unsafe specgan_clip(weights.block.start + range.lowerBound, limit, range.count)
    }
  }
}

extension GAN {
  /// The network of a role.
  package func network(_ role: NetworkState.Role) -> Network {
    role == .generator ? generator : critic
  }
}
