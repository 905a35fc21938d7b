internal import SpecGANDatasets
import SpecGANExploration
import SpecGANFiles
import SpecGANReports
import SpecGANRuns

extension RunCard {
  /// Creates the card of the run that the checkpoint at `path` belongs to or, with a title, of
  /// clips that it generated.
  ///
  /// - Throws: ``SpecGANError`` if the record of the run or its cache cannot be read.
  init(
    of checkpoint: Checkpoint, at path: String, title: String? = nil, clips: [Clip]? = nil,
    copyDistance: Double = 0
  ) throws {
    self = try Self.maker(of: checkpoint, at: path)(title, clips, copyDistance)
  }

  /// Reads what cards of the checkpoint at `path` describe, once, and returns a function that
  /// creates one with a title, clips and a largest distance of copies.
  ///
  /// - Throws: ``SpecGANError`` if the record of the run or its cache cannot be read.
  static func maker(
    of checkpoint: Checkpoint, at path: String
  ) throws -> @Sendable (_ title: String?, _ clips: [Clip]?, _ copyDistance: Double) -> RunCard {
    let run = try RunFolder(holdingCheckpoint: path)
    let session = try run.flatMap { try SessionRecord(of: $0) }
    let sources = try TrainingClips.cache(of: checkpoint, at: path)?.sources()
    let name = name(of: run?.path ?? path)
    return { title, clips, copyDistance in
      RunCard(
        of: checkpoint, run: name, session: session, sources: sources, title: title, clips: clips,
        copyDistance: copyDistance)
    }
  }

  /// Returns the name of the file or folder `path`, also of the current folder.
  static func name(of path: String) -> String {
    let name = Folder.name(of: path)
    return [".", ".."].contains(name) ? Folder.name(of: Folder.realPath(path) ?? path) : name
  }
}
