package import SpecGANErrors
internal import SpecGANModels
package import SpecGANSettings
internal import SpecGANTensors
internal import SpecGANTraining
internal import SpecGANWorkers

/// The pace of training on this machine, from a few steps on noise.
package struct TrainingPace: Equatable, Sendable {
  /// The mean wall time of a step, in s.
  package let secondsPerStep: Double
  /// The number of threads.
  package let threads: Int

  /// The number of steps after which the spectrograms of the quickstart's drums had recognizable
  /// shapes; other sounds may need more.
  package static let recognizableSteps = 3_000

  /// The duration of ``recognizableSteps``, in s.
  package var secondsUntilRecognizable: Double {
    Double(Self.recognizableSteps) * secondsPerStep
  }

  /// The number of steps in an hour.
  package var stepsPerHour: Double { 3600 / secondsPerStep }

  /// Measures steps with `settings`, on noise and without augmentation, after an untimed one.
  ///
  /// The steps are complete rounds of the updates between two penalties.
  ///
  /// - Parameters:
  ///   - settings: the networks and the training; conditional networks get ten labels.
  ///   - threads: the number of threads.
  ///   - seconds: the duration after which no other round begins.
  /// - Throws: ``SpecGANError`` if memory is too small, or training on noise diverges.
  package init(
    of settings: Configuration, threads: Int, during seconds: Double
  ) throws(SpecGANError) {
    var configuration = TrainingBenchmark.Configuration()
    configuration.settings = settings
    configuration.threads = threads
    let trainer = try TrainingBenchmark.trainer(configuration, Engine(threads: threads))
    func takeStep() throws(SpecGANError) {
      do throws(Divergence) { _ = try trainer.takeStep() } catch {
        throw .diverged(run: "the measurement", step: trainer.step + 1, error)
      }
    }
    try takeStep()
    let start = ContinuousClock.now
    var steps = 0
    repeat {
      for _ in 0..<trainer.configuration.penaltyInterval { try takeStep() }
      steps += trainer.configuration.penaltyInterval
    } while start.secondsPassed < seconds
    secondsPerStep = start.secondsPassed / Double(steps)
    self.threads = threads
  }
}
