internal import Safetensors
internal import Scores
internal import SpecGANClassification
package import SpecGANDatasets
package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANModels
internal import SpecGANRandomness
internal import SpecGANRuns
internal import SpecGANSettings
internal import SpecGANSynthesis
package import SpecGANTensors
internal import Spectra
internal import Waveforms

/// The sounds of an evaluation, opened: what is wrong with them is known before any work is done.
package struct EvaluationInputs {
  let request: EvaluationRequest
  let classifier: Classifier?
  /// What all sounds are brought to; its rate and slice length are everybody's.
  let audio: AudioConfiguration
  /// All real sounds that are not held out: what copies are looked for in.
  let training: CachedSounds
  /// The real sounds, the held-out ones, and the samples in their order.
  let columns: [SoundColumn]
  /// Files in folders that could not be used.
  package let skipped: [SkippedSource]
  /// Sentences on checkpoints that were passed over.
  package let warnings: [String]
  /// Sentences on what was chosen where nothing was asked for.
  package let remarks: [String]

  /// Opens what `request` names.
  ///
  /// - Throws: ``SpecGANError`` where something is missing, cannot be used, or does not go with the
  ///   rest.
  package init(
    _ request: EvaluationRequest, engine: Engine, watch: EvaluationWatch = .init()
  ) throws(SpecGANError) {
    try request.check()
    self.request = request
    classifier = try request.classifier.map { (path) throws(SpecGANError) in
      try Classifier(path: path)
    }
    let samples = try request.samples.map { (text) throws(SpecGANError) in
      try OpenedSample(text, request)
    }
    var opener = SoundOpener(
      request, classifier, samples.lazy.compactMap(\.checkpoint).first, engine, watch)
    let real = try opener.openReal()
    audio = real.cache.audio
    let inversion = Self.inversion(request, samples)
    let split = try opener.split(real)
    let chosen = split.kept.taking(request.count, seed: request.seed)
    training = try CachedSounds(
      real.cache, split.kept, inversion: nil, owner: real.owner)
    let heldOut = split.heldOut.cache
    columns =
      [
        SoundColumn(
          name: "real", path: request.real, kind: .real,
          source: try CachedSounds(real.cache, chosen, inversion: inversion, owner: real.owner),
          available: split.kept.count),
        SoundColumn(
          name: "held-out", path: request.heldOut ?? request.real, kind: .heldOut,
          source: try CachedSounds(
            heldOut.cache, split.heldOut.slices.taking(request.count, seed: request.seed),
            inversion: inversion, owner: heldOut.owner), available: split.heldOut.slices.count),
      ]
      + (try samples.map { (sample) throws(SpecGANError) in
        try opener.column(sample)
      })
    skipped = opener.skipped
    warnings = samples.flatMap(\.warnings)
    remarks = opener.remarks
  }

  /// How real spectrograms are inverted, to hear what that costs: as was asked for, or as the first
  /// of the samples.
  private static func inversion(
    _ request: EvaluationRequest, _ samples: [OpenedSample]
  ) -> InversionConfiguration {
    var inversion = InversionConfiguration()
    if let method = request.inversion {
      inversion.method = method
    } else if let first = samples.lazy.compactMap(\.inversion).first {
      inversion = first
    }
    return inversion
  }
}

extension [Int] {
  /// `count` of them by chance, or all, in an order by chance that depends on how many there are
  /// and on `seed`.
  func taking(_ count: Int, seed: UInt64) -> [Int] {
    let order = RandomStream(seed: seed, purpose: .evaluation).permutation(of: self.count)
    return order.prefix(count).map { self[$0] }
  }
}

/// A set of sounds whose path has been looked at, and whose checkpoint, if it is one, has been
/// read.
struct OpenedSample {
  let name: SampleName
  let checkpoint: (path: String, checkpoint: Checkpoint)?
  /// How its spectrograms are inverted; nil where it has none.
  let inversion: InversionConfiguration?
  let warnings: [String]

  /// Whether there are sounds at `path`, and no run or checkpoint.
  private static func isSounds(_ path: String) -> Bool {
    if Folder.isFolder(path) {
      return Cache.exists(at: path) || !RunFolder(path: path).isStarted
    }
    // A damaged checkpoint is told by its name.
    let isCheckpoint = path.hasSuffix(".safetensors") || (try? SafetensorsFile(path: path)) != nil
    return Folder.exists(path) && !isCheckpoint
  }

  init(_ text: String, _ request: EvaluationRequest) throws(SpecGANError) {
    name = try SampleName(text)
    guard !Self.isSounds(name.path) else {
      if name.method != nil { throw .notInverted(text: text, path: name.path) }
      (checkpoint, inversion, warnings) = (nil, nil, [])
      return
    }
    let found: FoundCheckpoint
    found = try RunFolder.checkpoint(for: name.path)
    checkpoint = (found.path, found.checkpoint)
    warnings = found.warnings
    guard try SampleCodec(found.checkpoint).isInverted else {
      if name.method != nil { throw .notInverted(text: text, path: name.path) }
      inversion = nil
      return
    }
    var inversion = found.checkpoint.configuration.inversion
    if let method = name.method ?? request.inversion {
      (inversion.method, inversion.iterations) = (method, nil)
    }
    self.inversion = inversion
  }
}
