internal import CSpecGANKernels
package import Networks
internal import SpecGANErrors
package import SpecGANModels
package import SpecGANTensors
internal import SpecGANWorkers

/// The memory of training, allocated once, and the computation of losses in it.
///
/// The critic's input has room for two batches: real examples, then generated ones. For the
/// gradient penalty, interpolated examples overwrite the real ones. The generator writes its output
/// directly to the second batch.
package final class Plan: Sendable {
  package let gan: GAN
  package let batch: Int
  package let generator: Workspace
  package let critic: Workspace
  package let generatorGradient: Parameters
  package let criticGradient: Parameters
  private let loss: Loss
  private let driftWeight: Float
  /// The gradient penalty; nil if the loss has none.
  private let penalty: GradientPenalty?

  /// Allocates the memory for `gan` and the loss of `training`.
  ///
  /// - Precondition: the critic is piecewise linear if the loss has a gradient penalty.
  package init(_ gan: GAN, _ training: TrainingConfiguration, engine: Engine) {
    self.gan = gan
    batch = training.batchSize
    loss = training.loss
    driftWeight = training.driftWeight
    penalty =
      loss.hasGradientPenalty
      ? GradientPenalty(critic: gan.piecewiseLinearCritic, weight: training.penaltyWeight) : nil
    critic = Workspace(
      differentiating: gan.critic, examples: 2 * batch,
      tangentExamples: penalty == nil ? 0 : batch, engine: engine)
    let second = batch..<2 * batch
    generator = Workspace(
      differentiating: gan.generator, output: critic.input.examples(second),
      outputCotangent: critic.inputCotangent.examples(second), engine: engine)
    generatorGradient = Parameters(gan.generator.layout)
    criticGradient = Parameters(gan.critic.layout)
  }

  package var real: Range<Int> { 0..<batch }
  package var generated: Range<Int> { batch..<2 * batch }
  private var interpolated: Range<Int> { 0..<batch }

  /// The random numbers of an update of the critic.
  package struct CriticDraws {
    /// The position between real and generated of each interpolated example, in `[0, 1)`.
    package var interpolations: [Float]
    /// The shifts of real and generated examples.
    package var shifts: PhaseShifts
    /// The shifts of interpolated examples.
    package var interpolatedShifts: PhaseShifts

    package init(
      interpolations: [Float], shifts: PhaseShifts = .init(),
      interpolatedShifts: PhaseShifts = .init()
    ) {
      self.interpolations = interpolations
      self.shifts = shifts
      self.interpolatedShifts = interpolatedShifts
    }
  }

  /// Generates samples from the latents at the generator's input; they become the generated
  /// examples.
  package func generate(_ weights: NetworkWeights, _ engine: Engine) {
    gan.generator.forward(generator, pass(weights, 0..<batch, engine))
  }

  /// Returns the critic's losses for the real and generated examples at its input, and adds their
  /// gradient to ``criticGradient``.
  ///
  /// If there is a gradient penalty, interpolated examples overwrite the real ones. `labels` are
  /// those of the real examples and also of the generated ones; empty if the networks have none.
  package func criticLosses(
    _ weights: NetworkWeights, _ draws: CriticDraws, labels: [Int] = [], _ engine: Engine
  ) -> StepLosses {
    var pass = pass(weights, 0..<2 * batch, engine)
    pass.shifts = draws.shifts
    gan.critic.forward(critic, pass)
    var losses = StepLosses()
    losses.wasserstein = mean(values(real, labels)) - mean(values(generated, labels))
    losses.criticLoss =
      lossSettingSlopes(real, labels, realTerm)
      + lossSettingSlopes(generated, labels, loss.criticTerm(generated:))
    gan.critic.backward(critic, reachingInput: false, pass)
    gan.critic.accumulateGradient(critic, into: criticGradient, pass)
    guard let penalty else { return losses }

    interpolate(draws.interpolations, engine)
    pass.examples = interpolated
    pass.shifts = draws.interpolatedShifts
    gan.critic.forward(critic, pass)
    setSlopes(interpolated, labels) { _ in 1 }
    losses.gradientPenalty = penalty.accumulate(critic, into: criticGradient, pass)
    losses.criticLoss += penalty.weight * losses.gradientPenalty
    return losses
  }

  /// Returns the generator's loss for the generated examples, and adds its gradient to
  /// ``generatorGradient``.
  ///
  /// `labels` are those of the generated examples; empty if the networks have none.
  package func generatorLoss(
    _ generatorWeights: NetworkWeights, _ criticWeights: NetworkWeights, _ shifts: PhaseShifts,
    labels: [Int] = [], _ engine: Engine
  ) -> Float {
    // Without statistics, so that the moving statistics of the critic do not change.
    var pass = pass(.init(parameters: criticWeights.parameters), generated, engine)
    pass.shifts = shifts
    gan.critic.forward(critic, pass)
    let value = lossSettingSlopes(generated, labels, loss.generatorTerm)
    gan.critic.backward(critic, reachingInput: true, pass)

    pass = self.pass(.init(parameters: generatorWeights.parameters), 0..<batch, engine)
    gan.generator.backward(generator, reachingInput: false, pass)
    gan.generator.accumulateGradient(generator, into: generatorGradient, pass)
    return value
  }

  /// Returns a pass of training, in which each batch is normalized by its own statistics.
  private func pass(_ weights: NetworkWeights, _ examples: Range<Int>, _ engine: Engine) -> Pass {
    var pass = Pass(weights, examples: examples, engine: engine)
    pass.normalization = .groups(of: batch)
    return pass
  }

  private func realTerm(_ value: Float) -> LossTerm {
    let term = loss.criticTerm(real: value)
    return LossTerm(
      term.value + driftWeight * value * value, term.slope + 2 * driftWeight * value)
  }

  /// Replaces the real examples `x` by `x + a (G − x)`, with generated examples `G`.
  private func interpolate(_ positions: [Float], _ engine: Engine) {
    engine.run(over: 0..<batch, by: 1) { example, _ in
      let index = example.lowerBound
      let values = critic.input.examples(example)
      let towards = critic.input.examples(batch + index..<batch + index + 1)
      unsafe specgan_interpolate(values.start, towards.start, positions[index], values.count)
    }
  }
}

// MARK: - The critic's values

extension Plan {
  /// Returns the index of the value of `example` in the critic's output.
  private func outputIndex(of example: Int, _ labels: [Int]) -> Int {
    gan.labelCount == 0 ? example : example * gan.labelCount + labels[example % batch]
  }

  /// Returns the critic's values of `examples`, each for its own label.
  private func values(_ examples: Range<Int>, _ labels: [Int]) -> [Float] {
    critic.output.withSpan { output in examples.map { output[outputIndex(of: $0, labels)] } }
  }

  /// Returns the mean of `term` over the critic's values of `examples`, and writes the derivatives
  /// to the cotangent of the critic's output.
  private func lossSettingSlopes(
    _ examples: Range<Int>, _ labels: [Int], _ term: (Float) -> LossTerm
  ) -> Float {
    let terms = values(examples, labels).map(term)
    setSlopes(examples, labels) { terms[$0 - examples.lowerBound].slope / Float(batch) }
    return mean(terms.map(\.value))
  }

  /// Writes `slope` of each of `examples`, for its own label, to the cotangent of the critic's
  /// output.
  private func setSlopes(_ examples: Range<Int>, _ labels: [Int], _ slope: (Int) -> Float) {
    critic.outputCotangent.examples(examples).fill(0)
    critic.outputCotangent.withMutableSpan { slopes in
      for example in examples { slopes[outputIndex(of: example, labels)] = slope(example) }
    }
  }

  private func mean(_ values: [Float]) -> Float {
    Float(values.reduce(0) { $0 + Double($1) } / Double(values.count))
  }
}

extension GAN {
  /// The critic as a piecewise linear network.
  ///
  /// - Precondition: the critic is piecewise linear.
  fileprivate var piecewiseLinearCritic: PiecewiseLinearNetwork {
    guard let critic = PiecewiseLinearNetwork(critic) else {
      trap("the gradient penalty needs a critic that is piecewise linear")
    }
    return critic
  }
}

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
