internal import Networks
internal import SpecGANErrors
internal import SpecGANModels
internal import SpecGANTraining
internal import Waveforms

extension Configuration {
  /// Checks that settings do not contradict each other.
  ///
  /// - Parameter place: the origin of the configuration, for errors.
  /// - Throws: ``SpecGANError`` for the first contradiction, with the reason.
  func checkCombinations(at place: SettingPlace) throws(SpecGANError) {
    for contradiction in contradictions where contradiction.isThere {
      guard let setting = Self.settings.first(where: { $0.name == contradiction.key }) else {
        trap("unknown key \(contradiction.key)")
      }
      throw .value(
        place, key: setting.name, value: setting.yaml(self), valid: contradiction.advice)
    }
  }

  /// A contradiction between settings, with advice and the reason.
  private struct Contradiction {
    let isThere: Bool
    let key: String
    let advice: String

    init(_ key: String, _ isThere: Bool, _ advice: String) {
      self.key = key
      self.isThere = isThere
      self.advice = advice
    }

    /// Creates the contradiction that `key` is not at its default, but has no effect.
    init<Value: Equatable>(
      _ key: String, _ path: KeyPath<Configuration, Value>, of configuration: Configuration,
      unless isUsed: Bool, _ reason: String
    ) {
      let isChosen = configuration[keyPath: path] != Configuration()[keyPath: path]
      let usual = Configuration.settings.first { $0.name == key }?.yaml(Configuration()) ?? ""
      self.init(key, isChosen && !isUsed, "\(usual), because \(reason)")
    }
  }

  /// The smallest size of the latent: an element for the first layer, and one for each of the six
  /// normalized layers of the deepest generator, or of seven if it grows.
  private var leastConditionalLatent: Int { network.isGrowing ? 8 : 7 }

  private var contradictions: [Contradiction] {
    let loss = training.loss
    let lossName = "training.loss is \(loss.rawValue)"
    let optimizer = training.resolved.optimizer
    let isAdam = optimizer == .adam
    let noDecays = "the optimizer is \(optimizer?.rawValue ?? ""), which has none"
    let isStyleBased = network.generator == .styleBased
    let noStyles = "only network.generator style-based uses it"
    let isDecaying = training.learningRateDecay != .none
    return [
      Contradiction(
        "network.critic_normalization",
        network.criticNormalization == .batch && training.penalizesGradients,
        "none or spectral, because gradient penalties need the gradient of each example alone, "
          + "and batch normalization mixes examples"),
      Contradiction(
        "training.shards", !training.batchSize.isMultiple(of: training.shards),
        "a power of two that divides training.batch_size (=\(training.batchSize))"),
      Contradiction(
        "training.gradient_weight",
        loss.isWasserstein && training.gradientWeight ?? 0 > 0,
        "auto or 0, because \(lossName), which bounds gradients already"),
      Contradiction(
        "training.penalty_interval", \.training.penaltyInterval, of: self,
        unless: training.resolved.gradientWeight ?? 0 > 0, "training.gradient_weight is 0"),
      Contradiction(
        "network.critic_normalization",
        network.criticNormalization == .spectral && loss == .wassersteinClipping,
        "none, because training.loss wgan clips every weight of the critic already"),
      Contradiction(
        "network.embedding", \.network.embedding, of: self,
        unless: (isStyleBased || network.generatorNormalization == .conditional)
          && network.isConditional,
        "the embedding needs network.conditional true, and network.generator_normalization "
          + "conditional or network.generator style-based"),
      Contradiction(
        "network.generator_normalization", isStyleBased && network.generatorNormalization != .none,
        "none, because network.generator is style-based, which has demodulation instead"),
      Contradiction(
        "network.generator_spectral", isStyleBased && network.generatorIsSpectral,
        "false, because network.generator is style-based, whose demodulation already divides "
          + "outputs by the norm of each kernel"),
      Contradiction(
        "network.style_dimension", \.network.styleDimension, of: self, unless: isStyleBased,
        noStyles),
      Contradiction(
        "network.mapping_layers", \.network.mappingLayers, of: self, unless: isStyleBased,
        noStyles),
      Contradiction(
        "network.noise_inputs", \.network.hasNoiseInputs, of: self, unless: isStyleBased, noStyles),
      Contradiction(
        "training.style_mixing", \.training.styleMixing, of: self, unless: isStyleBased, noStyles),
      Contradiction(
        "network.latent",
        network.generatorNormalization == .conditional
          && network.latent < leastConditionalLatent,
        "\(leastConditionalLatent) or more, because network.generator_normalization is "
          + "conditional, which gives every layer of the generator a part of the latent"),
      Contradiction(
        "network.projection", \.network.projection, of: self, unless: network.isConditional,
        "network.conditional is false"),
      Contradiction(
        "network.attention", network.attention > 0 && loss == .wassersteinClipping,
        "0, because training.loss wgan clips every weight of the critic, so that its attention has "
          + "no effect"),
      Contradiction(
        "training.penalty_weight", \.training.penaltyWeight, of: self,
        unless: loss.hasGradientPenalty,
        "\(lossName); its gradient penalty is training.gradient_weight"),
      Contradiction(
        "training.clip_value", \.training.clipValue, of: self,
        unless: loss == .wassersteinClipping, "\(lossName), which clips no weights"),
      Contradiction(
        "training.drift_weight", \.training.driftWeight, of: self, unless: loss.isWasserstein,
        "\(lossName), and drift_weight is for wgan and wgan-gp only"),
      Contradiction("training.beta1", \.training.beta1, of: self, unless: isAdam, noDecays),
      Contradiction("training.beta2", \.training.beta2, of: self, unless: isAdam, noDecays),
      Contradiction(
        "training.planned_steps", \.training.plannedSteps, of: self, unless: hasPlan,
        "training.learning_rate_decay is none, and networks do not grow (network.growing, "
          + "training.growing_share)"),
      Contradiction(
        "training.growing_share", \.training.growingShare, of: self, unless: network.isGrowing,
        "network.growing is false"),
      Contradiction(
        "training.decay_to", \.training.decayTo, of: self, unless: isDecaying,
        "training.learning_rate_decay is none"),
      Contradiction(
        "training.augmentation",
        training.augmentation == .adaptive && !loss.hasSign && !loss.isWasserstein,
        "none or fixed, because \(lossName), with which there is no measure of overfitting"),
      Contradiction(
        "training.augmentation_probability", \.training.augmentationProbability, of: self,
        unless: training.augmentation != .none, "training.augmentation is none"),
      Contradiction(
        "training.random_crops", training.randomCrops && audio.firstSliceOnly,
        "false, because audio.first_slice_only uses only the start of a clip"),
      Contradiction(
        "training.patience", training.patience > 0 && monitoring.previewCount == 0,
        "0, because monitoring.preview_count is 0, so there is no score"),
      Contradiction(
        "training.patience",
        training.patience > 0 && network.isGrowing && training.growingShare > 0,
        "0, because network.growing is true, and a score does not improve evenly over levels"),
    ]
  }
}
