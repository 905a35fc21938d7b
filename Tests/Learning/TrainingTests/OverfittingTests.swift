import Networks
import SpecGANDatasets
import SpecGANModels
import SpecGANTensors
import SpecGANTestSupport
import SpecGANTraining
import Testing

/// The measure of overfitting for adaptive augmentation of the Wasserstein losses.
@Suite struct OverfittingTests {
  @Test func itIsTheShareOfTheDifference() {
    var losses = StepLosses()
    (losses.realMean, losses.generatedMean) = (3, -1)
    #expect(losses.overfitting(validationMean: 3) == 0)
    #expect(losses.overfitting(validationMean: 2) == 0.25)
    #expect(losses.overfitting(validationMean: -1) == 1)
    #expect(losses.overfitting(validationMean: -9) == 1)
    #expect(losses.overfitting(validationMean: 9) == -1)
    losses.generatedMean = 3
    #expect(losses.overfitting(validationMean: 3) == 0, "0 / 0")
    #expect(losses.overfitting(validationMean: 2) == 1, "1 / 0")
  }

  /// A trainer at step 0, with as many examples for validation as a batch has.
  private func trainer(
    _ kind: ModelKind, conditional: Bool, threads: Int, probability: Float = 0.8
  ) -> (trainer: Trainer, examples: Tensor) {
    var network = NetworkConfiguration()
    var (specgan, wavegan) = (SpecGANConfiguration(), WaveGANConfiguration())
    wavegan.phaseShuffle = 0
    (network.latent, network.dimension, network.isConditional) = (7, 2, conditional)
    (specgan.frames, specgan.bins) = (64, 64)
    var training = TrainingConfiguration()
    (training.batchSize, training.criticUpdates, training.learningRate) = (4, 3, 1e-3)
    (training.augmentation, training.augmentationProbability) = (.adaptive, probability)
    let gan = GAN.model(kind, network, specgan, wavegan, labels: conditional ? 3 : 0)
    let examples = Tensor(
      shape: [12] + gan.sampleShape, randomNumbers(12 * gan.sampleShape.reduce(1, *), seed: 3))
    let trainer = Trainer(
      gan, training, examples: StoredExamples(examples),
      labels: conditional ? (0..<12).map { $0 % 3 } : [], validation: Self.validation,
      augmenter: WaveformAugmenter(length: examples.stride, channels: 1),
      engine: Engine(threads: threads))
    return (trainer, examples)
  }

  private static let validation = [1, 4, 6, 11]

  /// Before the first change of the probability no example is augmented, so the measure follows
  /// from a pass of the critic over the validation examples. Means of equal batches differ only by
  /// roundings of the order of their values: a few 10⁻⁷ of values below 1, and the quotient is of
  /// differences above 10⁻².
  @Test(arguments: ModelKind.allCases, [false, true])
  func theStateHasTheMeasure(_ kind: ModelKind, _ conditional: Bool) throws {
    let (trainer, examples) = trainer(kind, conditional: conditional, threads: 2)
    let (gan, engine) = (trainer.gan, Engine(threads: 1))
    let critic = Workspace(gan.critic, examples: 4, engine: engine)
    for (place, index) in Self.validation.enumerated() {
      critic.input.copy(index..<index + 1, of: examples.view, to: place)
    }
    gan.critic.forward(
      critic, Pass(NetworkWeights(parameters: trainer.critic), examples: 0..<4, engine: engine))
    let outputs = critic.output.values
    let values = Self.validation.enumerated().map { place, index in
      conditional ? outputs[place * 3 + index % 3] : outputs[place]
    }
    var losses = StepLosses()
    try trainer.updateCritic(0, &losses)
    let expected = losses.overfitting(validationMean: values.reduce(0, +) / 4)
    #expect(trainer.augmentation.count == 1)
    #expect(abs(trainer.augmentation.sum - expected) < 1e-3 && abs(expected) > 1e-3)
  }

  /// Training does not read the validation examples, whatever the threads; only the measure does.
  @Test(arguments: ModelKind.allCases) func trainingDoesNotReadThem(_ kind: ModelKind) throws {
    func weights(_ threads: Int, _ factor: Float) throws -> (weights: [[Float]], sum: Float) {
      // With a probability of 0 the measure has no effect.
      let (trainer, examples) = trainer(kind, conditional: false, threads: threads, probability: 0)
      for index in Self.validation {
        examples.examples(index..<index + 1).withMutableSpan { span in
          for place in span.indices { span[place] *= factor }
        }
      }
      _ = try trainer.takeStep()
      return (
        [trainer.generator.block.values, trainer.critic.block.values], trainer.augmentation.sum
      )
    }
    let (one, three, louder) = try (weights(1, 1), weights(3, 1), weights(3, 0.5))
    #expect(one == three)
    #expect(one.weights == louder.weights && one.sum != louder.sum)
  }
}
