internal import Foundation
package import SpecGANErrors
internal import SpecGANFiles

/// The checkpoints that generated clips need, as `clips.jsonl` in the run's folder lists them.
///
/// Each line names a folder of clips and the step of the checkpoint that generated them. Training
/// keeps that checkpoint, so that the clips can be generated again. The last line of a folder
/// counts: other clips in the same folder let the earlier checkpoint go. So does the removal of
/// the line.
extension RunFolder {
  /// The list.
  package var clipsPath: String { path + "/clips.jsonl" }

  private struct Line: Codable {
    /// The folder of clips, relative to the run's folder.
    let folder: String
    let step: Int
  }

  /// Lists the checkpoint of `step` as needed for the clips in `folder`, which exists. A run that
  /// may not be written, such as one of another user, stays unchanged.
  ///
  /// - Throws: ``SpecGANError`` if the list cannot be read or written for another reason.
  package func keep(_ step: Int, for folder: String) throws(SpecGANError) {
    guard let place = Folder.relativePath(of: folder, from: path),
      try stepsByFolder[Array(place.utf8)] != step
    else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let line = try? encoder.encode(Line(folder: place, step: step)) else { return }
    do throws(SpecGANError) {
      let line = String(decoding: line, as: UTF8.self)
      try AppendOnlyFile.append(line: line, toList: clipsPath)
    } catch {
      if !error.isForbidden { throw error }
    }
  }

  /// The steps whose checkpoints are needed for clips; throws if the system fails.
  package var stepsOfClips: Set<Int> {
    get throws(SpecGANError) { Set(try stepsByFolder.values) }
  }

  /// The step of each folder of clips, by the bytes of its path.
  private var stepsByFolder: [[UInt8]: Int] {
    get throws(SpecGANError) {
      let text = try ifUsable { () throws(SpecGANError) in
        try MappedFile(path: clipsPath).contents
      }
      var steps: [[UInt8]: Int] = [:]
      for bytes in (text ?? []).split(separator: UInt8(ascii: "\n")) {
        guard let line = try? JSONDecoder().decode(Line.self, from: Data(bytes)) else { continue }
        steps[Array(line.folder.utf8)] = line.step
      }
      return steps
    }
  }
}
