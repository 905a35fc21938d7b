internal import SpecGANModels
internal import SpecGANTraining
internal import Spectra
internal import Waveforms

extension Configuration {
  /// Every key, in the order of a file: `section.key`, or `key` at the top level.
  package static var keys: [String] { settings.map(\.name) }

  /// Every setting, in the order of a file. Reading, writing, `--set` and the comments of a file
  /// use this table.
  static let settings: [Setting] =
    general + audioSettings + spectrogramSettings + modelSettings + trainingSettings
    + recoverySettings + monitoringSettings + inversionSettings

  private static let general: [Setting] = [
    .choice("model", \.model, "network on spectrograms or on waveforms"),
    .path("paths.cache", \.paths.cache, "folder that preprocess writes and train reads"),
    .path("paths.run", \.paths.run, "folder that train writes"),
  ]

  private static let audioSettings: [Setting] = [
    .integer(
      "audio.sample_rate", \.audio.sampleRate, AudioConfiguration.sampleRates, "sample rate in Hz"),
    .integer(
      "audio.slice_length", \.audio.sliceLength, AudioConfiguration.sliceLengths,
      "length of a slice in samples"),
    .integer(
      "audio.channels", \.audio.channels, AudioConfiguration.channelCounts,
      "1 mixes down to mono; more: channels of the file, or copies of a single one"),
    .number(
      "audio.overlap", \.audio.overlap,
      Bounds(
        lowest: AudioConfiguration.overlaps.lowerBound,
        highest: AudioConfiguration.overlaps.upperBound, includesHighest: false),
      "part of a slice that the next one repeats"),
    .flag("audio.first_slice_only", \.audio.firstSliceOnly, "only the first slice of each file"),
    .flag("audio.pad_end", \.audio.padEnd, "keep the slice that reaches past the end"),
    .flag("audio.normalize", \.audio.normalize, "scale each file to a peak of 1"),
    .integer(
      "audio.longest_seconds", \.longestSeconds, 1...604_800,
      "files that are longer are skipped"),
  ]

  private static let spectrogramSettings: [Setting] = [
    .integer(
      "spectrogram.frame_length", \.spectrogram.frameLength, SpectrogramConfiguration.frameLengths,
      kind: .even,
      "samples in a window"),
    .integer(
      "spectrogram.frame_step", \.spectrogram.frameStep, SpectrogramConfiguration.frameSteps,
      "samples between frames, at most half of frame_length"),
    .choice("spectrogram.window", \.spectrogram.window, "window function"),
    .integer(
      "spectrogram.merged_bins", \.spectrogram.mergedBins, SpectrogramConfiguration.mergedBinCounts,
      "bins that become one from first_merged_bin on, by mean energy; 1: none"),
    .integer(
      "spectrogram.first_merged_bin", \.spectrogram.firstMergedBin,
      SpectrogramConfiguration.firstMergedBins,
      "first bin that is merged, if any are"),
    .number(
      "spectrogram.log_floor", \.spectrogram.logFloor,
      Bounds(
        lowest: 0, highest: SpectrogramConfiguration.logFloors.upperBound, includesLowest: false),
      "added to a magnitude before its logarithm"),
    .number(
      "spectrogram.clip_deviations", \.spectrogram.clipDeviations,
      Bounds(
        lowest: 0, highest: SpectrogramConfiguration.clipRange.upperBound, includesLowest: false),
      "standard deviations that map to 1"),
    .choice(
      "spectrogram.normalization", \.spectrogram.normalization,
      "by the moments of each bin, or by its range"),
    .flag(
      "spectrogram.subtract_floor", \.spectrogram.subtractsFloor,
      "subtract log_floor from decoded magnitudes"),
    .optionalNumber(
      "spectrogram.headroom", \.spectrogram.headroom,
      Bounds(
        lowest: SpectrogramConfiguration.headrooms.lowerBound,
        highest: SpectrogramConfiguration.headrooms.upperBound),
      "limit of decoded magnitudes above the data's largest, in dB"),
  ]

  /// The largest `network.attention`.
  static let mostAttentionPositions = 256

  private static let modelSettings: [Setting] = [
    .integer("network.latent", \.network.latent, 1...16_384, "size of the latent vector"),
    .integer(
      "network.dimension", \.network.dimension, 1...1_024, "channels of the layer next to the audio"
    ),
    .choice("network.generator", \.network.generator, "kind of generator"),
    .integer(
      "network.style_dimension", \.network.styleDimension, 1...1_024,
      "elements of a style, for a style-based generator"),
    .integer(
      "network.mapping_layers", \.network.mappingLayers, 1...16,
      "dense layers of the mapping network"),
    .flag(
      "network.noise_inputs", \.network.hasNoiseInputs,
      "noise in all layers of a style-based generator but the last"),
    .choice(
      "network.upsampling", \.network.upsampling,
      "upsampling in the generator"),
    .choice(
      "network.downsampling", \.network.downsampling,
      "downsampling in the critic"),
    .choice(
      "network.generator_normalization", \.network.generatorNormalization,
      "normalization in the generator"),
    .integer(
      "network.embedding", \.network.embedding, 1...1_024,
      "size of a label's embedding for conditional normalization or styles"),
    .flag(
      "network.generator_spectral", \.network.generatorIsSpectral,
      "spectral normalization of the generator's kernels"),
    .choice(
      "network.critic_normalization", \.network.criticNormalization,
      "normalization in the critic"),
    .choice(
      "network.projection", \.network.projection,
      "kernels of a conditional critic's last layer"),
    .choice(
      "network.initial_weights", \.network.initialWeights, "distribution of the initial kernels"),
    .integer(
      "network.attention", \.network.attention, 0...mostAttentionPositions,
      "positions along time of the layer before self-attention, 0 for none"),
    .flag(
      "network.growing", \.network.isGrowing,
      "grow both networks during training, from coarse samples to complete ones"),
    .choice(
      "network.phase_shuffle_per", \.network.phaseShufflePer,
      "one phase shift per batch or per example"),
    .flag(
      "network.conditional", \.network.isConditional, "learn the labels"),
    .integer("specgan.kernel", \.specgan.kernel, 1...63, "kernel size in frames and bins"),
    .integer(
      "specgan.phase_shuffle", \.specgan.phaseShuffle, 0...7, "largest phase shift, 0 for off"),
    .integer(
      "specgan.frames", \.specgan.frames, SpecGANConfiguration.pictureSizes, kind: .powerOfTwo,
      "frames of a picture; a slice must have as many"),
    .integer(
      "specgan.bins", \.specgan.bins, SpecGANConfiguration.pictureSizes, kind: .powerOfTwo,
      "bins of a picture: half of frame_length, or fewer if bins are merged"),
    .integer("wavegan.kernel", \.wavegan.kernel, 1...255, "kernel size in samples"),
    .integer(
      "wavegan.phase_shuffle", \.wavegan.phaseShuffle, 0...63, "largest phase shift, 0 for off"),
    .integer(
      "wavegan.post_filter", \.wavegan.postFilter, 0...4_096,
      "length in samples of a learned filter after tanh, 0 for off"),
    .optionalNumber(
      "wavegan.real_noise", \.wavegan.realNoise, Bounds(lowest: -120, highest: -20),
      "level of noise on real examples in training, in dBFS"),
  ]

  private static let trainingSettings: [Setting] = [
    .choice("training.loss", \.training.loss, "training objective"),
    .integer("training.batch_size", \.training.batchSize, 1...4_096, "examples per update"),
    .integer(
      "training.shards", \.training.shards, 1...1_024, kind: .powerOfTwo,
      "parts of an update whose gradients are computed separately"),
    .integer(
      "training.critic_updates", \.training.criticUpdates, 1...1_000,
      "critic updates per generator update"),
    .number(
      "training.penalty_weight", \.training.penaltyWeight, Bounds(lowest: 0, highest: 1_000_000),
      "weight of the gradient penalty of wgan-gp"),
    .automaticNumber(
      "training.gradient_weight", \.training.gradientWeight, Bounds(lowest: 0, highest: 1_000_000),
      "weight of the penalties R1 and R2; auto: 2 for rpgan, else 0"),
    .integer(
      "training.penalty_interval", \.training.penaltyInterval, 1...1_000,
      "R1 and R2 in every n-th critic update, n times as strong"),
    .number(
      "training.clip_value", \.training.clipValue,
      Bounds(lowest: 0, highest: 1_000, includesLowest: false), "wgan: bound of each critic weight"),
    .number(
      "training.drift_weight", \.training.driftWeight, Bounds(lowest: 0, highest: 1_000_000),
      "weight of mean D(real)² in the critic's loss, 0 for off"),
    .automaticChoice(
      "training.optimizer", \.training.optimizer, "optimizer; auto depends on the loss"),
    .automaticNumber(
      "training.learning_rate", \.training.learningRate, stepSizes,
      "learning rate; auto: that of the loss, 1e-4 for wgan-gp"),
    .automaticNumber(
      "training.critic_learning_rate", \.training.criticLearningRate, stepSizes,
      "learning rate of the critic; auto is learning_rate"),
    .automaticNumber(
      "training.beta1", \.training.beta1, decays,
      "Adam's first decay; auto: that of the loss, 0.5 for wgan-gp"),
    .automaticNumber(
      "training.beta2", \.training.beta2, decays,
      "Adam's second decay; auto: that of the loss, 0.9 for wgan-gp"),
    .choice(
      "training.learning_rate_decay", \.training.learningRateDecay, "schedule of the learning rates"
    ),
    .automaticInteger(
      "training.planned_steps", \.training.plannedSteps, 1...1_000_000_000,
      "planned end in steps; auto: from --steps or --minutes"),
    .number(
      "training.decay_to", \.training.decayTo, Bounds(lowest: 0, highest: 1, includesLowest: false),
      "fraction of the learning rates that is left then"),
    .number(
      "training.growing_share", \.training.growingShare, Bounds(lowest: 0, highest: 1),
      "fraction of planned_steps in which networks grow, 0 for the last level only"),
    .number(
      "training.average_decay", \.training.averageDecay,
      Bounds(lowest: 0, highest: 1, includesHighest: false),
      "decay of averaged generator weights, 0 for off"),
    .number(
      "training.style_mixing", \.training.styleMixing, Bounds(lowest: 0, highest: 1),
      "probability of style mixing: two latents for an example"),
    .choice(
      "training.augmentation", \.training.augmentation,
      "random changes of real and generated examples before the critic"),
    .number(
      "training.augmentation_probability", \.training.augmentationProbability,
      Bounds(lowest: 0, highest: 0.8), "largest probability of each change"),
    .integer("training.seed", \.training.seed, 0...UInt64.max, "random seed"),
    .integer(
      "training.checkpoint_steps", \.training.checkpointSteps, 1...1_000_000_000,
      "steps between checkpoints"),
    .integer(
      "training.checkpoints_kept", \.training.checkpointsKept, 1...1_000_000,
      "last checkpoints to keep, besides the best one"),
    .flag(
      "training.random_crops", \.training.randomCrops,
      "examples from anywhere in a clip"),
    .integer(
      "training.patience", \.training.patience, 0...1_000_000_000,
      "steps without a better score until training stops, 0 for off"),
  ]

  private static let stepSizes = Bounds<Float>(lowest: 0, highest: 1, includesLowest: false)
  private static let decays = Bounds<Float>(lowest: 0, highest: 1, includesHighest: false)

  private static let recoverySettings: [Setting] = [
    .choice(
      "recovery.write_failure", \.recovery.writeFailure,
      "reaction if a file cannot be written"),
    .choice(
      "recovery.divergence", \.recovery.divergence, "reaction if a loss or gradient diverges"),
    .number(
      "recovery.largest_loss", \.recovery.largestLoss,
      Bounds(lowest: 0, highest: 1e30, includesLowest: false),
      "loss or gradient norm above which training has diverged"),
    .integer(
      "recovery.roll_backs", \.recovery.rollBacks, 1...1_000,
      "roll-backs to one checkpoint until training stops"),
  ]

  private static let monitoringSettings: [Setting] = [
    .integer(
      "monitoring.preview_count", \.monitoring.previewCount, 0...64,
      "clips in a preview, 0 for off"),
    .integer(
      "monitoring.preview_steps", \.monitoring.previewSteps, 1...1_000_000_000,
      "steps between previews; the first ones come sooner"),
    .integer(
      "monitoring.scalar_steps", \.monitoring.scalarSteps, 1...1_000_000_000,
      "steps between points in TensorBoard"),
    .flag("monitoring.tensorboard", \.monitoring.tensorboard, "write events for TensorBoard"),
    .flag("monitoring.report", \.monitoring.report, "write report.html"),
  ]

  private static let inversionSettings: [Setting] = [
    .choice("inversion.method", \.inversion.method, "phase reconstruction"),
    .automaticInteger(
      "inversion.iterations", \.inversion.iterations, InversionConfiguration.iterationCounts,
      "projections; auto depends on the method"),
  ]
}
