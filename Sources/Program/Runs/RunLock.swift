internal import SpecGANFiles
package import SpecGANSettings

/// The right to train a run, taken when it is needed and held until it is dropped.
package struct RunLock {
  private let run: RunFolder
  private var lock: FolderLock?

  /// The right to train `run`, not taken yet.
  package init(_ run: RunFolder) { self.run = run }

  /// Makes sure that nobody else trains the run, whose folder must be there.
  ///
  /// - Throws: ``TrainingError/busy(run:)`` where somebody does.
  package mutating func take() throws(TrainingError) {
    guard lock == nil else { return }
    do { lock = try FolderLock.take(run.path) } catch { throw .file(error) }
    guard lock != nil else { throw .busy(run: run.path) }
  }
}
