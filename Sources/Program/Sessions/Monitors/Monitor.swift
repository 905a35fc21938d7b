package import Networks
package import SpecGANErrors
package import SpecGANRuns
package import SpecGANSettings
package import SpecGANTensors
internal import SpecGANTraining

/// An observer that shows a run during training, such as an event file or a page.
///
/// A session calls it in the order of steps, always from one thread. Its errors do not affect the
/// run's checkpoints.
package protocol Monitor: AnyObject {
  /// Records the step just completed.
  func record(
    _ entry: RunLog.Entry, of networks: TrainedNetworksView
  ) throws(SpecGANError)
  /// Records the preview after the step just recorded.
  func record(_ preview: Preview, of networks: TrainedNetworksView) throws(SpecGANError)
  /// Updates the display; the session has just written the checkpoint of `step`.
  func checkpointWritten(step: Int) throws(SpecGANError)
  /// Removes everything after `step`: the run continues from there on another branch.
  func rolledBack(to step: Int) throws(SpecGANError)
  /// Shows the outcome of the session; its last checkpoint and preview are written.
  func stopped(_ outcome: SessionOutcome) throws(SpecGANError)
}

extension Monitor {
  package func rolledBack(to step: Int) throws(SpecGANError) {}
  package func stopped(_ outcome: SessionOutcome) throws(SpecGANError) {}
}

/// A view of the weights in training, which the next step changes.
package struct TrainedNetworksView {
  /// The generator's weights.
  package let generator: Parameters
  /// The critic's weights.
  package let critic: Parameters

  init(_ trainer: Trainer) {
    generator = trainer.generator
    critic = trainer.critic
  }
}

/// The standard monitors.
package enum Monitors {
  /// Returns the monitors that the `monitoring` section of `configuration` turns on: event files
  /// for TensorBoard and a page, in the folder of `run`.
  package static func standard(
    for configuration: Configuration, run: RunFolder, engine: Engine
  ) -> [any Monitor] {
    var monitors: [any Monitor] = []
    if configuration.monitoring.tensorboard {
      monitors.append(EventMonitor(configuration, run: run, engine: engine))
    }
    if configuration.monitoring.report { monitors.append(ReportMonitor(run)) }
    return monitors
  }
}
