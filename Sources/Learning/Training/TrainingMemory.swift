internal import Networks
package import SpecGANModels
internal import SpecGANWorkers

/// The memory that training takes, known before any of it is.
package enum TrainingMemory {
  /// Bytes that training `gan` takes: weights, gradients and what the optimisers remember,
  /// averages, and the places of ``Plan``; scratch memory, which is small beside it, is left out.
  package static func needed(_ gan: GAN, _ training: TrainingConfiguration) -> Int {
    let (generator, critic) = (gan.generator.layout.count, gan.critic.layout.count)
    let slots = training.newOptimizer(for: ParameterLayout()).slots.count
    let averages = training.averageDecay > 0 ? generator : 0
    let normalized = gan.criticNormalization == .spectral ? critic : 0
    let parameters = (2 + slots) * (generator + critic) + averages + normalized
    let places =
      training.batchSize * (2 * gan.generator.placeCount + 2 * 2 * gan.critic.placeCount)
    return MemoryLayout<Float>.stride * (parameters + places)
  }
}
