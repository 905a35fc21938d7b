/// Settings of previews and other monitoring: the `monitoring` section of a configuration. Training
/// does not depend on them.
package struct MonitoringConfiguration: Equatable, Sendable {
  /// The number of clips in a preview; 0 for no previews.
  package var previewCount = 8
  /// The largest number of steps between previews; the first ones come sooner.
  package var previewSteps = 1_000
  /// The number of steps between points of a curve in TensorBoard.
  package var scalarSteps = 10
  /// Whether events for TensorBoard are written.
  package var tensorboard = true
  /// Whether a report page is written.
  package var report = true

  /// Creates settings with everything on.
  package init() {}
}
