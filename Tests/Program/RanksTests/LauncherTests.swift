import SpecGANErrors
import SpecGANRanks
import Testing

@Suite struct LauncherTests {
  /// No launcher starts the tests.
  @Test func aProcessAloneHasNoRanks() throws {
    #expect(try Launcher.ranks(endingWith: 75, patience: 60) { _ in } == nil)
  }
}
