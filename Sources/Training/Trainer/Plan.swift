package import Models
package import Networks
package import Tensors

/// The memory of a run, made once, and the losses computed in it.
///
/// The critic sees three groups of a batch at once: interpolated, real and generated examples. The
/// interpolated come first, because they alone have tangents.
package struct Plan {
  package let gan: GAN
  package let batch: Int
  package let generator: Workspace
  package let critic: Workspace
  package let generatorGradient: Parameters
  package let criticGradient: Parameters

  package init(_ gan: GAN, batch: Int, engine: Engine) {
    self.gan = gan
    self.batch = batch
    generator = Workspace(gan.generator, examples: batch, withCotangents: true, engine: engine)
    critic = Workspace(
      gan.critic.network, examples: 3 * batch, withCotangents: true, tangentExamples: batch,
      engine: engine)
    generatorGradient = Parameters(gan.generator.layout)
    criticGradient = Parameters(gan.critic.network.layout)
  }

  package var interpolated: Range<Int> { 0..<batch }
  package var real: Range<Int> { batch..<2 * batch }
  package var generated: Range<Int> { 2 * batch..<3 * batch }

  /// Copies the generator's output to the critic's input.
  package func placeGenerated() {
    critic.input.copy(0..<batch, of: generator.output, to: generated.lowerBound)
  }

  /// `x̂ = x + a (G − x)`, with `a` from `interpolations`.
  package func placeInterpolated(_ interpolations: [Float], _ engine: Engine) {
    let input = critic.input
    engine.run(over: 0..<batch, by: 1) { place, _ in
      let index = place.lowerBound
      input.withExamples(batch + index..<batch + index + 1) { real in
        input.withExamples(2 * batch + index..<2 * batch + index + 1) { generated in
          input.withMutableExamples(place) { between in
            interpolate(real, generated, interpolations[index], into: &between)
          }
        }
      }
    }
  }

  /// The critic's losses for what lies at its input, adding their gradient to ``criticGradient``.
  package func criticLosses(
    _ parameters: Parameters, _ penaltyWeight: Float, _ shifts: PhaseShifts, _ engine: Engine
  ) -> Losses {
    let network = gan.critic.network
    var pass = Pass(parameters: parameters, examples: 0..<3 * batch, engine: engine)
    pass.shifts = shifts
    network.forward(critic, pass)
    let wasserstein = mean(critic.output, real) - mean(critic.output, generated)

    pass.examples = interpolated
    let penalty = GradientPenalty(critic: gan.critic, weight: penaltyWeight)
      .accumulate(critic, into: criticGradient, pass)

    pass.examples = real.lowerBound..<generated.upperBound
    fillOutputCotangent(critic, real, -1 / Float(batch))
    fillOutputCotangent(critic, generated, 1 / Float(batch))
    network.backward(critic, reachingInput: false, pass)
    network.accumulateGradient(critic, into: criticGradient, pass)
    return Losses(
      criticLoss: penaltyWeight * penalty - wasserstein, wasserstein: wasserstein,
      gradientPenalty: penalty, generatorLoss: 0)
  }

  /// The generator's loss for what it last generated, adding its gradient to ``generatorGradient``.
  package func generatorLoss(
    _ generatorParameters: Parameters, _ criticParameters: Parameters, _ shifts: PhaseShifts,
    _ engine: Engine
  ) -> Float {
    let shown = 0..<batch
    critic.input.copy(shown, of: generator.output, to: 0)
    var pass = Pass(parameters: criticParameters, examples: shown, engine: engine)
    pass.shifts = shifts
    gan.critic.network.forward(critic, pass)
    let loss = -mean(critic.output, shown)
    fillOutputCotangent(critic, shown, -1 / Float(batch))
    gan.critic.network.backward(critic, reachingInput: true, pass)

    generator.outputCotangent.copy(
      shown, of: critic.inputCotangent, to: 0)
    pass.parameters = generatorParameters
    gan.generator.backward(generator, reachingInput: false, pass)
    gan.generator.accumulateGradient(generator, into: generatorGradient, pass)
    return loss
  }

  private func fillOutputCotangent(_ workspace: Workspace, _ examples: Range<Int>, _ value: Float) {
    workspace.outputCotangent.withMutableExamples(examples) { span in
      for index in 0..<span.count { span[index] = value }
    }
  }

  private func mean(_ values: Tensor, _ examples: Range<Int>) -> Float {
    values.withExamples(examples) { span in
      var sum = 0.0
      for index in 0..<span.count { sum += Double(span[index]) }
      return Float(sum / Double(span.count))
    }
  }
}

private func interpolate(
  _ real: Span<Float>, _ generated: Span<Float>, _ position: Float,
  into between: inout MutableSpan<Float>
) {
  for index in 0..<between.count {
    between[index] = real[index] + position * (generated[index] - real[index])
  }
}
