import SpecGANErrors
import SpecGANFiles
import SpecGANTestSupport
import Testing

@Suite struct FolderTests {
  @Test(arguments: [
    ("a/b", "a", "b"), ("a", ".", "a"), ("/a", "/", "a"), ("/a/b.c", "/a", "b.c"),
  ]) func aPathHasAParentAndAName(_ path: String, _ parent: String, _ name: String) {
    #expect(Folder.parent(of: path) == parent)
    #expect(Folder.name(of: path) == name)
  }

  @Test func theFoldersAboveAreMadeToo() throws {
    try withTemporaryFolder { folder in
      try Folder.create(folder.path("a/b/c"))
      try Folder.create(folder.path("a/b/c"))
      #expect(try Folder.isFolder(folder.path("a/b/c")))
      try Folder.create(folder.path("d/e/"))
      #expect(try Folder.isFolder(folder.path("d/e")))
    }
  }

  @Test func aFileInTheWayIsNamed() throws {
    try withTemporaryFolder { folder in
      let path = try folder.write([], as: "x")
      #expect(throws: SpecGANError.unwritable(path: path, reason: "it is not a folder")) {
        try Folder.create(path)
      }
      #expect(throws: SpecGANError.unwritable(path: path, reason: "it is not a folder")) {
        try Folder.create(path + "/y")
      }
      #expect(throws: SpecGANError.notFound(path: path + "/y")) {
        try MappedFile(path: path + "/y")
      }
      #expect(try Folder.exists(path) && !Folder.isFolder(path))
      #expect(try !Folder.exists(path + "/y"))
    }
  }

  @Test func entriesComeInTheOrderOfTheirBytes() throws {
    try withTemporaryFolder { folder in
      for name in ["b", "é", "B", "a", ".hidden", "a b"] { try folder.write([], as: name) }
      #expect(try Folder.entries(of: folder.path) == [".hidden", "B", "a", "a b", "b", "é"])
      #expect(throws: SpecGANError.notFound(path: folder.path("none"))) {
        try Folder.entries(of: folder.path("none"))
      }
    }
  }
}
