/// What a run shows of itself: the `monitoring` section of a configuration. None of it enters what
/// is learnt.
package struct MonitoringConfiguration: Equatable, Sendable {
  /// Sounds of a preview; 0 for none.
  package var previewCount = 8
  /// The longest way from one preview to the next, in steps; the first ones come sooner.
  package var previewSteps = 1_000
  /// Steps from one point of a curve in TensorBoard to the next.
  package var scalarSteps = 10
  /// Whether events for TensorBoard are written.
  package var tensorboard = true
  /// Whether a report page is written.
  package var report = true

  /// Everything on.
  package init() {}
}
