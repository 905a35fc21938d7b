import SpecGANTestSupport
import Testing

/// The scores of `evaluate`, tested with real clips whose damage is known.
@Suite struct MeasureTests {
  /// Inaudible backgrounds do not change the scores, and audible damage does; see
  /// `tools/experiments/measure.py`, which exits with status 1 otherwise.
  @Test(.python(.measure)) func onlyAudibleDamageChangesTheScores() throws {
    try withTemporaryFolder { folder in
      let fixtures = Fixtures.path("measure")
      let result = try RunningProgram(
        try #require(ReferencePython.measure.path),
        [
          "\(Fixtures.repository)/tools/experiments/measure.py", fixtures, "--work",
          folder.path("work"), "--program", Program.path, "--classifier",
          "\(fixtures)/digits.classifier", "--count", "50", "--small",
        ], in: folder, patience: .seconds(900)
      ).wait()
      #expect(result.status == 0, "\(result.output)\(result.messages)")
      #expect(!result.output.contains("broken") && result.output.contains("holds"))
    }
  }
}
