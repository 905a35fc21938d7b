import SpecGANErrors
import SpecGANFiles
import Testing

@Suite struct FileErrorTests {
  @Test func everySentenceSaysWhereAndWhatToDo() {
    let path = "kick.wav"
    let errors: [SpecGANError] = [
      .notFound(path: path), .unreadable(path: path, reason: "r"),
      .unwritable(path: path, reason: "r"), .appending(path), .flushing(path),
    ]
    for error in errors {
      #expect(error.description.hasPrefix(path))
      #expect(error.description.contains("; "))
      #expect(error.description.hasSuffix("."))
    }
  }
}
