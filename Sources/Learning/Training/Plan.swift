internal import CSpecGANKernels
package import Networks
package import SpecGANModels
package import SpecGANTensors

/// The memory of a run, made once, and the losses computed in it.
///
/// The critic has places for two batches: real and generated examples first, then, for the gradient
/// penalty, what lies between them in place of the real ones. The generator's output is the second
/// batch of the critic's input.
package final class Plan: Sendable {
  package let gan: GAN
  package let batch: Int
  package let generator: Workspace
  package let critic: Workspace
  package let generatorGradient: Parameters
  package let criticGradient: Parameters
  private let loss: Loss
  private let driftWeight: Float
  /// nil where the loss has none.
  private let penalty: GradientPenalty?

  /// The memory for `gan` and the losses of `training`.
  ///
  /// - Precondition: a loss with a gradient penalty has a critic that is piecewise linear.
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

  /// What the critic's update needs beside the examples.
  package struct CriticDraws {
    /// How far from real to generated each example is interpolated, in `[0, 1)`.
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

  /// Makes samples of the latents at the generator's input, which are the generated examples then.
  package func generate(_ weights: NetworkWeights, _ engine: Engine) {
    gan.generator.forward(generator, pass(weights, 0..<batch, engine))
  }

  /// The critic's losses for the real and generated examples at its input, adding their gradient to
  /// ``criticGradient``; where there is a penalty, interpolated examples are in place of the real
  /// ones then.
  ///
  /// `labels` are those of the real examples and of the generated ones; none where the networks
  /// know of none.
  package func criticLosses(
    _ weights: NetworkWeights, _ draws: CriticDraws, labels: [Int] = [], _ engine: Engine
  ) -> Losses {
    var pass = pass(weights, 0..<2 * batch, engine)
    pass.shifts = draws.shifts
    gan.critic.forward(critic, pass)
    var losses = Losses()
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

  /// The generator's loss for what it last generated, adding its gradient to ``generatorGradient``.
  ///
  /// `labels` are those of the generated examples; none where the networks know of none.
  package func generatorLoss(
    _ generatorWeights: NetworkWeights, _ criticWeights: NetworkWeights, _ shifts: PhaseShifts,
    labels: [Int] = [], _ engine: Engine
  ) -> Float {
    // The critic is only asked: its moving statistics stay.
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

  /// A pass in training: what is normalised by batches, is by its own.
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

  /// `x̂ = x + a (G − x)` in place of `x`.
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
  /// Where the value of `example` lies among the critic's outputs.
  private func place(of example: Int, _ labels: [Int]) -> Int {
    gan.labelCount == 0 ? example : example * gan.labelCount + labels[example % batch]
  }

  /// The critic's values of `examples`, each for its own label.
  private func values(_ examples: Range<Int>, _ labels: [Int]) -> [Float] {
    critic.output.withSpan { output in examples.map { output[place(of: $0, labels)] } }
  }

  /// The mean of `term` of the critic's values of `examples`, whose derivatives go to where the way
  /// back starts.
  private func lossSettingSlopes(
    _ examples: Range<Int>, _ labels: [Int], _ term: (Float) -> LossTerm
  ) -> Float {
    let terms = values(examples, labels).map(term)
    setSlopes(examples, labels) { terms[$0 - examples.lowerBound].slope / Float(batch) }
    return mean(terms.map(\.value))
  }

  /// Puts `slope` of each of `examples` to where the way back starts, for its own label.
  private func setSlopes(_ examples: Range<Int>, _ labels: [Int], _ slope: (Int) -> Float) {
    critic.outputCotangent.examples(examples).fill(0)
    critic.outputCotangent.withMutableSpan { slopes in
      for example in examples { slopes[place(of: example, labels)] = slope(example) }
    }
  }

  private func mean(_ values: [Float]) -> Float {
    Float(values.reduce(0) { $0 + Double($1) } / Double(values.count))
  }
}

extension GAN {
  /// - Precondition: the critic is piecewise linear.
  fileprivate var piecewiseLinearCritic: PiecewiseLinearNetwork {
    guard let critic = PiecewiseLinearNetwork(critic) else {
      preconditionFailure("the gradient penalty needs a critic that is piecewise linear")
    }
    return critic
  }
}
