import Foundation
import SpecGANChecksums
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

  /// Returns all files below the folder.
  private func files(_ folder: TemporaryFolder) throws -> [String] {
    let below = try FileManager.default.subpathsOfDirectory(atPath: folder.path("out")).sorted()
    return try below.filter { try Folder.isRegularFile(folder.path("out/\($0)")) }
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

  /// It may hold the sounds of a user, whether replacing is asked for or not.
  @Test(arguments: [false, true]) func aFolderWithoutAManifestIsRefused(replacing: Bool) throws {
    try withTemporaryFolder { folder in
      try Folder.create(folder.path("out/Kick"))
      try folder.write([1], as: "out/Kick/mine.wav")
      #expect(
        throws: SpecGANError.foreignFolder(path: folder.path("out"), manifest: "manifest.jsonl")
      ) {
        try make(["a", "Kick/1"], in: folder, replacing: replacing)
      }
      #expect(try files(folder) == ["Kick/mine.wav"])
      // Temporary files of a killed command do not count as files of a user.
      try Folder.remove(files: folder.path("out/Kick"))
      try folder.write([1], as: "out/.partial-1-1")
      try make(["a"], in: folder, replacing: replacing)
      #expect(try names(folder) == ["a", "manifest.jsonl"])
    }
  }

  /// Other programs have files of that name, too.
  @Test(arguments: [
    #"{"clip":"a","command":"x"}"# + "\n", #"{"command":"x","clip":1}"#, #"{"clip":"a"#, "[]",
  ])
  func aManifestOfAnotherProgramIsRefused(_ text: String) throws {
    try withTemporaryFolder { folder in
      try Folder.create(folder.path("out"))
      try folder.write(Array(text.utf8), as: "out/manifest.jsonl")
      #expect(throws: SpecGANError.foreignOutput(path: folder.path("out/manifest.jsonl"))) {
        try make(["a"], in: folder, replacing: true)
      }
      #expect(try folder.bytes(of: "out/manifest.jsonl") == Array(text.utf8))
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

  // MARK: - Folders in the folder

  @Test func filesInFoldersAreReplacedAndEmptyFoldersRemoved() throws {
    try withTemporaryFolder { folder in
      try make(["A/1", "A/2", "B/C/1", "B/2", "3"], in: folder)
      try folder.write(Array("mine".utf8), as: "out/A/mine")
      try folder.write(Array("edited".utf8), as: "out/A/2")
      try make(["A/1", "D/1"], in: folder, replacing: true)
      #expect(try files(folder) == ["A/1", "A/2", "A/mine", "D/1", "manifest.jsonl"])
      #expect(try names(folder) == ["A", "D", "manifest.jsonl"], "B and B/C are empty")
      #expect(try folder.bytes(of: "out/A/2") == Array("edited".utf8))
      try Folder.remove(file: folder.path("out/A/2"))
      try make(["3"], in: folder, replacing: true)
      #expect(try files(folder) == ["3", "A/mine", "manifest.jsonl"])
      // Names that Swift takes for equal are different folders.
      let accents = ["caf\u{E9}/1", "cafe\u{301}/1"]
      try make(accents, in: folder, replacing: true)
      #expect(try names(folder).count == 4 && files(folder).count == 4)
      try make(["4"], in: folder, replacing: true)
      #expect(try files(folder) == ["4", "A/mine", "manifest.jsonl"])
    }
  }

  /// A file or a link where a folder would be, and a file of the user in a folder.
  @Test func whatIsInTheWayOfAFolderChangesNothing() throws {
    try withTemporaryFolder { folder in
      try make(["A/1", "B"], in: folder)
      try Folder.create(folder.path("other"))
      try folder.write(Array("text of A/1".utf8), as: "other/1")
      func expectRefusal(_ names: [String], _ place: String) throws {
        let before = try files(folder)
        #expect(throws: SpecGANError.foreignOutput(path: folder.path("out/\(place)"))) {
          try make(names, in: folder, replacing: true)
        }
        #expect(try files(folder) == before)
      }
      try folder.write([], as: "out/mine")
      try expectRefusal(["mine/1"], "mine")
      try folder.write([], as: "out/A/2")
      try expectRefusal(["A/2"], "A/2")
      // A link in place of the folder that was written: nothing behind it is removed.
      try FileManager.default.moveItem(
        atPath: folder.path("out/A"), toPath: folder.path("moved"))
      try FileManager.default.createSymbolicLink(
        atPath: folder.path("out/A"), withDestinationPath: folder.path("other"))
      try expectRefusal(["A/1"], "A")
      try make(["B"], in: folder, replacing: true)
      #expect(try Folder.exists(folder.path("other/1")))
    }
  }

  /// Of paths that lead out of the folder, or through a link of it.
  @Test func aManifestCannotLeadOutOfTheFolder() throws {
    try withTemporaryFolder { folder in
      try folder.write(Array("x".utf8), as: "outside")
      try Folder.create(folder.path("out/sub"))
      let checksum = try CRC32.ofFile(folder.path("outside")).checksum.hexadecimal
      let list = ["../outside", "sub/../../outside", folder.path("outside"), "sub//x"].map {
        #"{"checksum":"\#(checksum)","command":"test","name":"\#($0)"}"# + "\n"
      }.joined()
      try folder.write(Array(list.utf8), as: "out/manifest.jsonl")
      try make(["a"], in: folder, replacing: true)
      #expect(try Folder.exists(folder.path("outside")) && Folder.isFolder(folder.path("out/sub")))
    }
  }

  @Test func aKilledCommandLeavesNothingInFolders() throws {
    try withTemporaryFolder { folder in
      var output = try OutputFolder(
        folder.path("out"), for: ["A/1", "B/1"], by: "test", replacing: false)
      try output.begin(announcesAll: false)
      #expect(try names(folder) == ["manifest.jsonl"], "folders come with their files")
      try output.announce(["A/1"])
      for name in ["out/A/1", "out/A/.partial-1-1"] { try folder.write([1], as: name) }
      try make(["x"], in: folder, replacing: true)
      #expect(try names(folder) == ["manifest.jsonl", "x"])
    }
  }
}
