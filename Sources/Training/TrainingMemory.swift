internal import Models
internal import Networks
internal import Workers

/// The memory that training takes, known before any of it is.
enum TrainingMemory {
  /// Bytes that training `gan` takes: weights, gradients and what the optimisers remember, averages, and the
  /// places of ``Plan``; scratch memory, which is small beside it, is left out.
  static func needed(_ gan: GAN, _ training: TrainingConfiguration) -> Int {
    let (generator, critic) = (gan.generator.layout.count, gan.critic.layout.count)
    let slots = training.newOptimizer(for: ParameterLayout()).slots.count
    let averages = training.averageDecay > 0 ? generator : 0
    let normalized = gan.criticNormalization == .spectral ? critic : 0
    let parameters = (2 + slots) * (generator + critic) + averages + normalized
    let places =
      training.batchSize * (2 * gan.generator.placeCount + 2 * 2 * gan.critic.placeCount)
    return MemoryLayout<Float>.stride * (parameters + places)
  }

  /// Checks that there is as much memory as training `gan` takes.
  ///
  /// - Throws: ``TrainingError/memory(needed:available:)``.
  static func check(_ gan: GAN, _ training: TrainingConfiguration) throws(TrainingError) {
    let needed = needed(gan, training)
    guard let available = availableMemory, needed > available else { return }
    throw .memory(needed: needed, available: available)
  }
}
