import SpecGANErrors
import Testing

@Suite struct RequirementsTests {
  /// `precondition` would print nothing here in a release build.
  @Test func aViolatedRequirementPrintsItsSentence() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { require(1 > 2, "1 must be above 2") }
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(text.contains("1 must be above 2"))
  }

  @Test func aRequirementThatHoldsCostsNoSentence() {
    require(true, { () -> String in fatalError("the sentence is made") }())
  }
}
