import SpecGANFiles
import Testing

@Suite struct FileErrorTests {
  @Test func everySentenceSaysWhereAndWhatToDo() {
    let path = "kick.wav"
    let errors: [FileError] = [
      .notFound(path: path), .unreadable(path: path, reason: "r"),
      .unwritable(path: path, reason: "r"), .unappendable(path: path, reason: "r"),
      .unflushed(path: path, reason: "r"),
    ]
    for error in errors {
      #expect(error.description.hasPrefix(path))
      #expect(error.description.contains("; "))
      #expect(error.description.hasSuffix("."))
    }
  }
}
