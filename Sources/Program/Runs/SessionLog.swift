package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANSettings

/// The log as a session writes it.
///
/// Lines that cannot be written wait in memory, in order, so that none is missing when the disk has
/// space again.
package struct SessionLog {
  private let path: String
  private var waiting: [RunLog.Entry] = []
  /// The last step whose line is kept, if the file still has later ones.
  private var lastStepKept: Int?

  /// Creates a writer of the log at `path`.
  package init(path: String) { self.path = path }

  /// Adds `entry` to the lines to write.
  package mutating func add(_ entry: RunLog.Entry) { waiting.append(entry) }

  /// Removes the lines after `step`; the next write removes them from the file.
  package mutating func goBack(to step: Int) {
    waiting.removeAll { $0.step > step }
    lastStepKept = step
  }

  /// Flushes the written lines to disk.
  ///
  /// - Throws: ``SpecGANError`` if that fails.
  package func flush() throws(SpecGANError) {
    try AppendOnlyFile(path: path).flush()
  }

  /// Writes the waiting lines; those that fail keep waiting.
  ///
  /// - Throws: ``SpecGANError`` if the log cannot be read or written.
  package mutating func write() throws(SpecGANError) {
    if let lastStepKept { try RunLog.cut(path: path, after: lastStepKept) }
    lastStepKept = nil
    var written = 0
    defer { waiting.removeFirst(written) }
    // Opened each time: that is fast compared with a step, and creates the file again if the user
    // moved it.
    let file = try AppendOnlyFile(path: path)
    for entry in waiting {
      try file.append(line: RunLog.line(entry))
      written += 1
    }
  }
}
