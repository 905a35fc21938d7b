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
  /// The number of this member's examples of a batch.
  package let batch: Int
  /// The number of examples of a whole batch.
  private let wholeBatch: Int
  private let members: (any Members)?
  package let generator: Workspace
  package let critic: Workspace
  package let generatorGradient: ShardedGradient
  package let criticGradient: ShardedGradient
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
  /// - Precondition: the critic is twice differentiable if there is a gradient penalty.
  package init(
    _ gan: GAN, _ training: TrainingConfiguration, augmenter: (any Augmenter)? = nil,
    members: (any Members)? = nil, engine: Engine
  ) {
    self.gan = gan
    self.augmenter = augmenter
    self.members = members
    wholeBatch = training.batchSize
    batch = training.batchSize / (members?.count ?? 1)
    loss = training.loss
    driftWeight = training.driftWeight
    penalty =
      loss.hasGradientPenalty
      ? GradientPenalty(critic: gan.twiceDifferentiableCritic, weight: training.penaltyWeight) : nil
    let gradientWeight = training.resolved.gradientWeight ?? 0
    zeroCentered =
      gradientWeight > 0
      ? ZeroCenteredPenalty(critic: gan.twiceDifferentiableCritic, weight: gradientWeight) : nil
    critic = Workspace(
      differentiating: gan.critic, examples: 2 * batch,
      tangentExamples: zeroCentered != nil ? 2 * batch : penalty != nil ? batch : 0,
      engine: engine)
    let second = batch..<2 * batch
    let variants = training.mixesStyles(of: gan) ? 2 : 1
    generator =
      augmenter == nil
      ? Workspace(
        differentiating: gan.generator, output: critic.input.examples(second),
        outputCotangent: critic.inputCotangent.examples(second), styleVariants: variants,
        engine: engine)
      : Workspace(
        differentiating: gan.generator, examples: batch, styleVariants: variants, engine: engine)
    generatorGradient = ShardedGradient(
      gan.generator.layout, batch: wholeBatch, shards: training.shards, members: members)
    criticGradient = ShardedGradient(
      gan.critic.layout, batch: wholeBatch, shards: training.shards, members: members)
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

  /// Generates samples from this member's part of `input`; they become the generated examples, with
  /// augmentation after ``augmentGenerated(_:_:)``.
  package func generate(
    _ input: GeneratorInput, _ weights: NetworkWeights, _ engine: Engine
  ) {
    gan.place(input.latents, labels: input.labels, into: generator.input)
    if let mixing = input.mixing {
      gan.place(mixing.latents, labels: input.labels, into: generator.input(ofVariant: 1))
    }
    var pass = pass(weights, 0..<batch, engine)
    pass.mixing = input.mixing?.choice
    pass.noise = input.noise
    gan.generator.forward(generator, pass)
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
  /// gradient to the total of ``criticGradient``.
  ///
  /// For wgan-gp, interpolated examples overwrite the real ones. `labels` are those of the real
  /// examples and also of the generated ones; empty if the networks have none. `body` is called
  /// once when the examples are no longer needed.
  package func criticLosses(
    _ weights: NetworkWeights, _ draws: CriticDraws, labels: [Int] = [], _ engine: Engine,
    meanwhile body: () -> Void = {}
  ) -> StepLosses {
    var pass = pass(weights, 0..<2 * batch, engine)
    pass.shifts = draws.shifts
    gan.critic.forward(critic, pass)
    var losses = StepLosses()
    let (real, generated) = (gathered(values(real, labels)), gathered(values(generated, labels)))
    (losses.realMean, losses.generatedMean) = (mean(real), mean(generated))
    losses.wasserstein = losses.realMean - losses.generatedMean
    let separations = loss.isOfPairs ? zip(real, generated).map { $0 - $1 } : real
    losses.separation = mean(separations.map { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 })
    let terms = (
      real: zip(real, generated).map { realTerm($0, against: $1) },
      generated: zip(generated, real).map { loss.criticTerm(generated: $0, against: $1) }
    )
    losses.criticLoss = mean(terms.real.map(\.value)) + mean(terms.generated.map(\.value))
    let slopes = (own(terms.real) + own(terms.generated)).map { $0.slope / Float(wholeBatch) }
    if let zeroCentered, draws.penaltyFactor > 0 {
      setSlopes(0..<2 * batch, labels) { _ in 1 }
      let norms = zeroCentered.accumulate(
        critic, factor: draws.penaltyFactor, batch: wholeBatch, into: criticGradient, pass)
      let found = gathered(norms, batches: 2).reduce(0) { $0 + $1 * $1 } / Float(wholeBatch)
      losses.gradientPenalty = found
      losses.criticLoss += zeroCentered.weight / 2 * found
      critic.scaleCotangents(by: slopes, pass)
    } else {
      setSlopes(0..<2 * batch, labels) { slopes[$0] }
      gan.critic.backward(critic, reachingInput: false, pass)
    }
    criticGradient.accumulate(pass) { gan.critic.accumulateGradient(critic, into: $0, $1) }
    if let zeroCentered, draws.penaltyFactor > 0 {
      criticGradient.accumulateCurvature(of: zeroCentered.critic, critic, pass)
    }
    defer { criticGradient.addUp(on: engine, meanwhile: body) }
    guard let penalty else { return losses }

    interpolate(draws.interpolations, engine)
    pass.examples = interpolated
    pass.shifts = draws.interpolatedShifts
    gan.critic.forward(critic, pass)
    setSlopes(interpolated, labels) { _ in 1 }
    let norms = penalty.accumulate(critic, batch: wholeBatch, into: criticGradient, pass)
    let found = gathered(norms).reduce(0) { $0 + ($1 - 1) * ($1 - 1) } / Float(wholeBatch)
    losses.gradientPenalty = found
    losses.criticLoss += penalty.weight * found
    return losses
  }

  /// Returns the mean of the critic's values for the real examples at its input. `shifts` begin
  /// with those of real examples.
  func criticMean(
    _ weights: NetworkWeights, _ shifts: PhaseShifts, labels: [Int], _ engine: Engine
  ) -> Float {
    // Without statistics, so that the moving statistics of the critic do not change.
    var pass = pass(weights.withoutStatistics, real, engine)
    pass.shifts = shifts
    gan.critic.forward(critic, pass)
    return mean(gathered(values(real, labels)))
  }

  /// Returns the generator's loss for the generated examples, and adds its gradient to
  /// the total of ``generatorGradient``.
  ///
  /// A loss of pairs compares them with the real examples at the critic's input. `labels` are those
  /// of both; empty if the networks have none. `augmentations` are those of the generated examples;
  /// empty without an augmenter. `mixing` is the style mixing of the generated examples.
  package func generatorLoss(
    _ generatorWeights: NetworkWeights, _ criticWeights: NetworkWeights, _ shifts: PhaseShifts,
    labels: [Int] = [], augmentations: [AugmentationDraw] = [], mixing: StyleMixing? = nil,
    _ engine: Engine
  ) -> Float {
    augmentGenerated(augmentations, engine)
    // Without statistics, so that the moving statistics of the critic do not change.
    var pass = pass(
      criticWeights.withoutStatistics, loss.isOfPairs ? 0..<2 * batch : generated, engine)
    pass.shifts = shifts
    gan.critic.forward(critic, pass)
    let made = gathered(values(generated, labels))
    let others = loss.isOfPairs ? gathered(values(real, labels)) : made
    let terms = zip(made, others).map { loss.generatorTerm($0, against: $1) }
    let slopes = own(terms).map { $0.slope / Float(wholeBatch) }
    pass.examples = generated
    setSlopes(generated, labels) { slopes[$0 - generated.lowerBound] }
    gan.critic.backward(critic, reachingInput: true, pass)
    pullBackGenerated(augmentations, engine)

    pass = self.pass(generatorWeights.withoutStatistics, 0..<batch, engine)
    pass.mixing = mixing
    gan.generator.backward(generator, reachingInput: false, pass)
    generatorGradient.accumulate(pass) {
      gan.generator.accumulateGradient(generator, into: $0, $1)
    }
    generatorGradient.addUp(on: engine)
    return mean(terms.map(\.value))
  }

  /// Returns a pass of training, in which each batch is normalized by its own statistics.
  private func pass(_ weights: NetworkWeights, _ examples: Range<Int>, _ engine: Engine) -> Pass {
    var pass = Pass(weights, examples: examples, engine: engine)
    pass.normalization = .groups(of: batch)
    pass.shardSize = criticGradient.shardSize
    pass.adder = members
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

// MARK: - The members' values

extension Plan {
  /// Returns the values of all members' examples, of which `values` are this member's in `batches`
  /// batches; in the order of the whole batches.
  private func gathered(_ values: [Float], batches: Int = 1) -> [Float] {
    guard let members else { return values }
    let all = members.gather(values)
    let size = values.count / batches
    var whole: [Float] = []
    for batch in 0..<batches {
      for member in 0..<members.count {
        let first = member * values.count + batch * size
        whole += all[first..<first + size]
      }
    }
    return whole
  }

  /// Returns those of a batch's `terms` that are of this member's examples.
  private func own(_ terms: [LossTerm]) -> [LossTerm] {
    BatchPart(of: wholeBatch, members).elements(of: terms)
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
  /// The critic as a twice differentiable network.
  ///
  /// - Precondition: every layer of the critic is ``TwiceDifferentiable``.
  fileprivate var twiceDifferentiableCritic: TwiceDifferentiableNetwork {
    guard let critic = TwiceDifferentiableNetwork(critic) else {
      trap("the gradient penalty needs a critic that is twice differentiable")
    }
    return critic
  }
}

/// The memory of training, computed before it is allocated.
package enum TrainingMemory {
  /// Returns the memory that training `gan` needs in each of `members` processes, in bytes.
  ///
  /// It is the sum of weights, gradients of all shards, states of the optimizers, averages and the
  /// workspaces of ``Plan``. Temporary buffers are not included, because they are small in
  /// comparison. Networks that grow need most while they blend the last two levels, or afterwards.
  package static func needed(
    _ gan: GAN, _ training: TrainingConfiguration, members: Int = 1
  ) -> Int {
    guard let growth = gan.growth else { return neededNow(gan, training, members: members) }
    let last = growth.levels.count - 1
    let blends = training.growingShare > 0 ? [GrowthStage(level: last, blend: 1)] : []
    return (blends + [GrowthStage(level: last)])
      .map { neededNow(gan.at($0), training, members: members) }.reduce(0, max)
  }

  private static func neededNow(
    _ gan: GAN, _ training: TrainingConfiguration, members: Int
  ) -> Int {
    let (generator, critic) = (gan.generator.layout.count, gan.critic.layout.count)
    let slots = training.newOptimizer(for: ParameterLayout()).slots.count
    let averages = training.averageDecay > 0 ? generator : 0
    // A checkpoint has the generator's normalized weights once more.
    let normalized =
      (gan.criticNormalization == .spectral ? critic : 0)
      + (gan.generatorIsSpectral ? 2 * generator : 0)
    let parameters =
      (1 + training.shards / members + slots) * (generator + critic) + averages + normalized
    // Buffers of the mapping network for the second variant.
    let mixed = training.mixesStyles(of: gan) ? gan.generator.mappingPlaceCount : 0
    // Values and cotangents of two batches; the penalties R1 and R2 also keep tangents, of both.
    let penalties =
      training.resolved.gradientWeight ?? 0 > 0 ? 2 : training.loss.hasGradientPenalty ? 1 : 0
    let derivatives = penalties == 2 ? 2 * 2 : 2
    let places =
      2 * (gan.generator.placeCount + mixed) + (2 + derivatives) * gan.critic.placeCount
      + penalties * gan.critic.curvedCount
    let kept =
      gan.generator.keptCounts.values + gan.generator.keptCounts.derivatives
      + gan.generator.keptCounts.branches + 2 * gan.critic.keptCounts.values
      + (derivatives + penalties) * gan.critic.keptCounts.derivatives
      + derivatives * gan.critic.keptCounts.branches
    // Checkpoints have standing statistics, which one member computes for whole batches.
    let standing =
      averages > 0 && gan.generator.statistics.count > 0
      ? training.batchSize * gan.generator.placeCount : 0
    return MemoryLayout<Float>.stride
      * (parameters + training.batchSize / members * (places + kept) + standing
        + gan.generator.keptCounts.shared + gan.critic.keptCounts.shared)
  }
}
