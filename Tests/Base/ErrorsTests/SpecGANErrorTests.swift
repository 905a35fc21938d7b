import SpecGANErrors
import Testing

@Suite struct SpecGANErrorTests {
  private let error = SpecGANError(
    .badData, "audio.damaged", "kick.flac is damaged: frame 17 fails its CRC",
    advice: "export it again.", path: "kick.flac", line: 3, found: "frame 17")

  @Test func theSentenceIsTheStatementAndTheAdvice() {
    #expect(error.sentence == "kick.flac is damaged: frame 17 fails its CRC; export it again.")
    #expect("\(error)" == error.sentence)
    #expect(SpecGANError(.interrupted, "a.b", "It stopped.").sentence == "It stopped.")
  }

  @Test func thePredicateLeavesThePathOut() {
    #expect(error.predicate == "is damaged: frame 17 fails its CRC; export it again.")
    let colon = SpecGANError(.badData, "a.b", "x.yaml: no", advice: "do.", path: "x.yaml")
    #expect(colon.predicate == "no; do.")
    #expect(SpecGANError(.badData, "a.b", "No path.").predicate == "No path.")
  }

  @Test func otherAdviceAndAnotherPlaceKeepTheRest() {
    let changed = error.advising("pass --allow-damaged.").located(at: "sounds")
    #expect(
      changed.sentence
        == "sounds: kick.flac is damaged: frame 17 fails its CRC; pass --allow-damaged.")
    #expect(changed.kind == error.kind && changed.code == error.code && changed.path == error.path)
    #expect(changed.line == 3 && changed.found == "frame 17" && changed != error)
  }

  @Test func aCodeNamesItsRoom() {
    #expect(error.code == "audio.damaged" && error.code.room == "audio")
  }
}
