import Foundation
import SpecGANErrors
import SpecGANFiles
import SpecGANTestSupport
import Testing

/// Nothing of a user's is overwritten or removed, whatever the manifest says.
@Suite struct OutputFolderTests {
  private func make(
    _ names: [String], in folder: TemporaryFolder, replacing: Bool = false
  ) throws {
    var output = try OutputFolder(
      folder.path("out"), for: names, by: "test", replacing: replacing)
    try output.begin()
    for name in names { try folder.write(Array("text of \(name)".utf8), as: "out/\(name)") }
    try output.finish()
  }

  private func names(_ folder: TemporaryFolder) throws -> [String] {
    try Folder.entries(of: folder.path("out"))
  }

  @Test func aFolderWithFilesIsRefused() throws {
    try withTemporaryFolder { folder in
      try make(["a"], in: folder)
      let error = SpecGANError.outputExists(path: folder.path("out"), isFolder: true)
      #expect(throws: error) { try make(["b"], in: folder) }
      #expect(throws: error) { try OutputFolder.check(folder.path("out"), replacing: false) }
      try Folder.create(folder.path("empty"))
      try OutputFolder.check(folder.path("empty"), replacing: false)
      try OutputFolder.check(folder.path("none"), replacing: false)
    }
  }

  @Test func replacingRemovesWhatIsListedAndUnchanged() throws {
    try withTemporaryFolder { folder in
      try make(["a", "b", "c"], in: folder)
      try folder.write(Array("mine".utf8), as: "out/mine")
      try folder.write(Array("edited".utf8), as: "out/b")
      try make(["a", "d"], in: folder, replacing: true)
      #expect(try names(folder) == ["a", "b", "d", "manifest.jsonl", "mine"])
      #expect(try folder.bytes(of: "out/b") == Array("edited".utf8))
      try make(["x"], in: folder, replacing: true)
      #expect(try names(folder) == ["b", "manifest.jsonl", "mine", "x"])
    }
  }

  @Test(arguments: ["mine", "b", "manifest.jsonl"]) func aFileOfTheUserInTheWayChangesNothing(
    _ name: String
  ) throws {
    try withTemporaryFolder { folder in
      try make(["a", "b"], in: folder)
      try folder.write(Array("mine".utf8), as: "out/\(name)")
      let before = try names(folder)
      #expect(throws: SpecGANError.foreignOutput(path: folder.path("out/\(name)"))) {
        try make(name == "manifest.jsonl" ? ["c"] : [name, "c"], in: folder, replacing: true)
      }
      #expect(try names(folder) == before)
      #expect(try folder.bytes(of: "out/\(name)") == Array("mine".utf8))
    }
  }

  /// A manifest cannot reach another folder, or remove a folder.
  @Test func aManifestListsNamesOnly() throws {
    try withTemporaryFolder { folder in
      try folder.write([], as: "outside")
      try Folder.create(folder.path("out/sub"))
      let list = ["../outside", "sub", "."].map {
        #"{"checksum":"00000000","command":"x","name":"\#($0)"}"# + "\n"
      }.joined()
      try folder.write(Array(list.utf8), as: "out/manifest.jsonl")
      try make(["a"], in: folder, replacing: true)
      #expect(try Folder.exists(folder.path("outside")) && Folder.isFolder(folder.path("out/sub")))
    }
  }

  /// Complete ones by their checksum, and one that was announced last by its time.
  @Test func theFilesOfAKilledCommandAreReplaced() throws {
    try withTemporaryFolder { folder in
      func kill(writing: [String]) throws {
        var output = try OutputFolder(
          folder.path("out"), for: ["a", "b", "c"], by: "test", replacing: true)
        try output.begin(announcesAll: false)
        try output.announce(["a"])
        try folder.write([1], as: "out/a")
        try output.list(["a"])
        try output.announce(["b"])
        for name in writing { try folder.write([2], as: "out/\(name)") }
      }
      try kill(writing: ["b"])
      try make(["x"], in: folder, replacing: true)
      #expect(try names(folder) == ["manifest.jsonl", "x"])
      // Another name, or another time, is that of somebody else's file.
      try kill(writing: ["c"])
      #expect(throws: SpecGANError.foreignOutput(path: folder.path("out/c"))) {
        try make(["c"], in: folder, replacing: true)
      }
      try Folder.remove(file: folder.path("out/c"))
      for offset in [-100.0, 100] {
        try kill(writing: ["b"])
        try FileManager.default.setAttributes(
          [.modificationDate: Date(timeIntervalSinceNow: offset)],
          ofItemAtPath: folder.path("out/b"))
        #expect(throws: SpecGANError.foreignOutput(path: folder.path("out/b"))) {
          try make(["b"], in: folder, replacing: true)
        }
        try Folder.remove(file: folder.path("out/b"))
      }
    }
  }

  @Test func anInputIsNotRemoved() throws {
    try withTemporaryFolder { folder in
      try make(["a", "b"], in: folder)
      let path = folder.path("out/a")
      #expect(throws: SpecGANError.overwritesInput(path: path)) {
        try OutputFolder(
          folder.path("out"), for: ["c"], by: "test", reading: [path], replacing: true)
      }
      #expect(try names(folder) == ["a", "b", "manifest.jsonl"])
      _ = try OutputFolder(
        folder.path("new"), for: ["c"], by: "test", reading: [path], replacing: true)
    }
  }

  /// A file that changes while the command works stays.
  @Test func aFileThatChangesMeanwhileStays() throws {
    try withTemporaryFolder { folder in
      try make(["a", "b"], in: folder)
      var output = try OutputFolder(
        folder.path("out"), for: ["a"], by: "test", replacing: true)
      try folder.write(Array("mine".utf8), as: "out/a")
      #expect(throws: SpecGANError.foreignOutput(path: folder.path("out/a"))) {
        try output.begin()
      }
      #expect(try names(folder) == ["a", "b", "manifest.jsonl"])
      #expect(try folder.bytes(of: "out/a") == Array("mine".utf8))
    }
  }

  /// Otherwise the files that a kill leaves would belong to nobody.
  @Test func theListStaysWhileEarlierFilesAreRemoved() throws {
    try withTemporaryFolder { folder in
      try make(["a", "b", "c"], in: folder)
      var output = try OutputFolder(
        folder.path("out"), for: ["a"], by: "test", replacing: true)
      // Each could be the first one, in any order.
      for name in ["a", "b", "c"] {
        try Folder.remove(file: folder.path("out/\(name)"))
        try Folder.create(folder.path("out/\(name)"))
      }
      #expect(throws: SpecGANError.self) { try output.begin() }
      #expect(try names(folder).contains("manifest.jsonl"))
    }
  }

  /// Of a command that was killed while it wrote; the file of the user is not one.
  @Test func temporaryFilesAreRemovedWithAndWithoutOutput() throws {
    try withTemporaryFolder { folder in
      try make(["a"], in: folder)
      for name in ["out/.partial-1-1", ".partial-2-1", ".partial-mine"] {
        try folder.write([1], as: name)
      }
      try make(["a"], in: folder, replacing: true)
      #expect(try names(folder) == ["a", "manifest.jsonl"])
      try OutputFolder.check(file: folder.path("x"), replacing: false)
      #expect(try folder.names() == [".partial-mine", "out"])
    }
  }

  @Test func withoutAFileThereIsNoList() throws {
    try withTemporaryFolder { folder in
      var output = try OutputFolder(
        folder.path("out"), for: ["a"], by: "test", replacing: false)
      try output.begin()
      try output.finish()
      #expect(try names(folder) == [])
      try make(["a"], in: folder)
    }
  }

  @Test func aFileIsRefusedUnlessItIsToBeReplaced() throws {
    try withTemporaryFolder { folder in
      let path = try folder.write([1], as: "x")
      #expect(throws: SpecGANError.outputExists(path: path, isFolder: false)) {
        try OutputFolder.check(file: path, replacing: false)
      }
      try OutputFolder.check(file: path, replacing: true)
      try OutputFolder.check(file: folder.path("none"), replacing: false)
    }
  }
}
