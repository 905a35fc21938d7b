internal import Safetensors
internal import SpecGANDatasets
internal import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANRuns
internal import SpecGANSettings
internal import SpecGANSynthesis
internal import SpecGANTraining
internal import Waveforms

/// Writes a run: its folder, configuration, log, checkpoints, previews and session record.
///
/// Nothing else of a session writes them. It holds the run's lock from its first write on, until it
/// is dropped.
final class RunRecorder {
  /// The run's folder.
  let run: RunFolder
  /// The rule for what cannot be written.
  let attempts: WriteAttempts
  /// The step whose state a checkpoint of this branch of the run holds.
  private(set) var lastSavedStep: Int?
  private let configuration: Configuration
  private var lock: FolderLock?
  private var log: SessionLog
  /// The record of the session, if there is to be one, and as it was last written.
  private var record: SessionRecord?
  private var writtenRecord: SessionRecord?
  /// Whether the folder's files may be this session's: it resumes, or has written there.
  private var ownsFolder = false
  /// Steps of checkpoints that are damaged or of a branch that was left, to be removed when there
  /// is a new one.
  private var outdatedSteps: Set<Int> = []

  /// A recorder of `run`, trained from `cache` on `threads` threads; nothing is written yet.
  init(_ run: RunFolder, _ configuration: Configuration, from cache: Cache, threads: Int) {
    self.run = run
    self.configuration = configuration
    attempts = WriteAttempts(configuration.recovery.writeFailure)
    log = SessionLog(path: run.logPath)
    record = configuration.monitoring.report ? SessionRecord(from: cache, threads: threads) : nil
  }

  private func takeLock() throws(SpecGANError) {
    guard lock == nil else { return }
    lock = try FolderLock.take(run.path)
    guard lock != nil else { throw .busy(run: run.path) }
  }
}

// MARK: - Beginning

extension RunRecorder {
  /// Opens a run that has begun, to resume it, and returns its last intact checkpoint, if it has
  /// one.
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

  /// Whether the last session at the run was killed before it recorded its outcome.
  var isCutOff: Bool { record != nil && SessionRecord(of: run)?.outcome == nil }

  /// Cuts the log off after `step`, and returns the entries that stay.
  func cutLog(after step: Int) throws(SpecGANError) -> [RunLog.Entry] {
    try RunLog.cut(path: run.logPath, after: step)
  }

  /// Makes the folder; any failure is an error, whatever the configuration says, as nothing is lost
  /// yet.
  func begin() throws(SpecGANError) {
    try Folder.create(run.checkpointFolder)
    try takeLock()
    // Another process may have begun it since this session was opened.
    if !ownsFolder && run.hasBegun { throw .runExists(path: run.path) }
    ownsFolder = true
    for folder in try run.writtenFolders() { try AtomicFile.removeAbandoned(in: folder) }
    try AtomicFile.replace(run.configurationPath, with: configuration.yaml)
  }

  /// Writes what previews are made from and compared with: `latents`, and examples of the cache.
  func write(_ latents: ChosenLatents, _ realClips: [PicturedClip]) throws(SpecGANError) {
    var writer = try SoundWriter(
      folder: run.realExamplesFolder, format: .pcm16, withPictures: true)
    try Preview.write(realClips, by: &writer)
    try latents.contents.write(to: run.previewLatentsPath)
  }
}

// MARK: - Steps

extension RunRecorder {
  /// Writes the line of a step, and those that could not be written before it.
  func add(_ entry: RunLog.Entry) throws(SpecGANError) {
    log.add(entry)
    try writeLog()
  }

  /// Writes a preview.
  func write(_ preview: Preview) throws(SpecGANError) {
    try attempts.write(.preview) { () throws(SpecGANError) in
      try preview.write(to: run.previewFolder(step: preview.step))
    }
  }

  /// Writes `checkpoint`, and removes those that are not to be kept; false if the write fails.
  ///
  /// `best` is the step of the run's best score.
  func save(_ checkpoint: Checkpoint, best: Int?) throws(SpecGANError) -> Bool {
    let step = checkpoint.step
    // A checkpoint that survives a power cut has its lines.
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
      try removeOutdated()
      // A roll-back would go to the last one on schedule; patience ends with the best of the log.
      try run.keepCheckpoints(
        last: training.checkpointsKept,
        and: [
          try branchSteps(upTo: step).last(where: training.isCheckpointDue),
          training.patience > 0 ? best : nil,
        ])
    }
    return true
  }

  /// Writes that a session trains the run or, with an `outcome`, that it has ended.
  func writeRecord(_ outcome: SessionOutcome? = nil) throws(SpecGANError) {
    guard var record else { return }
    record.outcome = outcome?.rawValue
    guard record != writtenRecord else { return }
    try attempts.write(.sessionRecord) { () throws(SpecGANError) in
      try record.write(to: run)
      writtenRecord = record
    }
  }

  /// Tries again what could not be written.
  ///
  /// - Throws: ``SpecGANError`` if the log or the last checkpoint still cannot be.
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
  /// The steps of this branch up to `last` that have a checkpoint, rising.
  func branchSteps(upTo last: Int = .max) throws(SpecGANError) -> [Int] {
    try run.checkpointSteps().filter { $0 > 0 && $0 <= last && !outdatedSteps.contains($0) }
  }

  /// Leaves the branch after `step`, where the run goes on; `isSaved` if from a checkpoint.
  ///
  /// Nothing is written before ``removeBranch(after:)``.
  func leaveBranch(after step: Int, isSaved: Bool) throws(SpecGANError) {
    lastSavedStep = isSaved ? step : nil
    if isSaved { attempts.forget(.checkpoint) }
    log.goBack(to: step)
    outdatedSteps.formUnion(try branchSteps().filter { $0 > step })
  }

  /// Removes the files of the branch that was left after `step`, before the log shows the new one.
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
  /// Whether a checkpoint is due after `step`, wherever the run was stopped.
  func isCheckpointDue(after step: Int) -> Bool { step % checkpointSteps == 0 }
}
