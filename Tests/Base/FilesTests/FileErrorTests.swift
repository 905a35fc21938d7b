import Glibc
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

  /// A missing file is an answer; a disk that fails, or a table of files that is full, is none.
  @Test func onlyAFailureOfTheSystemIsNoAnswer() throws {
    func asked(_ error: SpecGANError) throws(SpecGANError) -> Bool? {
      try ifUsable { () throws(SpecGANError) in throw error }
    }
    #expect(try ifUsable { () throws(SpecGANError) in 7 } == 7)
    #expect(try asked(.notFound(path: "x")) == nil)
    #expect(try asked(.unreadable(path: "x", reason: "r", errno: EACCES)) == nil)
    for number in [EIO, ESTALE, EMFILE, ENFILE, ENOMEM] {
      let error = SpecGANError.unreadable(path: "x", reason: "r", errno: number)
      #expect(throws: error) { try asked(error) }
    }
    #expect(SpecGANError.unwritable(path: "x", reason: "r", errno: EROFS).isForbidden)
    #expect(!SpecGANError.unwritable(path: "x", reason: "r", errno: ENOSPC).isForbidden)
  }
}
