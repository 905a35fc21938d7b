internal import SpecGANDatasets
package import SpecGANErrors
internal import SpecGANFiles
internal import Waveforms

/// The folder of a run: its configuration, its log and its checkpoints.
package struct RunFolder: Equatable, Sendable {
  /// The path of the folder.
  package let path: String

  /// Creates a reference to the run at `path`, which may not exist yet.
  package init(path: String) {
    let end = path.lastIndex { $0 != "/" }
    self.path = end.map { String(path[...$0]) } ?? path
  }

  /// The file of the resolved configuration.
  package var configurationPath: String { path + "/configuration.yaml" }
  /// The card, which describes the run for others.
  package var cardPath: String { path + "/card.md" }
  /// The log, one line of JSON per step.
  package var logPath: String { path + "/log.jsonl" }
  /// The folder of the checkpoints.
  package var checkpointFolder: String { path + "/checkpoints" }
  /// The file of the latents of all previews, which `generate --latents` accepts.
  package var previewLatentsPath: String { path + "/previews/latents.safetensors" }
  /// The folder of real clips, to compare previews with.
  package var realExamplesFolder: String { path + "/previews/real" }
  /// Returns the file of the directions in the space of latents of the checkpoint of `step`, which
  /// `directions` writes.
  package func directionsPath(step: Int) -> String {
    "\(path)/\(Self.directionsPrefix)\(Self.stem(step)).safetensors"
  }
  private static let directionsPrefix = "directions-"
  /// Returns the folder of the preview after `step`.
  package func previewFolder(step: Int) -> String { "\(path)/previews/\(Self.stem(step))" }

  /// Returns those folders of the run that files are written to, if they exist.
  ///
  /// - Throws: ``SpecGANError`` if one cannot be read.
  package func writtenFolders() throws(SpecGANError) -> [String] {
    let previews = "\(path)/previews"
    let names = try Folder.isFolder(previews) ? Folder.entries(of: previews) : []
    var folders: [String] = []
    for folder in [path, checkpointFolder, previews] + names.map({ "\(previews)/\($0)" })
    where try Folder.isFolder(folder) { folders.append(folder) }
    return folders
  }

  /// Returns the folder of the run whose configuration is the file at `path`; nil if it belongs to
  /// none.
  ///
  /// So a run that was moved resumes at its new path.
  ///
  /// - Throws: ``SpecGANError`` if the system fails.
  package static func holding(configuration path: String) throws(SpecGANError) -> String? {
    let run = RunFolder(path: Folder.parent(of: path))
    let isOwn = try run.isStarted ? Folder.areSame(path, run.configurationPath) : false
    return isOwn ? run.path : nil
  }

  /// Checks that the file at `path`, which a command is to replace, is no part of a run or a cache.
  ///
  /// A run's report may be replaced, and so may files that others put into its folder.
  ///
  /// - Throws: ``SpecGANError`` if it is one.
  package static func checkIsNoPart(_ path: String) throws(SpecGANError) {
    guard let real = Folder.realPath(path) else { return }
    var folder = Folder.parent(of: real)
    if try Cache.exists(at: folder) { throw .partOf(path: path, whole: folder, kind: "cache") }
    let run = RunFolder(path: folder)
    let own = [run.configurationPath, run.logPath, run.sessionPath, run.clipsPath]
    let name = Folder.name(of: real)
    let isOwn =
      own.contains { Folder.name(of: $0) == name } || name.hasPrefix("events.out.")
      || name.hasPrefix(directionsPrefix)
    if isOwn, try run.isStarted { throw .partOf(path: path, whole: folder, kind: "run") }
    // In its folders of checkpoints and previews.
    for _ in 0..<2 {
      let parent = Folder.parent(of: folder)
      let isPart = ["checkpoints", "previews"].contains(Folder.name(of: folder))
      if isPart, try RunFolder(path: parent).hasBegun {
        throw .partOf(path: path, whole: parent, kind: "run")
      }
      folder = parent
    }
  }

  /// Checks that a run may begin in the folder: that it is no cache, and holds no audio itself or
  /// in its folders.
  ///
  /// - Throws: ``SpecGANError`` if it is or does.
  package func checkIsFree() throws(SpecGANError) {
    guard try Folder.isFolder(path) else { return }
    if try Cache.exists(at: path) { throw .holdsOther(run: path, what: "is a cache") }
    var names = try Folder.entries(of: path)
    for name in names where try Folder.isFolder("\(path)/\(name)") {
      let inside = try ifUsable { () throws(SpecGANError) in
        try Folder.entries(of: "\(path)/\(name)")
      }
      names += inside ?? []
    }
    if names.contains(where: AudioFile.isNamedLikeAudio) {
      throw .holdsOther(run: path, what: "holds audio")
    }
  }

  /// Whether the folder contains a run or the start of one; throws if the system fails.
  package var isStarted: Bool {
    get throws(SpecGANError) { try hasBegun ? true : Folder.exists(checkpointFolder) }
  }

  /// Whether the configuration or the log exists; a session writes them only under the run's lock.
  /// Throws if the system fails.
  package var hasBegun: Bool {
    get throws(SpecGANError) {
      try Folder.exists(configurationPath) ? true : Folder.exists(logPath)
    }
  }

  /// Returns the path of the checkpoint of `step`.
  package func checkpointPath(step: Int) -> String {
    "\(checkpointFolder)/\(Self.stem(step))\(Self.suffix)"
  }

  /// Returns the path of the checkpoint of `step`; nil if it does not exist.
  ///
  /// - Throws: ``SpecGANError`` if the system fails.
  package func existingCheckpointPath(step: Int) throws(SpecGANError) -> String? {
    let path = checkpointPath(step: step)
    return try Folder.exists(path) ? path : nil
  }

  /// Returns a name for `step` that sorts by its number.
  private static func stem(_ step: Int) -> String {
    let digits = String(step)
    return prefix + String(repeating: "0", count: max(stepDigits - digits.count, 0)) + digits
  }

  /// Returns the steps that have a checkpoint, rising.
  ///
  /// - Throws: ``SpecGANError`` if the folder cannot be read.
  package func checkpointSteps() throws(SpecGANError) -> [Int] {
    guard try Folder.exists(checkpointFolder) else { return [] }
    return try Folder.entries(of: checkpointFolder).compactMap { name in
      let digits = name.dropFirst(Self.prefix.count).dropLast(Self.suffix.count)
      guard let step = Int(digits), "\(checkpointFolder)/\(name)" == checkpointPath(step: step)
      else { return nil }
      return step
    }.sorted()
  }

  /// Returns the steps that have a preview, rising; empty if the folder may not be read.
  ///
  /// - Throws: ``SpecGANError`` if the system fails.
  package func previewSteps() throws(SpecGANError) -> [Int] {
    let names = try ifUsable { () throws(SpecGANError) in
      try Folder.entries(of: Folder.parent(of: realExamplesFolder))
    }
    return (names ?? []).compactMap { name in
      guard let step = name.split(separator: "-").last.flatMap({ Int($0) }),
        Folder.name(of: previewFolder(step: step)) == name
      else { return nil }
      return step
    }.sorted()
  }

  /// Removes the previews after `step`, which belong to an abandoned branch.
  ///
  /// - Throws: ``SpecGANError`` if one cannot be removed.
  package func removePreviews(after step: Int) throws(SpecGANError) {
    for folder in try previewSteps().filter({ $0 > step }).map(previewFolder) {
      try Folder.remove(files: folder)
    }
  }

  private static let stepDigits = 8
  private static let prefix = "step-"
  private static let suffix = ".safetensors"
}
