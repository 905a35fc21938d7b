internal import Scores
internal import SpecGANClassification
internal import SpecGANDatasets
internal import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANRuns
internal import SpecGANSettings
internal import SpecGANSynthesis
internal import SpecGANTensors
internal import SpecGANTraining
internal import Spectra
internal import Waveforms

/// An opener of caches and folders of audio, which ensures one sample rate and one length.
struct SoundOpener {
  /// A cache, with the owner of a temporary one.
  struct OpenedCache {
    let cache: Cache
    let owner: TemporaryCache?
  }

  private(set) var skipped: [SkippedSource] = []
  private(set) var fileRemarks: [SourceRemark] = []
  private(set) var remarks: [String] = []
  private let request: EvaluationRequest
  private let classifier: Classifier?
  private let features: FeatureSet
  private let engine: Engine
  private let watch: EvaluationWatch
  private let spectrogram: SpectrogramConfiguration
  /// The format to which audio in folders is converted.
  private var audio: AudioConfiguration
  /// The path whose settings those are; nil if they are the defaults.
  private var authority: String?
  /// The labels of the real clips that are not held out.
  private var labelShares = LabelShares()

  init(
    _ request: EvaluationRequest, _ classifier: Classifier?, _ features: FeatureSet,
    _ checkpoint: (path: String, checkpoint: Checkpoint)?, _ engine: Engine,
    _ watch: EvaluationWatch
  ) {
    (self.request, self.classifier, self.features) = (request, classifier, features)
    (self.engine, self.watch) = (engine, watch)
    let configuration = checkpoint?.checkpoint.configuration ?? Configuration()
    spectrogram = configuration.spectrogram
    audio = classifier?.audio ?? configuration.audio
    authority = classifier == nil ? checkpoint?.path : request.classifier
  }

  /// Opens the real clips, whose settings apply to all other folders.
  mutating func openReal() throws(SpecGANError) -> OpenedCache {
    try Self.refuseRun(request.real, option: "real")
    let real = try open(request.real)
    audio = real.cache.audio
    authority = authority ?? request.real
    if let path = request.classifier, let classifier, classifier.audio.normalize != audio.normalize
    {
      remarks.append(
        audio.normalize
          ? "Real clips are scaled to a peak of 1; \(path) was trained without scaling."
          : "Real clips are not scaled; \(path) was trained on clips scaled to a peak of 1.")
    }
    return real
  }

  /// Opens the cache at `path`, or decodes that folder into one, scaled to a peak of 1 if the real
  /// clips are and if `isScaled`.
  private mutating func open(
    _ path: String, isScaled: Bool = true
  ) throws(SpecGANError) -> OpenedCache {
    guard try Folder.exists(path) else { throw .notFound(path: path) }
    if try Cache.exists(at: path) {
      let cache = try Cache(
        verifying: path,
        progress: { watch.progress(.init(task: "verifying", done: $0.done, total: $0.total)) },
        isInterrupted: watch.isInterrupted)
      try checkRate(cache.audio, of: path)
      try check(cache.audio, of: path)
      return OpenedCache(cache: cache, owner: nil)
    }
    try checkRate(audio, of: authority ?? path)
    var audio = audio
    audio.normalize = audio.normalize && isScaled
    let owner = try TemporaryCache(of: path, audio, spectrogram, workers: engine.workers, watch)
    skipped += owner.skipped.filter { !Self.isBeside($0.path) }
    fileRemarks += owner.remarks
    return OpenedCache(cache: owner.cache, owner: owner)
  }

  /// Refuses a run or a checkpoint in place of real clips.
  private static func refuseRun(_ path: String, option: String) throws(SpecGANError) {
    if try Cache.exists(at: path) { return }
    let isRun =
      try Folder.isFolder(path)
      ? RunFolder(path: path).isStarted : path.hasSuffix(".safetensors")
    if isRun { throw .notReal(path: path, option: option) }
  }

  /// Whether the file at `path` is one that `generate` writes beside audio.
  private static func isBeside(_ path: String) -> Bool {
    [".safetensors", ".png", "/\(OutputFolder.manifestName)"].contains { path.hasSuffix($0) }
  }

  private func checkRate(
    _ audio: AudioConfiguration, of path: String
  ) throws(SpecGANError) {
    guard audio.sampleRate >= features.leastSampleRate else {
      throw .rateTooLow(path: path, found: audio.sampleRate, least: features.leastSampleRate)
    }
  }

  /// Checks that the settings `found` of `path` match those of the other sets.
  ///
  /// - Throws: ``SpecGANError`` if they do not.
  private func check(
    _ found: AudioConfiguration, of path: String
  ) throws(SpecGANError) {
    let channels = classifier?.audio.channels ?? 1
    let mixes = found.channels == channels || found.channels == 1 || channels == 1
    guard let authority,
      found.sampleRate != audio.sampleRate || found.sliceLength != audio.sliceLength || !mixes
    else { return }
    throw .otherAudio(
      path: path, found: found, authority: authority,
      expected: classifier?.audio ?? audio)
  }

  // MARK: - Held-out sounds

  /// Returns the slices of `real` to which sets are compared, and the held-out ones.
  mutating func split(
    _ real: OpenedCache
  ) throws(SpecGANError) -> (kept: [Int], heldOut: (cache: OpenedCache, slices: [Int])) {
    if let path = request.heldOut {
      let isReal = try path == request.real ? true : Folder.areSame(path, request.real)
      if isReal { throw .sameSounds(path: path) }
      try Self.refuseRun(path, option: "held-out")
      let heldOut = try open(path)
      let kept = Array(0..<real.cache.count)
      labelShares = try LabelShares(of: kept, in: real.cache)
      return (kept, (heldOut, Array(0..<heldOut.cache.count)))
    }
    let split = try HeldOutSplit(of: real.cache, named: request.real, classifier)
    let judge = request.classifier.map { path in
      split.isClassifiers
        ? "They are the test part of the classifier. "
        : "They are not the test part of \(path), which may have been trained on them. "
    }
    remarks.append(
      "\(request.real): \(split.heldOut.count) of \(real.cache.count) clips are held out, by \(split.unit.rawValue). "
        + (judge ?? "")
        + "A model that was trained on the whole cache has seen them; --held-out names others.")
    labelShares = try LabelShares(of: split.kept, in: real.cache)
    return (split.kept, (real, split.heldOut))
  }

  // MARK: - Samples

  /// Returns the column of `sample`.
  mutating func column(_ sample: OpenedSample) throws(SpecGANError) -> SoundColumn {
    let name = sample.name
    guard let (path, checkpoint) = sample.checkpoint else {
      // The output of a model is not scaled.
      let opened = try open(name.path, isScaled: false)
      let slices = Array(0..<opened.cache.count).taking(request.count, seed: request.seed)
      return SoundColumn(
        name: name.text, path: name.path, kind: .sounds,
        source: try CachedSounds(opened.cache, slices, inversion: nil, owner: opened.owner),
        available: opened.cache.count)
    }
    try check(checkpoint.configuration.audio, of: path)
    let source = GeneratedSounds(
      path: path, checkpoint: checkpoint,
      numbers: numbers(of: checkpoint, path: name.text).taking(request.count, seed: request.seed),
      seed: request.seed, inversion: sample.inversion ?? InversionConfiguration())
    return SoundColumn(
      name: name.text, path: path, kind: .generated, source: source, available: nil,
      recipe: Self.recipe(checkpoint, source.inversion))
  }

  /// Returns the numbers of the clips of `checkpoint` that are evaluated.
  private mutating func numbers(of checkpoint: Checkpoint, path: String) -> [Int] {
    if labelShares.areUnequal(for: checkpoint.labels) {
      remarks.append("\(path): clips are generated with the label distribution of the real clips.")
    }
    return labelShares.clipNumbers(count: request.count, labels: checkpoint.labels)
  }

  private static func recipe(
    _ checkpoint: Checkpoint, _ inversion: InversionConfiguration
  ) -> SoundColumn.Recipe {
    var settings = checkpoint.configuration
    (settings.paths, settings.training.seed, settings.inversion) = (.init(), 0, inversion)
    settings.monitoring = .init()
    let training = SoundColumn.Recipe.Training(
      settings: settings.yaml, fingerprint: checkpoint.fingerprint, origin: checkpoint.origin,
      labels: checkpoint.labels)
    return SoundColumn.Recipe(
      training: training, step: checkpoint.step, seed: checkpoint.configuration.training.seed)
  }
}

/// The user's name for a set of clips: a path, and `@METHOD` after it for another inversion method
/// than the run's own.
struct SampleName {
  let text: String
  let path: String
  let method: InversionMethod?

  /// Parses `text`. An existing path is taken literally, even with an `@` in it.
  ///
  /// - Throws: ``SpecGANError`` if the path does not exist.
  init(_ text: String) throws(SpecGANError) {
    self.text = text
    if try Folder.exists(text) {
      (path, method) = (text, nil)
      return
    }
    guard let at = text.lastIndex(of: "@"), try Folder.exists(String(text[..<at])) else {
      throw .notFound(path: text)
    }
    path = String(text[..<at])
    let word = String(text[text.index(after: at)...])
    guard let method = InversionMethod(rawValue: word) else {
      throw .inversionMethod(text: text, found: word)
    }
    self.method = method
  }
}
