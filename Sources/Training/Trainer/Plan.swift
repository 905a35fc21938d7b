internal import CKernels
package import Models
package import Networks
package import Tensors

/// The memory of a run, made once, and the losses computed in it.
///
/// The critic has places for two batches: real and generated examples first, then, in place of the real
/// ones, what lies between them. The generator's output is the second batch of the critic's input.
package struct Plan {
  package let gan: GAN
  private let piecewiseLinearCritic: PiecewiseLinearNetwork
  package let batch: Int
  package let generator: Workspace
  package let critic: Workspace
  package let generatorGradient: Parameters
  package let criticGradient: Parameters

  package init(_ gan: GAN, batch: Int, engine: Engine) {
    guard let critic = PiecewiseLinearNetwork(gan.critic) else {
      preconditionFailure("the gradient penalty needs a critic that is piecewise linear")
    }
    piecewiseLinearCritic = critic
    self.gan = gan
    self.batch = batch
    self.critic = Workspace(
      differentiating: gan.critic, examples: 2 * batch, tangentExamples: batch,
      engine: engine)
    let second = batch..<2 * batch
    generator = Workspace(
      differentiating: gan.generator, output: self.critic.input.examples(second),
      outputCotangent: self.critic.inputCotangent.examples(second), engine: engine)
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

  /// The critic's losses for the real and generated examples at its input, adding their gradient to
  /// ``criticGradient``; interpolated examples are in place of the real ones then.
  package func criticLosses(
    _ parameters: Parameters, _ penaltyWeight: Float, _ draws: CriticDraws, _ engine: Engine
  ) -> Losses {
    let network = gan.critic
    var pass = Pass(parameters: parameters, examples: 0..<2 * batch, engine: engine)
    pass.shifts = draws.shifts
    network.forward(critic, pass)
    let wasserstein = mean(critic.output, real) - mean(critic.output, generated)
    critic.outputCotangent.examples(real).fill(-1 / Float(batch))
    critic.outputCotangent.examples(generated).fill(1 / Float(batch))
    network.backward(critic, reachingInput: false, pass)
    network.accumulateGradient(critic, into: criticGradient, pass)

    interpolate(draws.interpolations, engine)
    pass.examples = interpolated
    pass.shifts = draws.interpolatedShifts
    network.forward(critic, pass)
    let penalty = GradientPenalty(critic: piecewiseLinearCritic, weight: penaltyWeight)
      .accumulate(critic, into: criticGradient, pass)
    var losses = Losses()
    losses.criticLoss = penaltyWeight * penalty - wasserstein
    losses.wasserstein = wasserstein
    losses.gradientPenalty = penalty
    return losses
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

  /// The generator's loss for what it last generated, adding its gradient to ``generatorGradient``.
  package func generatorLoss(
    _ generatorParameters: Parameters, _ criticParameters: Parameters, _ shifts: PhaseShifts,
    _ engine: Engine
  ) -> Float {
    var pass = Pass(parameters: criticParameters, examples: generated, engine: engine)
    pass.shifts = shifts
    gan.critic.forward(critic, pass)
    let loss = -mean(critic.output, generated)
    critic.outputCotangent.examples(generated).fill(-1 / Float(batch))
    gan.critic.backward(critic, reachingInput: true, pass)

    pass = Pass(parameters: generatorParameters, examples: 0..<batch, engine: engine)
    gan.generator.backward(generator, reachingInput: false, pass)
    gan.generator.accumulateGradient(generator, into: generatorGradient, pass)
    return loss
  }

  private func mean(_ values: Tensor, _ examples: Range<Int>) -> Float {
    values.examples(examples).withSpan { span in
      var sum = 0.0
      for index in 0..<span.count { sum += Double(span[index]) }
      return Float(sum / Double(span.count))
    }
  }
}
