internal import RealModule
internal import Scores
internal import SpecGANClassification
internal import SpecGANErrors
internal import SpecGANTensors
internal import SpecGANWorkers
internal import Spectra
internal import Waveforms

/// A reader of sets of clips, which computes their features in batches.
struct SoundGatherer {
  /// The largest number of clips in memory at once.
  static let batchSize = 64
  /// The number of first clips whose spectrograms are inverted and measured.
  static let spectralCount = 256
  /// The number of first clips that are shown.
  static let shownCount = 8
  /// The number of first clips whose nearest neighbors are searched; the paper's.
  static let neighborCount = 1_000
  /// The largest number of elements in one definition's log-mel spectrograms of a set: 256 MiB.
  private static let mostNumbers = 1 << 26

  private let classifier: Classifier?
  private let audio: AudioConfiguration
  private let engine: Engine
  let workspaces: [MelWorkspace]
  /// The number of first clips whose log-mel spectrograms are kept.
  private let neighborCount: Int
  private let melSize: Int
  /// The number of clips in memory at once: fewer long ones, between which progress is shown.
  private let batchSize: Int

  init(_ inputs: EvaluationInputs, engine: Engine) throws(SpecGANError) {
    (classifier, audio, self.engine) = (inputs.classifier, inputs.audio, engine)
    batchSize = Self.batchSize(ofLength: inputs.audio.sliceLength)
    workspaces = try MelWorkspace.workspaces(
      count: engine.workers.count, audio, inputs.features)
    melSize = workspaces[0].spectrogramSize
    neighborCount = min(Self.neighborCount, max(2, Self.mostNumbers / melSize))
  }

  /// Returns the batch size for clips of `length` samples: 64 up to 16,384 samples, half of that up
  /// to 32,768, and 16 beyond. It divides ``spectralCount``.
  private static func batchSize(ofLength length: Int) -> Int {
    var (size, length) = (batchSize, length)
    while size > 16, length > 16_384 { (size, length) = (size / 2, length / 2) }
    return size
  }

  /// Returns the features of the clips of `column`.
  ///
  /// - Throws: ``SpecGANError`` if a clip cannot be generated or read, or `watch` stops the work.
  func gather(
    _ column: SoundColumn, _ watch: EvaluationWatch
  ) throws(SpecGANError) -> GatheredSounds {
    let reader = try column.source.reader(on: engine)
    let total = column.source.count
    var parts = Parts(definitionCount: workspaces[0].definitionCount)
    for index in parts.mels.indices {
      parts.mels[index].reserveCapacity(min(total, neighborCount) * melSize)
    }
    for first in stride(from: 0, to: total, by: batchSize) {
      try watch.show(column.name, first, of: total)
      let places = first..<min(first + batchSize, total)
      let sounds = try reader.sounds(
        places, withInversions: first < Self.spectralCount)
      if first == 0 { parts.shown = sounds.prefix(Self.shownCount).map(\.waveform) }
      try take(sounds, from: first, into: &parts)
      parts.spectral += try spectralCosts(of: sounds, column.source.spectrogram)
    }
    try watch.show(column.name, total, of: total)
    return try gathered(parts)
  }

  /// The values of a set so far.
  private struct Parts {
    var (probabilities, features): ([Float], [Float]) = ([], [])
    var featureSize = MelWorkspace.summarySize
    /// The log-mel spectrograms by each definition.
    var mels: [[Float]]
    var labels: [String?] = []
    var spectral: [SpectralCost] = []
    var shown: [Waveform] = []

    init(definitionCount: Int) {
      mels = [[Float]](repeating: [], count: definitionCount)
    }
  }

  private func take(
    _ sounds: [EvaluatedSound], from first: Int, into parts: inout Parts
  ) throws(SpecGANError) {
    parts.labels += sounds.map(\.label)
    let slices = engine.workers.map(sounds.count) { index, _ in
      sounds[index].slice(audio.sliceLength)
    }
    if let classifier {
      let channels = classifier.audio.channels
      let own = sounds.flatMap { $0.slice(audio.sliceLength, channels: channels) }
      let outputs = try classifier.outputs(
        of: Tensor(shape: [sounds.count, audio.sliceLength, channels], own), on: engine)
      parts.probabilities += outputs.probabilities.values
      parts.features += outputs.features.values
      parts.featureSize = outputs.features.dimension
    }
    let kept = min(slices.count, max(neighborCount - first, 0))
    let wanted = classifier == nil ? slices.count : kept
    let mels = mels(Array(slices.prefix(wanted)), withReference: kept)
    if classifier == nil { parts.features += mels.flatMap(\.summary) }
    for definition in parts.mels.indices {
      for mel in mels.prefix(kept) {
        parts.mels[definition] += mel.logarithms[definition]
      }
    }
  }

  private struct Mels: Sendable {
    /// The spectrogram by every definition.
    var logarithms: [[Float]]
    var summary: [Float]
  }

  /// Returns the spectrograms of `slices` by the first definition, and of the first `count` by all.
  private func mels(_ slices: [[Float]], withReference count: Int) -> [Mels] {
    engine.workers.map(slices.count) { index, worker in
      let workspace = workspaces[worker]
      let definitions = 0..<(index < count ? workspace.definitionCount : 1)
      let logarithms = definitions.map { workspace.logarithms(of: slices[index], $0) }
      return Mels(logarithms: logarithms, summary: workspace.summary(of: logarithms[0]))
    }
  }

  private func gathered(_ parts: Parts) throws(SpecGANError) -> GatheredSounds {
    let known = classes(of: parts.labels)
    let unknown = zip(parts.labels, known).compactMap { $1 == nil ? $0 : nil }
    return GatheredSounds(
      probabilities: try classifier.map { (classifier) throws(SpecGANError) in
        try ClassProbabilities(parts.probabilities, classCount: classifier.labels.count)
      },
      classes: known,
      unknownLabels: classifier == nil
        ? [] : Set(unknown).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) },
      features: try Features(parts.features, dimension: parts.featureSize),
      neighborFeatures: try parts.mels.map { (values) throws(SpecGANError) in
        try Features(values, dimension: melSize)
      },
      spectral: parts.spectral, shown: parts.shown)
  }

  /// Returns the class of each label; nil for one that is not a class.
  private func classes(of labels: [String?]) -> [Int32?] {
    // By bytes, by which labels are distinguished, or else by canonical equivalence.
    let known = zip(classifier?.labels ?? [], Int32(0)...)
    let numbers = Dictionary(
      known.map { (Array($0.utf8), $1) }, uniquingKeysWith: { first, _ in first })
    let equivalents = Dictionary(known.map { ($0, $1) }, uniquingKeysWith: { first, _ in first })
    return labels.map { label in
      label.flatMap { numbers[Array($0.utf8)] ?? equivalents[$0] }
    }
  }
}

// MARK: - Spectrograms

extension SoundGatherer {
  private func spectralCosts(
    of sounds: [EvaluatedSound], _ spectrogram: SpectrogramConfiguration
  ) throws(SpecGANError) -> [SpectralCost] {
    let consistency = SpectralConsistency(spectrogram)
    let inverted = sounds.map(\.inversions).filter { !$0.isEmpty }
    let results = engine.workers.map(inverted.count) { index, _ in
      Result { () throws(SpecGANError) in
        try Self.cost(of: inverted[index], spectrogram, consistency)
      }
    }
    return try results.map { (result) throws(SpecGANError) in try result.get() }
  }

  /// Returns the cost of a clip's `channels`: one convergence of all, and means of the others.
  private static func cost(
    of channels: [EvaluatedSound.Inversion], _ spectrogram: SpectrogramConfiguration,
    _ consistency: SpectralConsistency
  ) throws(SpecGANError) -> SpectralCost {
    let consistencies = channels.compactMap { self.consistency(of: $0.wanted, by: consistency) }
    var distance = 0.0
    for channel in channels {
      distance += try logSpectralDistance(
        of: channel.samples, to: channel.wanted, configuration: spectrogram)
    }
    return SpectralCost(
      consistency: consistencies.isEmpty
        ? nil : consistencies.reduce(0, +) / Double(consistencies.count),
      convergence: try spectralConvergence(
        of: channels.map(\.samples), to: channels.map(\.wanted), configuration: spectrogram),
      logDistance: distance / Double(channels.count))
  }

  /// Returns the consistency of the network's output: without the Nyquist bin, which is constant.
  /// Nil if it is silent or too small.
  private static func consistency(
    of wanted: MagnitudeSpectrogram, by consistency: SpectralConsistency
  ) -> Double? {
    let bins = wanted.binCount
    let logarithms = wanted.values.enumerated().compactMap { place, value in
      // A generator that diverged returns magnitudes of zero.
      place % bins < bins - 1 ? Float.log(max(value, .leastNormalMagnitude)) : nil
    }
    return try? consistency.correlation(logMagnitudes: logarithms, binCount: bins - 1)
  }
}

/// The features of a set's clips, with the waveforms of the few that are shown.
struct GatheredSounds: Sendable {
  /// The number of clips.
  var count: Int { features.count }
  /// The number of first clips that have ``neighborFeatures``.
  var neighborCount: Int { neighborFeatures[0].count }
  /// The classifier's probabilities; nil without one.
  let probabilities: ClassProbabilities?
  /// The class of each label; nil for a clip without a label, or with a label that is not a class.
  let classes: [Int32?]
  /// The labels that are not a class, in the order of their bytes.
  let unknownLabels: [String]
  /// The classifier's features; without one the means of log-mel spectrograms.
  var features: Features
  /// The log-mel spectrograms of the first clips, by every definition.
  let neighborFeatures: [Features]
  /// The spectral costs of the first clips that have spectrograms, one for each channel.
  let spectral: [SpectralCost]
  /// The waveforms of the first clips.
  let shown: [Waveform]
}

/// The consistency of a spectrogram, and the cost of its inversion.
struct SpectralCost: Sendable {
  /// See ``SpectralConsistency``; nil if it is silent or too small.
  let consistency: Double?
  /// The spectral convergence in dB.
  let convergence: Double
  /// The log-spectral distance in dB.
  let logDistance: Double
}
