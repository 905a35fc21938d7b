import SpecGANDatasets
import SpecGANErrors
import SpecGANFiles
import SpecGANRuns
import SpecGANSettings
import SpecGANWorkers

/// Training from a folder of sounds: `train --sounds` does what `init --for`, `preprocess` and
/// `train` do, with the same bytes.
extension Train {
  /// Returns the request for a run on `sounds`, whose cache is made up to date.
  ///
  /// A run that has begun keeps its settings. A new one has those of the file beside its folder,
  /// which is written if it does not exist.
  func request(on sounds: String, _ interruption: Interruption) throws -> Request {
    let folder = RunFolder(path: runFolder ?? PathsConfiguration().run)
    try check(folder)
    let isResumed = try Folder.exists(folder.configurationPath)
    if !isResumed { try folder.checkIsFree() }
    let (file, isNew) =
      try isResumed
      ? (folder.configurationPath, false) : settingsFile(for: sounds, of: folder, interruption)
    do {
      var request = try request(of: file)
      request.areChosen = isNew && settings.settings.isEmpty && model == nil
      try updateCache(of: request, from: sounds, interruption)
      return request
    } catch {
      // A later call, perhaps with other sounds, would use these settings.
      if isNew { try? Folder.remove(file: file) }
      throw error
    }
  }

  /// Returns the path of the configuration of a new run, `run.yaml` beside `run`, and whether it is
  /// new. If there is no such file, it is written with settings that suit `sounds`.
  private func settingsFile(
    for sounds: String, of run: RunFolder, _ interruption: Interruption
  ) throws -> (path: String, isNew: Bool) {
    var file = run.path
    while file.hasSuffix("/") { file.removeLast() }
    file += ".yaml"
    let messages = progress.messages
    if try Folder.exists(file) {
      messages.announce("Using the settings of \(file). Delete it to choose them again.")
      return (file, false)
    }
    let folder = try interruption.ending(messages) {
      try SoundFolder(
        sounds, threads: threads.threads, messages: messages,
        isInterrupted: { interruption.isRequested })
    }
    folder.announce(to: messages)
    var suited = folder.suited
    var paths = PathsConfiguration()
    (paths.cache, paths.run) = (cache ?? paths.cache, runFolder ?? paths.run)
    suited.setPaths(paths)
    try Folder.create(Folder.parent(of: file))
    try AtomicFile.replace(file, with: suited.text)
    messages.announce("Wrote \(file), with the reason for each setting.")
    return (file, true)
  }

  /// Preprocesses `sounds` into the cache of `request`, unless it is up to date.
  private func updateCache(
    of request: Request, from sounds: String, _ interruption: Interruption
  ) throws {
    let path = request.cachePath
    if try Cache.exists(at: path) {
      let isOfSounds = try ifUsable { () throws(SpecGANError) in
        try Cache(path: path).sharesSound(with: sounds)
      }
      if isOfSounds == false { throw SpecGANError.otherSounds(cache: path, sounds: sounds) }
    }
    let configuration = request.configuration
    let preprocessor = try Preprocessor(
      inputs: [sounds], output: path, audio: configuration.audio,
      spectrogram: configuration.spectrogram, longestDuration: configuration.longestSeconds,
      workers: Workers(count: threads.threads))
    let messages = progress.messages
    do {
      let summary = try CacheWriter(
        preprocessor: preprocessor, messages: messages, interruption: interruption
      ).run()
      messages.report(summary, of: [sounds])
    } catch let error as SpecGANError {
      throw error.code == "runs.cacheOfRuns"
        ? SpecGANError.changedSounds(sounds: sounds, error) : error
    }
  }
}
