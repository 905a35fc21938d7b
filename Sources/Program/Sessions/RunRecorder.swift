internal import Safetensors
internal import SpecGANDatasets
internal import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANRuns
internal import SpecGANSettings
internal import SpecGANSynthesis
internal import SpecGANTraining
internal import Waveforms

/// A writer of a run: its folder, configuration, log, checkpoints, previews and session record.
///
/// Only the recorder writes these files. It holds the run's lock from its first write until it is
/// deallocated.
final class RunRecorder {
  /// The run's folder.
  let run: RunFolder
  /// The handling of failed writes.
  let attempts: WriteAttempts
  /// The step of the last checkpoint on this branch of the run.
  private(set) var lastSavedStep: Int?
  /// The settings that ``begin()`` writes.
  var configuration: Configuration
  private let cache: Cache
  private var lock: FolderLock?
  private var log: SessionLog
  /// Whether the log of earlier sessions ends at the step from which this one continues.
  private var isLogCut = false
  /// The record of the session; nil if none is written.
  var record: SessionRecord?
  /// The record as it was last written.
  private var writtenRecord: SessionRecord?
  /// Whether the session may overwrite files in the folder: it resumes, or has written there.
  private var ownsFolder = false
  /// Whether the checkpoint of step 0 is kept, because a roll-back may need it: a run that began
  /// with the weights of another has no other copy of them.
  var keepsFirst = false
  /// The steps of checkpoints that are damaged or belong to an abandoned branch; they are removed
  /// after the next checkpoint.
  private var outdatedSteps: Set<Int> = []
  /// The step of the checkpoint that is kept only because it has the best score.
  private var keptAsBest: Int?

  /// Creates a recorder of `run`, trained on `cache` with `threads` threads; it writes nothing yet.
  ///
  /// - Throws: ``SpecGANError`` if the system fails while the cache is read.
  init(
    _ run: RunFolder, _ configuration: Configuration, from cache: Cache, threads: Int
  ) throws(SpecGANError) {
    self.run = run
    self.configuration = configuration
    self.cache = cache
    attempts = WriteAttempts(configuration.recovery.writeFailure)
    log = SessionLog(path: run.logPath)
    record =
      try configuration.monitoring.report ? SessionRecord(from: cache, threads: threads) : nil
  }

  private func takeLock() throws(SpecGANError) {
    guard lock == nil else { return }
    lock = try FolderLock.take(run.path)
    guard lock != nil else { throw .busy(run: run.path) }
  }
}

// MARK: - Beginning

extension RunRecorder {
  /// Opens an existing run to resume it, and returns its last intact checkpoint, if it has any.
  ///
  /// - Throws: ``SpecGANError`` if another process trains it, or no checkpoint is intact.
  func reopen() throws(SpecGANError) -> FoundCheckpoint? {
    try takeLock()
    ownsFolder = true
    let found = try run.lastWholeCheckpoint()
    outdatedSteps = Set((found?.damaged ?? []).map(\.step))
    lastSavedStep = found?.checkpoint.step
    return found
  }

  /// Whether the last session at the run was killed before it recorded its outcome; throws if the
  /// system fails.
  var isCutOff: Bool {
    get throws(SpecGANError) {
      guard record != nil, let last = try SessionRecord(of: run) else { return false }
      return last.outcome == nil
    }
  }

  /// Returns the entries of the log up to `step`.
  func logEntries(upTo step: Int) throws(SpecGANError) -> [RunLog.Entry] {
    guard try Folder.exists(run.logPath) else { return [] }
    return try RunLog.entries(path: run.logPath).filter { $0.step <= step }
  }

  /// Truncates the log after `step`, from which the run continues.
  func cutLog(after step: Int) throws(SpecGANError) {
    guard !isLogCut else { return }
    try RunLog.cut(path: run.logPath, after: step)
    isLogCut = true
  }

  /// Creates the folder. Every failure throws, whatever the configuration says, because nothing is
  /// lost yet.
  func begin() throws(SpecGANError) {
    try Folder.create(run.checkpointFolder)
    try takeLock()
    // Another process may have begun it since this session was opened.
    if !ownsFolder, try run.hasBegun { throw .runExists(path: run.path) }
    ownsFolder = true
    for folder in try run.writtenFolders() { try AtomicFile.removeAbandoned(in: folder) }
    try writeConfiguration()
    try CacheUsers.add(run.path, to: cache.path)
  }

  /// Checks that the run, which has no checkpoint, has not lost one.
  ///
  /// - Throws: ``SpecGANError`` if its log has a step after the first checkpoint on schedule.
  func checkNoneLost() throws(SpecGANError) {
    guard try Folder.exists(run.logPath), let last = try RunLog.entries(path: run.logPath).last
    else {
      return
    }
    let before = try ifUsable { () throws(SpecGANError) in
      try Configuration(path: run.configurationPath)
    }
    guard last.step <= (before ?? configuration).training.checkpointSteps else {
      throw .checkpointsGone(run: run.path, step: last.step)
    }
  }

  /// Writes the settings of a run that has no step left, if they have changed.
  func keepConfiguration() throws(SpecGANError) {
    let written = try ifUsable { () throws(SpecGANError) in
      try MappedFile(path: run.configurationPath).contents
    }
    if written != Array(configuration.yaml.utf8) { try writeConfiguration() }
  }

  /// Writes the settings, which may have changed since ``begin()``.
  func writeConfiguration() throws(SpecGANError) {
    try AtomicFile.replace(run.configurationPath, with: configuration.yaml)
  }

  /// Writes the latents of previews, and the real clips that previews are compared with.
  func write(_ latents: ChosenLatents, _ realClips: [PicturedClip]) throws(SpecGANError) {
    var writer = try SoundWriter(
      folder: run.realExamplesFolder, mastering: .init(), withPictures: true)
    try Preview.write(realClips, by: &writer)
    try latents.contents.write(to: run.previewLatentsPath)
  }
}

// MARK: - Steps

extension RunRecorder {
  /// Writes the log line of a step, and earlier ones that could not be written.
  func add(_ entry: RunLog.Entry) throws(SpecGANError) {
    log.add(entry)
    try writeLog()
  }

  /// Writes the log line of the last step again.
  func replaceLast(_ entry: RunLog.Entry) throws(SpecGANError) {
    log.goBack(to: entry.step - 1)
    try add(entry)
  }

  /// Writes a preview.
  func write(_ preview: Preview) throws(SpecGANError) {
    try attempts.write(.preview) { () throws(SpecGANError) in
      try preview.write(to: run.previewFolder(step: preview.step))
    }
  }

  /// Writes `checkpoint` and removes those that are not kept; returns false if the write fails.
  ///
  /// `best` is the step of the run's best score. A checkpoint that is kept `onlyAsBest` is removed
  /// when another one is the best, unless clips were generated with it meanwhile.
  func save(
    _ checkpoint: Checkpoint, best: Int?, onlyAsBest: Bool
  ) throws(SpecGANError) -> Bool {
    let step = checkpoint.step
    // First the log, so that a checkpoint that survives a power failure has its log entries.
    if attempts.failure(of: .log) == nil {
      try attempts.write(.log) { () throws(SpecGANError) in try log.flush() }
    }
    try attempts.write(.checkpoint) { () throws(SpecGANError) in
      try checkpoint.write(to: run.checkpointPath(step: step))
      lastSavedStep = step
    }
    guard lastSavedStep == step else { return false }
    let training = configuration.training
    try attempts.write(.oldCheckpoints) { () throws(SpecGANError) in
      outdatedSteps.remove(step)
      if let keptAsBest, best != keptAsBest, !(try run.stepsOfClips.contains(keptAsBest)) {
        outdatedSteps.insert(keptAsBest)
      }
      if onlyAsBest { keptAsBest = step }
      if keptAsBest != best { keptAsBest = nil }
      try removeOutdated()
      // A roll-back needs the last checkpoint on schedule.
      try run.keepCheckpoints(
        last: training.checkpointsKept, notCounting: keptAsBest,
        and: [
          try branchSteps(upTo: step).last(where: training.isCheckpointDue),
          keepsFirst ? 0 : nil, best,
        ])
    }
    return true
  }

  /// Writes the record of the running session or, with an `outcome`, of the ended one.
  func writeRecord(_ outcome: SessionOutcome? = nil) throws(SpecGANError) {
    guard var record else { return }
    record.outcome = outcome?.rawValue
    guard record != writtenRecord else { return }
    try attempts.write(.sessionRecord) { () throws(SpecGANError) in
      try record.write(to: run)
      writtenRecord = record
    }
  }

  /// Retries failed writes of the log.
  ///
  /// - Throws: ``SpecGANError`` if the log or the last checkpoint still cannot be written.
  func finish() throws(SpecGANError) {
    try writeLog()
    if let error = attempts.failure(of: .checkpoint) ?? attempts.failure(of: .log) { throw error }
  }

  private func writeLog() throws(SpecGANError) {
    try attempts.write(.log) { () throws(SpecGANError) in try log.write() }
  }
}

// MARK: - Branches

extension RunRecorder {
  /// Returns the steps of this branch up to `last` that have a checkpoint, rising.
  func branchSteps(upTo last: Int = .max) throws(SpecGANError) -> [Int] {
    try run.checkpointSteps().filter { $0 > 0 && $0 <= last && !outdatedSteps.contains($0) }
  }

  /// Abandons the branch after `step`, from which the run continues; `isSaved` if it has a
  /// checkpoint.
  ///
  /// Nothing is written before ``removeBranch(after:)``.
  func leaveBranch(after step: Int, isSaved: Bool) throws(SpecGANError) {
    lastSavedStep = isSaved ? step : nil
    if isSaved { attempts.forget(.checkpoint) }
    log.goBack(to: step)
    outdatedSteps.formUnion(try branchSteps().filter { $0 > step })
  }

  /// Removes the files of the branch that was abandoned after `step`, before the new one is logged.
  func removeBranch(after step: Int) throws(SpecGANError) {
    try attempts.write(.oldCheckpoints) { () throws(SpecGANError) in try removeOutdated() }
    try attempts.write(.oldPreviews) { () throws(SpecGANError) in
      try run.removePreviews(after: step)
    }
    try writeLog()
  }

  private func removeOutdated() throws(SpecGANError) {
    try run.removeCheckpoints(outdatedSteps)
    outdatedSteps = []
  }
}

extension TrainingConfiguration {
  /// Returns whether the schedule has a checkpoint after `step`.
  func isCheckpointDue(after step: Int) -> Bool { step % checkpointSteps == 0 }
}
