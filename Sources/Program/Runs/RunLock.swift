package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANSettings

/// The right to train a run, taken when it is needed and held until it is dropped.
package struct RunLock {
  private let run: RunFolder
  private var lock: FolderLock?

  /// The right to train `run`, not taken yet.
  package init(_ run: RunFolder) { self.run = run }

  /// Makes sure that nobody else trains the run, whose folder must be there.
  ///
  /// - Throws: ``SpecGANError`` where somebody does.
  package mutating func take() throws(SpecGANError) {
    guard lock == nil else { return }
    lock = try FolderLock.take(run.path)
    guard lock != nil else { throw .busy(run: run.path) }
  }
}
