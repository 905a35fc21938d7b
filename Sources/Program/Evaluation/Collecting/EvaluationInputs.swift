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

/// The opened clips of an evaluation. Opening finds errors before the work begins.
package struct EvaluationInputs {
  let request: EvaluationRequest
  let classifier: Classifier?
  /// The log-mel spectrograms of all clips.
  let features: FeatureSet
  /// The format of all clips: the same sample rate and slice length.
  let audio: AudioConfiguration
  /// All real clips that are not held out, among which copies are searched.
  let training: CachedSounds
  /// The real clips, the held-out ones, and the samples in their order.
  let columns: [SoundColumn]
  /// The files in folders that were skipped.
  package let skipped: [SkippedSource]
  /// The files in folders that were used and have remarks.
  package let fileRemarks: [SourceRemark]
  /// Warnings about skipped checkpoints.
  package let warnings: [String]
  /// Remarks on choices that the request leaves open.
  package let remarks: [String]

  /// The number of clips of all sets.
  package var clipCount: Int { columns.reduce(0) { $0 + $1.source.count } }
  /// The number of sets, with those of real clips.
  package var setCount: Int { columns.count }

  /// Opens the sets that `request` names.
  ///
  /// - Throws: ``SpecGANError`` if something is missing, unusable, or does not match the rest.
  package init(
    _ request: EvaluationRequest, engine: Engine, watch: EvaluationWatch = .init()
  ) throws(SpecGANError) {
    try request.check()
    self.request = request
    classifier = try request.classifier.map { (path) throws(SpecGANError) in
      try Classifier(path: path)
    }
    features = request.features ?? classifier?.features ?? .audible
    if let path = request.classifier, let classifier, classifier.features != features {
      throw .otherFeatures(path: path, found: classifier.features, wanted: features)
    }
    let samples = try request.samples.map { (text) throws(SpecGANError) in
      try OpenedSample(text, request)
    }
    var opener = SoundOpener(
      request, classifier, features, samples.lazy.compactMap(\.checkpoint).first, engine, watch)
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
    fileRemarks = opener.fileRemarks
    warnings = samples.flatMap(\.warnings)
    remarks = opener.remarks
  }

  /// Returns the inversion of real spectrograms: as requested, or that of the first sample.
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
  /// Returns `count` random elements, or all, in a random order that depends on their number and on
  /// `seed`.
  func taking(_ count: Int, seed: UInt64) -> [Int] {
    let order = RandomStream(seed: seed, purpose: .evaluation).permutation(of: self.count)
    return order.prefix(count).map { self[$0] }
  }
}

/// A set of clips whose path was examined, with its checkpoint if it has one.
struct OpenedSample {
  let name: SampleName
  let checkpoint: (path: String, checkpoint: Checkpoint)?
  /// The inversion of its spectrograms; nil if it has none.
  let inversion: InversionConfiguration?
  let warnings: [String]

  /// Whether `path` contains audio rather than a run or a checkpoint.
  private static func isSounds(_ path: String) throws(SpecGANError) -> Bool {
    if try Folder.isFolder(path) {
      if try Cache.exists(at: path) { return true }
      return try !RunFolder(path: path).isStarted
    }
    // A damaged checkpoint is recognized by its name.
    if path.hasSuffix(".safetensors") { return false }
    let file = try ifUsable { () throws(SpecGANError) in try SafetensorsFile(path: path) }
    return try file == nil ? Folder.exists(path) : false
  }

  init(_ text: String, _ request: EvaluationRequest) throws(SpecGANError) {
    name = try SampleName(text)
    guard try !Self.isSounds(name.path) else {
      if name.method != nil { throw .notInverted(text: text, path: name.path) }
      (checkpoint, inversion, warnings) = (nil, nil, [])
      return
    }
    let found: FoundCheckpoint
    found = try RunFolder.checkpoint(for: name.path)
    checkpoint = (found.path, found.checkpoint)
    warnings = found.warnings
    guard found.checkpoint.configuration.model.samplesAreSpectrograms else {
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
