package import SpecGANErrors
package import SpecGANTensors
internal import SpecGANTraining
internal import SpecGANWorkers

/// The expected time of a training step on a number of threads, which this machine need not have.
///
/// A step divides its work as on that many threads, but one thread does all of it, and the CPU time
/// of every task is measured. ``TaskCosts`` derives the time, and says what is not modeled.
package struct ThreadSimulation: Equatable, Sendable {
  /// The costs of one kind of pass of one layer in a step.
  package struct Pass: Equatable, Sendable {
    /// The layer, by the reference's name of its parameters; nil for the work outside of passes,
    /// such as the optimizers'.
    package let layer: String?
    /// The kind of pass; nil for the work outside of passes.
    package let kind: PassTimer.Kind?
    /// The costs in all measured steps.
    fileprivate let costs: TaskCosts
    fileprivate let steps: Int
    fileprivate let threads: Int

    /// The number of times that the threads begin work together.
    package var runs: Double { Double(costs.runs.count) / Double(steps) }
    /// The number of tasks of all runs.
    package var tasks: Double { Double(costs.taskCount) / Double(steps) }
    /// The number of tasks of the run that loses the most time.
    package var tasksOfWorstRun: Int { costs.tasksOfWorstRun(threads: threads) }
    /// The CPU time of the longest task, in s.
    package var longestTask: Double { costs.longestTask }
    /// The CPU time between the runs, when all threads but one are idle, in s.
    package var serial: Double { costs.serial / Double(steps) }
    /// The CPU time of all tasks and between the runs, in s.
    package var cpu: Double { costs.cpu / Double(steps) }
    /// The expected wall time, in s.
    package var seconds: Double { costs.seconds(threads: threads) / Double(steps) }
    /// The expected wall time minus that of the same work if all threads were always busy, in s.
    package var lost: Double { seconds - cpu / Double(threads) }
  }

  /// The number of threads.
  package let threads: Int
  /// The costs of the passes, in the order of their first calls, and last the work outside of them.
  package let passes: [Pass]

  /// The CPU time of a step, in s. It may depend on the number of threads, which decides the size
  /// of tasks.
  package var cpu: Double { passes.reduce(0) { $0 + $1.cpu } }
  /// The expected wall time of a step, in s.
  package var seconds: Double { passes.reduce(0) { $0 + $1.seconds } }
  /// The share of the threads' time in which they work, from 0 to 1.
  package var efficiency: Double { cpu / (Double(threads) * seconds) }

  /// Measures steps with the settings of `configuration`, on noise, after an untimed update of each
  /// network, divided as for `threads` threads.
  ///
  /// There is one step, or all steps of a round of `training.penalty_interval` updates.
  ///
  /// - Throws: ``SpecGANError`` if memory is too small, or training on noise diverges.
  package init(
    of configuration: TrainingBenchmark.Configuration, threads: Int
  ) throws(SpecGANError) {
    let recorder = TaskRecorder()
    let engine = Engine(simulating: threads, recorder: recorder)
    let trainer = try TrainingBenchmark.trainer(configuration, engine)
    let steps = trainer.configuration.penaltyInterval
    let timer: PassTimer
    do throws(Divergence) {
      var losses = StepLosses()
      try trainer.updateCritic(0, &losses)
      try trainer.updateGenerator(&losses)
      timer = PassTimer(recorder: recorder)
      engine.timer = timer
      for _ in 0..<steps { _ = try trainer.takeStep() }
    } catch {
      throw .diverged(run: "the benchmark", step: trainer.step + 1, error)
    }
    let outside = Pass(
      layer: nil, kind: nil, costs: timer.tasksOutsidePasses(), steps: steps, threads: threads)
    self.threads = threads
    passes =
      timer.entries.map {
        Pass(
          layer: $0.layer, kind: $0.kind, costs: $0.tasks, steps: steps, threads: threads)
      } + [outside]
  }
}
