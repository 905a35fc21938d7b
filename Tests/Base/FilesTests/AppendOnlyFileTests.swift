import Glibc
import SpecGANErrors
import SpecGANFiles
import SpecGANTestSupport
import Testing

/// A file to which lines are added at the end, and its errors.
@Suite struct AppendOnlyFileTests {
  @Test func linesComeAfterWhatIsThere() throws {
    try withTemporaryFolder { folder in
      try folder.write(Array("one\n".utf8), as: "log")
      do {
        let file = try AppendOnlyFile(path: folder.path("log"))
        try file.append(line: "two")
        try file.append(line: "")
      }
      #expect(try folder.bytes(of: "log") == Array("one\ntwo\n\n".utf8))
    }
  }

  @Test func whatIsAddedAfterACutComesAtTheNewEnd() throws {
    try withTemporaryFolder { folder in
      let file = try AppendOnlyFile(path: folder.path("log"))
      for line in ["one", "two", "three"] { try file.append(line: line) }
      try file.truncate(to: 8)
      #expect(try folder.bytes(of: "log") == Array("one\ntwo\n".utf8))
      try file.append(line: "four")
      #expect(try folder.bytes(of: "log") == Array("one\ntwo\nfour\n".utf8))
      try file.truncate(to: 0)
      #expect(try folder.bytes(of: "log") == [])
    }
  }

  @Test func whatCannotBeAddedIsNamed() throws {
    let full = "/dev/full"
    let error = #expect(throws: SpecGANError.self) {
      try AppendOnlyFile(path: full).append(line: "one")
    }
    #expect(error?.code == "files.unappendable" && error?.path == full && error?.errno == ENOSPC)
    #expect(throws: SpecGANError.self) { try AppendOnlyFile(path: full).truncate(to: 0) }
    #expect(throws: SpecGANError.self) { _ = try AppendOnlyFile(path: "/no/such/folder/log").path }
  }

  @Test(arguments: ["", "a\n", "a\ntor", "tor"]) func aLineOfAListFollowsWholeLines(
    _ before: String
  ) throws {
    try withTemporaryFolder { folder in
      let path = try folder.write(Array(before.utf8), as: "list")
      try AppendOnlyFile.append(line: "b", toList: path)
      let whole = before.hasPrefix("a") ? "a\n" : ""
      #expect(try folder.bytes(of: "list") == Array("\(whole)b\n".utf8))
      try AppendOnlyFile.append(line: "c", toList: folder.path("new"))
      #expect(try folder.bytes(of: "new") == Array("c\n".utf8))
    }
  }
}
