package import SpecGANErrors
internal import SpecGANFiles

/// The folder of a run: its configuration, its log and its checkpoints.
package struct RunFolder: Equatable, Sendable {
  /// Where it is.
  package let path: String

  /// The run at `path`, which need not be there yet.
  package init(path: String) { self.path = path }

  /// The configuration as it was resolved.
  package var configurationPath: String { path + "/configuration.yaml" }
  /// A line of JSON a step.
  package var logPath: String { path + "/log.jsonl" }
  /// Where the checkpoints are.
  package var checkpointFolder: String { path + "/checkpoints" }
  /// The latents that all previews are of; `generate --latents` takes them.
  package var previewLatentsPath: String { path + "/previews/latents.safetensors" }
  /// Examples of the cache, to compare previews with.
  package var realExamplesFolder: String { path + "/previews/real" }
  /// The preview of `step`.
  package func previewFolder(step: Int) -> String { "\(path)/previews/\(Self.stem(step))" }

  /// The folders of it that files are written to, as far as they are there.
  ///
  /// - Throws: ``SpecGANError`` where one cannot be read.
  package func writtenFolders() throws(SpecGANError) -> [String] {
    let previews = "\(path)/previews"
    let names = Folder.isFolder(previews) ? try Folder.entries(of: previews) : []
    return ([path, checkpointFolder] + names.map { "\(previews)/\($0)" }).filter(Folder.isFolder)
  }

  /// The folder of the run whose own configuration is at `path`; nil where it is nobody's.
  ///
  /// So that a run that was moved goes on where it is.
  package static func holding(configuration path: String) -> String? {
    let run = RunFolder(path: Folder.parent(of: path))
    let isOwn = run.isStarted && Folder.areSame(path, run.configurationPath)
    return isOwn ? run.path : nil
  }

  /// Whether something has been trained here.
  package var isStarted: Bool { hasBegun || Folder.exists(checkpointFolder) }

  /// Whether a session has had the run's lock, which lies in the folder of the checkpoints.
  package var hasBegun: Bool { Folder.exists(configurationPath) || Folder.exists(logPath) }

  /// The checkpoint of `step`.
  package func checkpointPath(step: Int) -> String {
    "\(checkpointFolder)/\(Self.stem(step))\(Self.suffix)"
  }

  /// The checkpoint of `step`, if it is there.
  package func existingCheckpointPath(step: Int) -> String? {
    let path = checkpointPath(step: step)
    return Folder.exists(path) ? path : nil
  }

  /// A name for `step` that sorts as its number.
  private static func stem(_ step: Int) -> String {
    let digits = String(step)
    return prefix + String(repeating: "0", count: max(stepDigits - digits.count, 0)) + digits
  }

  /// The steps that have a checkpoint, rising.
  ///
  /// - Throws: ``SpecGANError`` where the folder cannot be read.
  package func checkpointSteps() throws(SpecGANError) -> [Int] {
    guard Folder.exists(checkpointFolder) else { return [] }
    return try Folder.entries(of: checkpointFolder).compactMap { name in
      let digits = name.dropFirst(Self.prefix.count).dropLast(Self.suffix.count)
      guard let step = Int(digits), "\(checkpointFolder)/\(name)" == checkpointPath(step: step)
      else { return nil }
      return step
    }.sorted()
  }

  /// The steps that have a preview, rising; none if the folder cannot be read.
  package func previewSteps() -> [Int] {
    let names = (try? Folder.entries(of: Folder.parent(of: realExamplesFolder))) ?? []
    return names.compactMap { name in
      guard let step = name.split(separator: "-").last.flatMap({ Int($0) }),
        Folder.name(of: previewFolder(step: step)) == name
      else { return nil }
      return step
    }.sorted()
  }

  /// Removes the previews after `step`, which are of a branch that was left.
  ///
  /// - Throws: ``SpecGANError`` if one cannot be removed.
  package func removePreviews(after step: Int) throws(SpecGANError) {
    for folder in previewSteps().filter({ $0 > step }).map(previewFolder) {
      try Folder.remove(files: folder)
    }
  }

  private static let stepDigits = 8
  private static let prefix = "step-"
  private static let suffix = ".safetensors"
}
