package import Networks
package import SpecGANErrors
package import SpecGANRuns
package import SpecGANSettings
package import SpecGANTensors
internal import SpecGANTraining

/// Shows a run while it is trained, such as an event file or a page.
///
/// A session calls it in the order of steps, always from one thread, with values. Its errors do not
/// harm the run's checkpoints.
package protocol Monitor: AnyObject {
  /// Takes in the step just done.
  func record(
    _ entry: RunLog.Entry, of networks: TrainedNetworksView
  ) throws(SpecGANError)
  /// Takes in the preview made after the step just recorded.
  func record(_ preview: Preview, of networks: TrainedNetworksView) throws(SpecGANError)
  /// Brings up to date what is shown; the session has just written the checkpoint of `step`.
  func checkpointWritten(step: Int) throws(SpecGANError)
  /// Takes back what came after `step`: the run goes on from there on another branch.
  func rolledBack(to step: Int) throws(SpecGANError)
  /// Shows that the session has ended and why; its last checkpoint and preview are written.
  func stopped(_ outcome: SessionOutcome) throws(SpecGANError)
}

extension Monitor {
  package func rolledBack(to step: Int) throws(SpecGANError) {}
  package func stopped(_ outcome: SessionOutcome) throws(SpecGANError) {}
}

/// A window onto the weights in training, which the next step changes.
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

/// The monitors that a configuration asks for.
package enum Monitors {
  /// Event files for TensorBoard and a page, as the `monitoring` section of `configuration` says,
  /// in the folder of `run`.
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
