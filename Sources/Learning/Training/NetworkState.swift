internal import CSpecGANKernels
package import Networks
package import SpecGANModels
package import SpecGANTensors

/// The state of one network that training changes in place.
///
/// A checkpoint contains it, tensor by tensor, and resuming restores it.
package final class NetworkState: Sendable {
  /// The role of a network.
  package enum Role: Sendable {
    /// The network that generates samples.
    case generator
    /// The network that evaluates samples.
    case critic
  }

  /// The role of the network.
  package let role: Role
  /// The weights.
  package let weights: Parameters
  /// The moving means and variances of batch normalization; empty without it.
  package let statistics: Parameters
  /// The moving average of the weights; nil if there is none.
  package let average: Parameters?
  /// The spectral normalization of the weights; nil if there is none.
  package let spectralNormalization: SpectralNormalization?
  /// The optimizer.
  package let optimizer: any Optimizer

  /// Creates a state whose random initial values have not been drawn yet.
  package init(_ role: Role, of gan: GAN, _ configuration: TrainingConfiguration) {
    let network = gan.network(role)
    self.role = role
    weights = Parameters(network.layout)
    statistics = Parameters(network.statistics)
    let keepsAverage = role == .generator && configuration.averageDecay > 0
    average = keepsAverage ? Parameters(network.layout) : nil
    let isNormalized =
      role == .critic ? gan.criticNormalization == .spectral : gan.generatorIsSpectral
    spectralNormalization = isNormalized ? SpectralNormalization(for: network.layout) : nil
    optimizer = configuration.newOptimizer(for: network.layout)
  }

  /// Resets everything to the state before the first step, with the random seed `seed`.
  func reset(_ gan: GAN, seed: UInt64, on engine: Engine) {
    switch role {
    case .generator:
      weights.copy(gan.initialGenerator(seed: seed, on: engine))
      statistics.copy(gan.initialGeneratorStatistics)
    case .critic:
      weights.copy(gan.initialCritic(seed: seed, on: engine))
      statistics.copy(gan.initialCriticStatistics)
    }
    average?.copy(weights)
    if let spectralNormalization {
      gan.drawSpectralVectors(spectralNormalization, isGenerators: role == .generator, seed: seed)
    }
    optimizer.reset()
  }

  /// Creates the state before the first step of a training that begins with the weights, moving
  /// averages and statistics of `other`, a state of a network with the same layout. The optimizer
  /// is new.
  package convenience init(
    beginningFrom other: NetworkState, of gan: GAN, _ configuration: TrainingConfiguration
  ) {
    self.init(other.role, of: gan, configuration)
    weights.copy(other.weights)
    statistics.copy(other.statistics)
    average?.copy(other.average ?? other.weights)
    if let spectralNormalization, let others = other.spectralNormalization {
      spectralNormalization.vectors.copy(others.vectors)
    }
    optimizer.reset()
  }

  /// Copies `other`, a state of the same network.
  func copy(_ other: NetworkState) {
    for (own, others) in zip(parts, other.parts) { own.parameters.copy(others.parameters) }
  }
}

// MARK: - Parts

extension NetworkState {
  /// A part of the state, with a tensor per parameter.
  package struct Part {
    /// The suffix of the parameters' names in a checkpoint.
    package let suffix: String
    package let parameters: Parameters
    /// Whether the part belongs to the optimizer, and only resuming needs it.
    package fileprivate(set) var isOptimizers = false

    /// Creates a part that does not belong to the optimizer.
    package init(suffix: String, parameters: Parameters) {
      (self.suffix, self.parameters) = (suffix, parameters)
    }
  }

  /// All parts of the state.
  package var parts: [Part] {
    [Part(suffix: "", parameters: weights), Part(suffix: "", parameters: statistics)]
      + (average.map { [Part(suffix: Self.averageSuffix, parameters: $0)] } ?? [])
      + (spectralNormalization.map { [Part(suffix: "", parameters: $0.vectors)] } ?? [])
      + optimizer.slots.map {
        var part = Part(suffix: $0.suffix, parameters: $0.parameters)
        part.isOptimizers = true
        return part
      }
  }

  /// TensorFlow's name for moving averages of variables.
  package static let averageSuffix = "/ExponentialMovingAverage"

  /// The name of the first parameter with a value that is not finite; nil if all are finite.
  package var firstNotFinite: String? {
    for part in parts {
      if let name = part.parameters.firstNotFinite { return name + part.suffix }
    }
    return nil
  }

  /// The number of elements of all parts.
  var count: Int { parts.reduce(0) { $0 + $1.parameters.layout.count } }
}

// MARK: - Use

extension NetworkState {
  /// Returns the weights for a pass of training. Spectral normalization, if any, first makes a step
  /// of its power iteration.
  func trainingWeights(on engine: Engine) -> NetworkWeights {
    spectralNormalization?.advance(weights, on: engine)
    return NetworkWeights(
      parameters: normalized(weights, on: engine), statistics: statistics)
  }

  /// Returns the weights of the last ``trainingWeights(on:)`` again, for the backward pass.
  var lastTrainingWeights: NetworkWeights {
    NetworkWeights(
      parameters: spectralNormalization?.normalized ?? weights, statistics: statistics)
  }

  /// The weights of a generator at inference: the moving average if there is one, with every kernel
  /// normalized if the network's are.
  package var finishedGenerator: Parameters {
    let finished = average ?? weights
    return spectralNormalization?.normalized(finished) ?? finished
  }

  /// Returns the weights of a critic at inference.
  package func finishedCritic(on engine: Engine) -> NetworkWeights {
    NetworkWeights(parameters: normalized(weights, on: engine), statistics: statistics)
  }

  private func normalized(_ weights: Parameters, on engine: Engine) -> Parameters {
    guard let spectralNormalization else { return weights }
    spectralNormalization.normalize(weights, on: engine)
    return spectralNormalization.normalized
  }

  /// Updates the moving average, if there is one, after the update `number`.
  ///
  /// The average `a` of weights `θ` becomes `δ a + (1 − δ) θ` with `δ = min(decay, (1 + t)/(10 +
  /// t))`, with `t` the number of the update of these weights, from 1, as in TensorFlow's
  /// ExponentialMovingAverage with a number of updates. The initial weights so lose their influence
  /// early.
  func updateAverage(decay: Float, number: UpdateNumber, on engine: Engine) {
    guard let average else { return }
    for section in number.sections(of: weights.layout) {
      let update = section.number
      let decay = min(decay, Float(1 + update) / Float(10 + update))
      engine.run(over: section.elements, by: 1 << 14) { range, _ in
        let first = range.lowerBound
        unsafe specgan_decay_towards(
          average.block.start + first, weights.block.start + first, decay, range.count)
      }
    }
  }

  /// Clips the weights that the update `number` changes to `[-limit, limit]`.
  func clip(to limit: Float, number: UpdateNumber, on engine: Engine) {
    for section in number.sections(of: weights.layout) {
      engine.run(over: section.elements, by: 1 << 14) { range, _ in
        unsafe specgan_clip(weights.block.start + range.lowerBound, limit, range.count)
      }
    }
  }
}

extension GAN {
  /// Returns the network with a role.
  package func network(_ role: NetworkState.Role) -> Network {
    role == .generator ? generator : critic
  }
}
