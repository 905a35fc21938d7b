internal import SpecGANModels
internal import SpecGANTraining
internal import Spectra
internal import Waveforms

extension Configuration {
  /// Every key, in the order of a file: `section.key`, or `key` at the top.
  package static var keys: [String] { settings.map(\.name) }

  /// Every setting, in the order of a file. Reading, writing, `--set` and the documentation of a
  /// file follow from this table.
  static let settings: [Setting] =
    general + audioSettings + spectrogramSettings + modelSettings + trainingSettings
    + recoverySettings + monitoringSettings + inversionSettings

  private static let general: [Setting] = [
    .choice("model", \.model, "what is trained, on spectrograms or on waveforms"),
    .text("paths.cache", \.paths.cache, "folder that preprocess writes and train reads"),
    .text("paths.run", \.paths.run, "folder that train writes"),
  ]

  private static let audioSettings: [Setting] = [
    .integer(
      "audio.sample_rate", \.audio.sampleRate, AudioConfiguration.sampleRates, "samples a second"),
    .integer(
      "audio.slice_length", \.audio.sliceLength, AudioConfiguration.sliceLengths,
      "samples of a slice"),
    .integer(
      "audio.channels", \.audio.channels, AudioConfiguration.channelCounts,
      "1 mixes a sound down; more are those of the sound, or copies of its one"),
    .number(
      "audio.overlap", \.audio.overlap,
      Bounds(
        lowest: AudioConfiguration.overlaps.lowerBound,
        highest: AudioConfiguration.overlaps.upperBound, includesHighest: false),
      "part of a slice that the next one repeats"),
    .flag("audio.first_slice_only", \.audio.firstSliceOnly, "one slice of every sound"),
    .flag("audio.pad_end", \.audio.padEnd, "keep the slice that reaches past the end"),
    .flag("audio.normalize", \.audio.normalize, "scale every sound to a peak of 1"),
  ]

  private static let spectrogramSettings: [Setting] = [
    .integer(
      "spectrogram.frame_length", \.spectrogram.frameLength, SpectrogramConfiguration.frameLengths,
      kind: .even,
      "samples under a window"),
    .integer(
      "spectrogram.frame_step", \.spectrogram.frameStep, SpectrogramConfiguration.frameSteps,
      "samples from frame to frame, at most half of frame_length"),
    .choice("spectrogram.window", \.spectrogram.window, "what a frame is multiplied by"),
    .number(
      "spectrogram.log_floor", \.spectrogram.logFloor,
      Bounds(
        lowest: 0, highest: SpectrogramConfiguration.logFloors.upperBound, includesLowest: false),
      "added to a magnitude before its logarithm"),
    .number(
      "spectrogram.clip_deviations", \.spectrogram.clipDeviations,
      Bounds(
        lowest: 0, highest: SpectrogramConfiguration.clipRange.upperBound, includesLowest: false),
      "standard deviations that become 1"),
  ]

  private static let modelSettings: [Setting] = [
    .integer("network.latent", \.network.latent, 1...16_384, "numbers a sound is made from"),
    .integer("network.dimension", \.network.dimension, 1...1_024, "channels of the first layer"),
    .choice(
      "network.upsampling", \.network.upsampling,
      "how the generator's layers grow"),
    .choice(
      "network.generator_normalization", \.network.generatorNormalization,
      "what the generator's layers are normalised by"),
    .choice(
      "network.critic_normalization", \.network.criticNormalization,
      "what the critic's layers are normalised by"),
    .choice(
      "network.phase_shuffle_per", \.network.phaseShufflePer, "what shares a shift of the phase"),
    .flag(
      "network.conditional", \.network.isConditional, "learn what each label sounds like"),
    .integer("specgan.kernel", \.specgan.kernel, 1...63, "frames and bins under a kernel"),
    .integer("specgan.phase_shuffle", \.specgan.phaseShuffle, 0...7, "largest shift, 0 for none"),
    .integer(
      "specgan.frames", \.specgan.frames, SpecGANConfiguration.pictureSizes, kind: .powerOfTwo,
      "frames of a picture, as a slice has"),
    .integer(
      "specgan.bins", \.specgan.bins, SpecGANConfiguration.pictureSizes, kind: .powerOfTwo,
      "bins of a picture, half of frame_length"),
    .integer("wavegan.kernel", \.wavegan.kernel, 1...255, "samples under a kernel"),
    .integer("wavegan.phase_shuffle", \.wavegan.phaseShuffle, 0...63, "largest shift, 0 for none"),
    .integer(
      "wavegan.post_filter", \.wavegan.postFilter, 0...4_096,
      "samples under a learned filter behind tanh, 0 for none"),
  ]

  private static let trainingSettings: [Setting] = [
    .choice("training.loss", \.training.loss, "what is made small"),
    .integer("training.batch_size", \.training.batchSize, 1...4_096, "examples of an update"),
    .integer(
      "training.critic_updates", \.training.criticUpdates, 1...1_000,
      "critic updates for one of the generator"),
    .number(
      "training.penalty_weight", \.training.penaltyWeight, Bounds(lowest: 0, highest: 1_000_000),
      "weight of the gradient penalty"),
    .number(
      "training.clip_value", \.training.clipValue,
      Bounds(lowest: 0, highest: 1_000, includesLowest: false), "wgan's bound of a critic's weight"),
    .number(
      "training.drift_weight", \.training.driftWeight, Bounds(lowest: 0, highest: 1_000_000),
      "weight of the critic's mean square, 0 for none"),
    .automaticChoice(
      "training.optimizer", \.training.optimizer, "what updates weights; auto is the loss's own"),
    .automaticNumber(
      "training.learning_rate", \.training.learningRate, stepSizes,
      "step size; auto is 1e-4, for wgan 5e-5, for dcgan 2e-4"),
    .automaticNumber(
      "training.critic_learning_rate", \.training.criticLearningRate, stepSizes,
      "the critic's; auto is the same"),
    .automaticNumber(
      "training.beta1", \.training.beta1, decays, "Adam's first decay; auto is 0.5"),
    .automaticNumber(
      "training.beta2", \.training.beta2, decays,
      "Adam's second decay; auto is 0.9, for lsgan and dcgan 0.999"),
    .choice(
      "training.learning_rate_decay", \.training.learningRateDecay, "how the step sizes fall"),
    .integer(
      "training.decay_steps", \.training.decaySteps, 1...1_000_000_000,
      "steps after which decay_to of them is left"),
    .number(
      "training.decay_to", \.training.decayTo, Bounds(lowest: 0, highest: 1, includesLowest: false),
      "what is left then"),
    .number(
      "training.average_decay", \.training.averageDecay,
      Bounds(lowest: 0, highest: 1, includesHighest: false),
      "decay of the generator's averaged weights, 0 for none"),
    .integer("training.seed", \.training.seed, 0...UInt64.max, "what all chance depends on"),
    .integer(
      "training.checkpoint_steps", \.training.checkpointSteps, 1...1_000_000_000,
      "steps from one checkpoint to the next"),
    .integer(
      "training.checkpoints_kept", \.training.checkpointsKept, 1...1_000_000,
      "last checkpoints that stay, beside the best one"),
    .flag(
      "training.random_crops", \.training.randomCrops,
      "examples from anywhere in a sound, not at fixed places"),
    .integer(
      "training.patience", \.training.patience, 0...1_000_000_000,
      "steps without a better score after which training stops, 0 for never"),
  ]

  private static let stepSizes = Bounds<Float>(lowest: 0, highest: 1, includesLowest: false)
  private static let decays = Bounds<Float>(lowest: 0, highest: 1, includesHighest: false)

  private static let recoverySettings: [Setting] = [
    .choice(
      "recovery.write_failure", \.recovery.writeFailure,
      "what training does when a file cannot be written"),
    .choice(
      "recovery.divergence", \.recovery.divergence, "what training does when a loss explodes"),
    .number(
      "recovery.largest_loss", \.recovery.largestLoss,
      Bounds(lowest: 0, highest: 1e30, includesLowest: false),
      "a loss or a gradient's norm beyond this is an explosion"),
    .integer(
      "recovery.roll_backs", \.recovery.rollBacks, 1...1_000,
      "roll-backs to one checkpoint, after which training gives up"),
  ]

  private static let monitoringSettings: [Setting] = [
    .integer(
      "monitoring.preview_count", \.monitoring.previewCount, 0...64,
      "sounds of a preview, 0 for none"),
    .integer(
      "monitoring.preview_steps", \.monitoring.previewSteps, 1...1_000_000_000,
      "from preview to preview; the first ones come sooner"),
    .integer(
      "monitoring.scalar_steps", \.monitoring.scalarSteps, 1...1_000_000_000,
      "steps from one point to the next in TensorBoard"),
    .flag("monitoring.tensorboard", \.monitoring.tensorboard, "write events for TensorBoard"),
    .flag("monitoring.report", \.monitoring.report, "write report.html"),
  ]

  private static let inversionSettings: [Setting] = [
    .choice("inversion.method", \.inversion.method, "how a phase is found"),
    .automaticInteger(
      "inversion.iterations", \.inversion.iterations, InversionConfiguration.iterationCounts,
      "how many projections, auto for the number that suits the method"),
  ]
}
