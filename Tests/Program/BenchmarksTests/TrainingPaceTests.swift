import SpecGANBenchmarks
import SpecGANModels
import SpecGANSettings
import SpecGANTestSupport
import SpecGANTraining
import Testing

@Suite struct TrainingPaceTests {
  /// A step of wider networks takes longer, and an hour has the steps that fit into it.
  @Test(.training) func widerNetworksAreSlower() throws {
    func pace(_ dimension: Int) throws -> TrainingPace {
      var settings = Configuration.small
      (settings.network.dimension, settings.training.batchSize) = (dimension, 2)
      return try TrainingPace(of: settings, threads: 1, during: 0.2)
    }
    let (narrow, wide) = (try pace(1), try pace(16))
    #expect(narrow.secondsPerStep > 0 && wide.secondsPerStep > 2 * narrow.secondsPerStep)
    #expect(abs(wide.stepsPerHour * wide.secondsPerStep - 3600) < 1e-6)
    #expect(wide.threads == 1)
  }
}
