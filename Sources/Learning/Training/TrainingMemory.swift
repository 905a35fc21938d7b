internal import Networks
package import SpecGANModels
internal import SpecGANWorkers

/// The memory of training, computed before it is allocated.
package enum TrainingMemory {
  /// Returns the memory that training `gan` needs, in bytes.
  ///
  /// It is the sum of weights, gradients, states of the optimizers, averages and the workspaces of
  /// ``Plan``. Temporary buffers are not included, because they are small in comparison.
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
