package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANSettings

/// The log as a session writes it: lines that cannot be written wait in memory, in order, so that
/// the file has none missing once there is room.
package struct SessionLog {
  private let path: String
  private var waiting: [RunLog.Entry] = []
  /// The last step whose line is to stay, where later ones are in the file still.
  private var lastStepKept: Int?

  /// The log at `path`.
  package init(path: String) { self.path = path }

  /// Takes `entry` in, to be written next.
  package mutating func add(_ entry: RunLog.Entry) { waiting.append(entry) }

  /// Takes back the lines after `step`.
  package mutating func goBack(to step: Int) {
    waiting.removeAll { $0.step > step }
    lastStepKept = step
  }

  /// Brings what was written to disk.
  ///
  /// - Throws: ``SpecGANError``.
  package func flush() throws(SpecGANError) {
    try AppendedFile(path: path).flush()
  }

  /// Writes what waits; what fails waits on.
  ///
  /// - Throws: ``SpecGANError``.
  package mutating func write() throws(SpecGANError) {
    if let lastStepKept { try RunLog.cut(path: path, after: lastStepKept) }
    lastStepKept = nil
    var written = 0
    defer { waiting.removeFirst(written) }
    // Opened each time: no step is so short that it matters, and whoever moved the log gets a new
    // one.
    let file = try AppendedFile(path: path)
    for entry in waiting {
      try file.append(line: RunLog.line(entry))
      written += 1
    }
  }
}
