internal import CSpecGANKernels
package import Networks
internal import SpecGANErrors
package import SpecGANModels
package import SpecGANTensors
internal import SpecGANWorkers

/// The memory of training, allocated once, and the computation of losses in it.
///
/// The critic's input has room for two batches: real examples, then generated ones. For the
/// gradient penalty of wgan-gp, interpolated examples overwrite the real ones. The generator writes
/// its output directly to the second batch, unless examples are augmented.
package final class Plan: Sendable {
  package let gan: GAN
  package let batch: Int
  package let generator: Workspace
  package let critic: Workspace
  package let generatorGradient: Parameters
  package let criticGradient: Parameters
  private let loss: Loss
  private let driftWeight: Float
  /// The gradient penalty of wgan-gp; nil for other losses.
  private let penalty: GradientPenalty?
  /// The penalties R1 and R2; nil if their weight is 0.
  private let zeroCentered: ZeroCenteredPenalty?
  /// The augmenter of examples; nil if they are not augmented.
  let augmenter: (any Augmenter)?

  /// Allocates the memory for `gan` and the loss of `training`.
  ///
  /// - Precondition: the critic is piecewise linear if there is a gradient penalty.
  package init(
    _ gan: GAN, _ training: TrainingConfiguration, augmenter: (any Augmenter)? = nil,
    engine: Engine
  ) {
    self.gan = gan
    self.augmenter = augmenter
    batch = training.batchSize
    loss = training.loss
    driftWeight = training.driftWeight
    penalty =
      loss.hasGradientPenalty
      ? GradientPenalty(critic: gan.piecewiseLinearCritic, weight: training.penaltyWeight) : nil
    let gradientWeight = training.resolved.gradientWeight ?? 0
    zeroCentered =
      gradientWeight > 0
      ? ZeroCenteredPenalty(critic: gan.piecewiseLinearCritic, weight: gradientWeight) : nil
    critic = Workspace(
      differentiating: gan.critic, examples: 2 * batch,
      tangentExamples: zeroCentered != nil ? 2 * batch : penalty != nil ? batch : 0,
      engine: engine)
    let second = batch..<2 * batch
    generator =
      augmenter == nil
      ? Workspace(
        differentiating: gan.generator, output: critic.input.examples(second),
        outputCotangent: critic.inputCotangent.examples(second), engine: engine)
      : Workspace(differentiating: gan.generator, examples: batch, engine: engine)
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
    /// The factor of the penalties R1 and R2 in this update; 0 if they are not due.
    package var penaltyFactor: Float

    package init(
      interpolations: [Float], shifts: PhaseShifts = .init(),
      interpolatedShifts: PhaseShifts = .init(), penaltyFactor: Float = 1
    ) {
      self.interpolations = interpolations
      self.shifts = shifts
      self.interpolatedShifts = interpolatedShifts
      self.penaltyFactor = penaltyFactor
    }
  }

  /// Generates samples from the latents at the generator's input; they become the generated
  /// examples, with augmentation after ``augmentGenerated(_:_:)``.
  package func generate(_ weights: NetworkWeights, _ engine: Engine) {
    gan.generator.forward(generator, pass(weights, 0..<batch, engine))
  }

  /// Writes the generated examples to the critic's input, transformed by `draws`; without an
  /// augmenter they are there already.
  package func augmentGenerated(_ draws: [AugmentationDraw], _ engine: Engine) {
    guard let augmenter else { return }
    engine.run(over: 0..<batch, by: 1) { example, _ in
      let index = example.lowerBound
      augmenter.apply(
        draws[index], to: generator.output.examples(example),
        into: critic.input.examples(batch + index..<batch + index + 1))
    }
  }

  /// Writes the cotangents of the generator's output, from those of the transformed examples.
  private func pullBackGenerated(_ draws: [AugmentationDraw], _ engine: Engine) {
    guard let augmenter else { return }
    engine.run(over: 0..<batch, by: 1) { example, _ in
      let index = example.lowerBound
      augmenter.pullBack(
        draws[index], of: generator.output.examples(example),
        cotangent: critic.inputCotangent.examples(batch + index..<batch + index + 1),
        into: generator.outputCotangent.examples(example))
    }
  }

  /// Returns the critic's losses for the real and generated examples at its input, and adds their
  /// gradient to ``criticGradient``.
  ///
  /// For wgan-gp, interpolated examples overwrite the real ones. `labels` are those of the real
  /// examples and also of the generated ones; empty if the networks have none.
  package func criticLosses(
    _ weights: NetworkWeights, _ draws: CriticDraws, labels: [Int] = [], _ engine: Engine
  ) -> StepLosses {
    var pass = pass(weights, 0..<2 * batch, engine)
    pass.shifts = draws.shifts
    gan.critic.forward(critic, pass)
    var losses = StepLosses()
    let (real, generated) = (values(real, labels), values(generated, labels))
    (losses.realMean, losses.generatedMean) = (mean(real), mean(generated))
    losses.wasserstein = losses.realMean - losses.generatedMean
    let separations = loss.isOfPairs ? zip(real, generated).map { $0 - $1 } : real
    losses.separation = mean(separations.map { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 })
    let terms = (
      real: zip(real, generated).map { realTerm($0, against: $1) },
      generated: zip(generated, real).map { loss.criticTerm(generated: $0, against: $1) }
    )
    losses.criticLoss = mean(terms.real.map(\.value)) + mean(terms.generated.map(\.value))
    let slopes = (terms.real + terms.generated).map { $0.slope / Float(batch) }
    if let zeroCentered, draws.penaltyFactor > 0 {
      setSlopes(0..<2 * batch, labels) { _ in 1 }
      let found = zeroCentered.accumulate(
        critic, factor: draws.penaltyFactor, batch: batch, into: criticGradient, pass)
      losses.gradientPenalty = found
      losses.criticLoss += zeroCentered.weight / 2 * found
      critic.scaleCotangents(by: slopes, pass)
    } else {
      setSlopes(0..<2 * batch, labels) { slopes[$0] }
      gan.critic.backward(critic, reachingInput: false, pass)
    }
    gan.critic.accumulateGradient(critic, into: criticGradient, pass)
    guard let penalty else { return losses }

    interpolate(draws.interpolations, engine)
    pass.examples = interpolated
    pass.shifts = draws.interpolatedShifts
    gan.critic.forward(critic, pass)
    setSlopes(interpolated, labels) { _ in 1 }
    let found = penalty.accumulate(critic, into: criticGradient, pass)
    losses.gradientPenalty = found
    losses.criticLoss += penalty.weight * found
    return losses
  }

  /// Returns the generator's loss for the generated examples, and adds its gradient to
  /// ``generatorGradient``.
  ///
  /// A loss of pairs compares them with the real examples at the critic's input. `labels` are those
  /// of both; empty if the networks have none. `augmentations` are those of the generated examples;
  /// empty without an augmenter.
  package func generatorLoss(
    _ generatorWeights: NetworkWeights, _ criticWeights: NetworkWeights, _ shifts: PhaseShifts,
    labels: [Int] = [], augmentations: [AugmentationDraw] = [], _ engine: Engine
  ) -> Float {
    augmentGenerated(augmentations, engine)
    // Without statistics, so that the moving statistics of the critic do not change.
    var pass = pass(
      .init(parameters: criticWeights.parameters), loss.isOfPairs ? 0..<2 * batch : generated,
      engine)
    pass.shifts = shifts
    gan.critic.forward(critic, pass)
    let made = values(generated, labels)
    let others = loss.isOfPairs ? values(real, labels) : made
    let terms = zip(made, others).map { loss.generatorTerm($0, against: $1) }
    pass.examples = generated
    setSlopes(generated, labels) { terms[$0 - generated.lowerBound].slope / Float(batch) }
    gan.critic.backward(critic, reachingInput: true, pass)
    pullBackGenerated(augmentations, engine)

    pass = self.pass(.init(parameters: generatorWeights.parameters), 0..<batch, engine)
    gan.generator.backward(generator, reachingInput: false, pass)
    gan.generator.accumulateGradient(generator, into: generatorGradient, pass)
    return mean(terms.map(\.value))
  }

  /// Returns a pass of training, in which each batch is normalized by its own statistics.
  private func pass(_ weights: NetworkWeights, _ examples: Range<Int>, _ engine: Engine) -> Pass {
    var pass = Pass(weights, examples: examples, engine: engine)
    pass.normalization = .groups(of: batch)
    return pass
  }

  private func realTerm(_ value: Float, against generated: Float) -> LossTerm {
    let term = loss.criticTerm(real: value, against: generated)
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
    // Values and cotangents of two batches; the penalties R1 and R2 also keep tangents.
    let criticPlaces = training.resolved.gradientWeight ?? 0 > 0 ? 3 * 2 : 2 * 2
    let places =
      training.batchSize * (2 * gan.generator.placeCount + criticPlaces * gan.critic.placeCount)
    return MemoryLayout<Float>.stride * (parameters + places)
  }
}
