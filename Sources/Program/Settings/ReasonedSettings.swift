internal import Networks
internal import SpecGANErrors
internal import SpecGANModels
internal import SpecGANTraining
internal import Spectra
internal import Waveforms

/// A configuration, with a reason for each setting that was chosen.
package struct ReasonedSettings: Equatable, Sendable {
  /// The settings.
  package private(set) var configuration = Configuration()
  /// The reasons, each a sentence, by the names of the settings. Every setting that is not at its
  /// default has one.
  package private(set) var reasons: [String: String] = [:]

  /// Creates the published settings, without reasons.
  init() {}

  /// Sets the setting `name`, which is at `path`, to `value`, because of `reason`.
  mutating func choose<Value>(
    _ name: String, _ path: WritableKeyPath<Configuration, Value>, _ value: Value, _ reason: String
  ) {
    require(Configuration.keys.contains(name), "\(name) is not a setting")
    configuration[keyPath: path] = value
    reasons[name] = reason
  }

  /// Sets the paths, which need no reason.
  package mutating func setPaths(_ paths: PathsConfiguration) { configuration.paths = paths }
}

// MARK: - Small networks

extension ReasonedSettings {
  /// Settings with which two CPU cores learn spoken digits within an hour: narrow networks, small
  /// batches, spectrograms that are normalized by range above an audible floor, and a loss of pairs
  /// with the penalties R1 and R2.
  static var small: ReasonedSettings {
    var small = ReasonedSettings()
    small.chooseSpectrograms()
    small.chooseTraining()
    return small
  }

  private mutating func chooseSpectrograms() {
    choose(
      "spectrogram.log_floor", \.spectrogram.logFloor,
      configuration.spectrogram.audibleFloor, Self.floorReason)
    choose(
      "spectrogram.normalization", \.spectrogram.normalization, .range,
      "Silence has one value in all bins. Spoken digits became more similar to real ones than with "
        + "moments.")
    choose(
      "spectrogram.subtract_floor", \.spectrogram.subtractsFloor, true,
      "Without it, silence is decoded as noise at log_floor.")
    choose(
      "spectrogram.headroom", \.spectrogram.headroom, 3,
      "Without a limit, an error of the generator may be far beyond full scale.")
  }

  private static let floorReason =
    "76 dB below a full-scale sine, so that inaudible backgrounds are not learned: 1e-2 for a "
    + "frame of 256 samples, in proportion to its length."

  /// Narrower networks need a larger learning rate (Yang et al. 2021, "Tuning Large Neural Networks
  /// via Zero-Shot Hyperparameter Transfer"): with 16 channels, the paper's 1e-4, which suits 64,
  /// learns several times slower.
  private mutating func chooseTraining() {
    choose(
      "network.dimension", \.network.dimension, 16,
      "Narrow networks, which a few CPU cores train in an hour.")
    choose(
      "training.loss", \.training.loss, .relativisticPairs,
      "Spoken digits were learned as well as with wgan-gp in half the time.")
    choose(
      "training.penalty_interval", \.training.penaltyInterval, 4,
      "Penalties in every fourth update are cheaper than in every one.")
    choose(
      "training.batch_size", \.training.batchSize, 16,
      "A small batch: more steps in the same time.")
    choose(
      "training.critic_updates", \.training.criticUpdates, 1, "One is sufficient with rpgan.")
    choose(
      "training.learning_rate", \.training.learningRate, 8e-4,
      "Narrow networks need a high rate; this was the best of those tried with 16 channels.")
    choose(
      "training.average_decay", \.training.averageDecay, 0.999,
      "Clips come from the mean of the weights of about 1000 steps, which varies less.")
    choose(
      "monitoring.preview_steps", \.monitoring.previewSteps, 500,
      "A run of an hour has a few thousand steps.")
  }
}

// MARK: - Slices

extension ReasonedSettings {
  /// The size of a slice and of its spectrogram, on which settings of three sections must agree.
  struct SliceSize: Equatable {
    /// The sample rate, in Hz.
    var sampleRate: Int
    /// The number of frames, a power of two.
    var frames: Int
    /// The distance of two frames, in samples, a power of two. A frame has twice as many samples:
    /// the longest step that networks accept, which is the cheapest.
    var frameStep: Int

    /// Whether every three bins from a quarter of the bins on become one: at rates from 32 kHz on,
    /// where these bins are at 4 kHz and above.
    var mergesBins: Bool { sampleRate >= 32_000 }
    /// The number of bins, a power of two.
    var bins: Int { mergesBins ? frameStep / 2 : frameStep }
    /// The first bin that is merged.
    var firstMergedBin: Int { mergesBins ? frameStep / 4 : 0 }
    /// The number of elements of a spectrogram, to which the cost of a step is proportional.
    var area: Int { frames * bins }
    /// The number of samples.
    var samples: Int { frames * frameStep }
    /// The duration, in s.
    var seconds: Double { Double(samples) / Double(sampleRate) }
    /// The duration of a frame, in ms.
    var frameMilliseconds: Double { 2_000 * Double(frameStep) / Double(sampleRate) }
    /// The distance of two bins, in Hz.
    var binWidth: Double { Double(sampleRate) / Double(2 * frameStep) }
  }

  /// Sets the rate of the audio, the length of slices, and the size of their spectrograms.
  ///
  /// - Parameters:
  ///   - size: the size of a slice.
  ///   - rateReason: the reason for the sample rate.
  ///   - lengthReason: the reason for the length of a slice.
  mutating func choose(_ size: SliceSize, rate rateReason: String, length lengthReason: String) {
    choose("audio.sample_rate", \.audio.sampleRate, size.sampleRate, rateReason)
    choose("audio.slice_length", \.audio.sliceLength, size.samples, lengthReason)
    choose(
      "spectrogram.frame_length", \.spectrogram.frameLength, 2 * size.frameStep,
      "\(size.frameMilliseconds.decimal(1)) ms.")
    choose(
      "spectrogram.frame_step", \.spectrogram.frameStep, size.frameStep,
      "Half of a frame. With a quarter, audio is reconstructed better, at twice the cost of a step."
    )
    if size.mergesBins { chooseMergedBins(size) }
    choose(
      "spectrogram.log_floor", \.spectrogram.logFloor, configuration.spectrogram.audibleFloor,
      Self.floorReason)
    choose(
      "specgan.frames", \.specgan.frames, size.frames,
      "\(size.frames) frames with a step of \(size.frameStep) samples are a slice.")
    choose(
      "specgan.bins", \.specgan.bins, size.bins,
      size.mergesBins
        ? "\(size.firstMergedBin) single bins, and \(size.bins - size.firstMergedBin) of three each."
        : "\(size.binWidth.decimal(0)) Hz from one bin to the next.")
  }

  private mutating func chooseMergedBins(_ size: SliceSize) {
    let start = Double(size.firstMergedBin) * size.binWidth
    choose(
      "spectrogram.merged_bins", \.spectrogram.mergedBins, 3,
      "Bins of \((3 * size.binWidth).decimal(0)) Hz are narrower than the auditory filters, which "
        + "are at least 450 Hz wide from there on. They halve the cost of a step.")
    choose(
      "spectrogram.first_merged_bin", \.spectrogram.firstMergedBin, size.firstMergedBin,
      "\(start.decimal(0)) Hz; the bins below are \(size.binWidth.decimal(0)) Hz apart.")
  }
}

extension SpectrogramConfiguration {
  /// The audible `log_floor` for these frames: 76 dB below the magnitude of a full-scale sine. That
  /// is half of the window's sum, or a quarter of the frame's length for a Hann window.
  fileprivate var audibleFloor: Float { 1e-2 * Float(frameLength) / 256 }
}

extension Double {
  /// The number with `digits` decimals.
  func decimal(_ digits: Int) -> String {
    let scale = (0..<digits).reduce(1.0) { product, _ in 10 * product }
    let rounded = (self * scale).rounded() / scale
    return digits == 0 ? String(Int(rounded)) : yamlNumber(rounded)
  }
}
