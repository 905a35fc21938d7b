internal import Networks
internal import Safetensors
internal import SpecGANDatasets
internal import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANRuns
internal import SpecGANSettings
internal import SpecGANTraining

// What a session leaves in its run's folder, and takes up from there.

extension TrainingSession {
  /// Makes the folder; what fails here is an error whatever the configuration says, as nothing is lost yet.
  func prepareFolder() throws(SpecGANError) {
    try Folder.create(run.checkpointFolder)
    try lock.take()
    // Another process may have begun it since this session was opened.
    if !ownsFolder && run.hasBegun { throw .runExists(path: run.path) }
    ownsFolder = true
    for folder in try run.writtenFolders() { try AtomicFile.removeAbandoned(in: folder) }
    try AtomicFile.replace(run.configurationPath, with: configuration.yaml)
    try previewer.prepare()
  }

  /// Whether a checkpoint is due after `step`; where the run was stopped does not matter.
  func isOnSchedule(_ step: Int) -> Bool { step % configuration.training.checkpointSteps == 0 }

  /// The checkpoint of the step with the best score in the log; nil where that step has none.
  ///
  /// With `training.patience` every step that has the best score so far leaves one, and the best one stays.
  package var bestCheckpointPath: String? {
    guard let best = scores.best else { return nil }
    let path = run.checkpointPath(step: best.step)
    return Folder.exists(path) ? path : nil
  }

  /// Leaves a checkpoint of where the session stands.
  ///
  /// - Throws: ``SpecGANError`` also where something was to be tried again and there is no time left.
  func stop(_ outcome: SessionOutcome, _ report: Report) throws(SpecGANError) {
    if lastSavedStep != trainer.step, try save(report) { try tellOfCheckpoint(report) }
    try write(.log, report) { () throws(SpecGANError) in try log.write() }
    if let error = writeFailures[.checkpoint] ?? writeFailures[.log] { throw error }
    try tellMonitors(report) { monitor throws(SpecGANError) in try monitor.stopped(outcome) }
  }

  /// Makes and writes a preview of where the session stands; nil where that makes no sound.
  func makePreview(_ report: Report) throws(SpecGANError) -> Preview? {
    guard let preview = try previewer.preview(of: checkpoint) else {
      report(
        .warning(
          "\(run.path): the generator gives samples that are no numbers, or too large for a sound, at step "
            + "\(trainer.step); there is no preview of it."))
      return nil
    }
    lastPreview = preview
    try write(.preview, report) { () throws(SpecGANError) in try previewer.write(preview) }
    return preview
  }

  /// Leaves a checkpoint, and removes those that are not to be kept; false where it could not be written.
  ///
  /// - Throws: ``SpecGANError`` where it would hold what is no number.
  func save(_ report: Report) throws(SpecGANError) -> Bool {
    try checkWeights()
    let step = trainer.step
    // A checkpoint that survives a power cut has its lines.
    if writeFailures[.log] == nil {
      try write(.log, report) { () throws(SpecGANError) in try log.flush() }
    }
    try write(.checkpoint, report) { () throws(SpecGANError) in
      try checkpoint.write(to: run.checkpointPath(step: step))
      lastSavedStep = step
    }
    guard lastSavedStep == step else { return false }
    try write(.oldCheckpoints, report) { () throws(SpecGANError) in
      outdatedSteps.remove(step)
      try removeOutdated()
      // A roll-back would go to the last one on schedule; patience ends with the best of the log.
      try run.keepCheckpoints(
        last: configuration.training.checkpointsKept,
        and: [
          try currentCheckpointSteps().last(where: isOnSchedule),
          configuration.training.patience > 0 ? scores.best?.step : nil,
        ])
    }
    return true
  }

  /// Tells the monitors of the checkpoint just written.
  func tellOfCheckpoint(_ report: Report) throws(SpecGANError) {
    try tellMonitors(report) { monitor throws(SpecGANError) in try monitor.checkpointWritten() }
  }

  /// The steps of this course, up to where the run stands, that have a checkpoint, rising.
  func currentCheckpointSteps(upTo last: Int? = nil) throws(SpecGANError) -> [Int] {
    let last = last ?? trainer.step
    return try run.checkpointSteps().filter {
      $0 > 0 && $0 <= last && !outdatedSteps.contains($0)
    }
  }

  /// Removes the checkpoints that are damaged or of a course that was left.
  func removeOutdated() throws(SpecGANError) {
    try run.removeCheckpoints(outdatedSteps)
    outdatedSteps = []
  }

  private func checkWeights() throws(SpecGANError) {
    for state in [trainer.generatorState, trainer.criticState] {
      guard let name = state.firstNotFinite else { continue }
      throw .diverged(run: run.path, step: trainer.step, .notFinite(name))
    }
  }

  /// What the run is now.
  private var checkpoint: Checkpoint {
    var checkpoint = Checkpoint(
      trainer, configuration: configuration, fingerprint: cache.fingerprint,
      moments: cache.moments, labels: labels)
    if let lastPreview, lastPreview.step == trainer.step {
      checkpoint.score = lastPreview.distance
    }
    return checkpoint
  }

  /// Brings the trainer to the last whole checkpoint and the log to its step, and returns what a user
  /// should know of it.
  func resume() throws(SpecGANError) -> [String] {
    guard run.isStarted else { return [] }
    try lock.take()
    ownsFolder = true
    let found = try run.lastWholeCheckpoint()
    if let found {
      try restore(found)
      outdatedSteps = Set(found.damaged.map(\.step))
    }
    let entries = try RunLog.cut(path: run.logPath, after: trainer.step)
    secondsBefore = entries.last?.wallSeconds ?? 0
    for entry in entries { scores.add(entry) }
    return found?.warnings ?? []
  }

  /// Takes over what `found` holds, where it is of this run.
  func restore(_ found: FoundCheckpoint) throws(SpecGANError) {
    let checkpoint = found.checkpoint
    let differences = checkpoint.configuration.trainingDifferences(from: configuration)
    guard differences.isEmpty else {
      throw .otherConfiguration(run: run.path, differences: differences)
    }
    guard checkpoint.fingerprint == cache.fingerprint, checkpoint.labels == labels else {
      throw .otherCache(run: run.path, cache: cache.path)
    }
    guard trainer.restore(checkpoint) else { throw .notResumable(path: found.path) }
    lastSavedStep = checkpoint.step
    writeFailures[.checkpoint] = nil
  }
}
