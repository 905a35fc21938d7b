import Glibc
import SpecGANErrors
import SpecGANFiles
import SpecGANTestSupport
import Synchronization
import Testing

/// A file is either the old one or the new one, whole.
@Suite struct AtomicFileTests {
  @Test func theFileHasAllThatWasWritten() throws {
    try withTemporaryFolder { folder in
      let file = try AtomicFile(path: folder.path("x"))
      try file.write("one, ")
      try unsafe file.write(Array("two".utf8).span.bytes)
      try file.write("")
      try file.commit()
      #expect(try folder.bytes(of: "x") == Array("one, two".utf8))
      #expect(try folder.names() == ["x"])
    }
  }

  @Test func untilItIsCommittedTheOldFileStands() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.replace(folder.path("x"), with: "old")
      let file = try AtomicFile(path: folder.path("x"))
      try file.write("new and longer")
      #expect(try folder.bytes(of: "x") == Array("old".utf8))
      try file.commit()
      #expect(try folder.bytes(of: "x") == Array("new and longer".utf8))
    }
  }

  @Test func aDroppedFileLeavesNothing() throws {
    try withTemporaryFolder { folder in
      try start(folder.path("x"))
      #expect(try folder.names() == [])
    }
  }

  private func start(_ path: String) throws {
    let file = try AtomicFile(path: path)
    try file.write("half")
  }

  /// A mebibyte of one letter takes many pages, so a file written in place is seen half and half.
  @Test func aReaderNeverSeesAMixture() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.path("x")
      let contents = ["a", "b"].map { String(repeating: $0, count: 1 << 20) }
      try AtomicFile.replace(path, with: contents[0])
      let flag = Flag()
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          defer { flag.isSet.store(true, ordering: .releasing) }
          for round in 1...60 {
            try AtomicFile.replace(path, with: contents[round % 2])
          }
        }
        group.addTask {
          while !flag.isSet.load(ordering: .acquiring) {
            let text = String(decoding: try folder.bytes(of: "x"), as: UTF8.self)
            guard contents.contains(text) else {
              Issue.record("a mixture of \(text.utf8.count) bytes")
              return
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }

  @Test func aProcessKilledHalfwayKeepsTheOldFile() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.path("x")
      try AtomicFile.replace(path, with: "old")
      await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
        let file = try AtomicFile(path: path)
        try file.write("new")
        raise(SIGKILL)
        try file.commit()
      }
      #expect(try folder.bytes(of: "x") == Array("old".utf8))
    }
  }

  @Test func aFullDiskKeepsTheOldFileAndLeavesNothing() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.path("x")
      try AtomicFile.replace(path, with: "old")
      await #expect(processExitsWith: .success) { [path = path as String] in
        signal(SIGXFSZ, SIG_IGN)  // so that a write beyond the limit fails with EFBIG
        var limit = rlimit(rlim_cur: 10_000, rlim_max: 10_000)
        #expect(unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
        let reason = unsafe String(cString: strerror(EFBIG))
        #expect(throws: SpecGANError.unwritable(path: path, reason: reason)) {
          try AtomicFile.replace(path, with: String(repeating: "new", count: 10_000))
        }
      }
      #expect(try folder.bytes(of: "x") == Array("old".utf8))
      #expect(try folder.names() == ["x"])
    }
  }

  @Test func aFolderThatIsNotThereIsNamed() {
    let path = "/nowhere/at/all"
    #expect(throws: SpecGANError.unwritable(path: path, reason: "No such file or directory")) {
      try AtomicFile.replace(path, with: "")
    }
  }

  /// 255 bytes is the longest name of a file.
  @Test(arguments: [1, 249, 255]) func anyNameTheSystemAllowsServes(length: Int) throws {
    try withTemporaryFolder { folder in
      let name = String(repeating: "x", count: length)
      try AtomicFile.replace(folder.path(name), with: "all")
      #expect(try folder.names() == [name])
    }
  }

  /// In containers every program may have process number 1, so the number in a name says nothing.
  @Test func whatNoProcessIsWritingIsRemovedAndNothingElse() async throws {
    try await withTemporaryFolder { folder in
      await #expect(processExitsWith: .signal(SIGKILL)) { [path = folder.path("x") as String] in
        let file = try AtomicFile(path: path)
        try file.write("half")
        raise(SIGKILL)
        try file.commit()
      }
      let living = try AtomicFile(path: folder.path("y"))
      // The names of other programs are similar.
      let others = [".partial-1", ".partial-1-", ".partial-mine", "z.partial-1-1"]
      for name in [".partial-1-1", ".partial-\(getpid())-0"] + others {
        try folder.write([], as: name)
      }
      try Folder.create(folder.path(".partial-folder"))
      #expect(try folder.names().count == 9)
      try AtomicFile.removeAbandoned(in: folder.path)
      #expect(try folder.names().count == 6)
      try living.commit()
      #expect(try Set(folder.names()) == Set(others + [".partial-folder", "y"]))
    }
  }

  /// Processes of two containers may have the same number: files under the next names are another
  /// program's.
  @Test func whatAnotherIsWritingIsLeftAlone() throws {
    try withTemporaryFolder { folder in
      let first = try AtomicFile(path: folder.path("x"))
      let name = try #require(try folder.names().first)
      let number = try #require(name.split(separator: "-").last.flatMap { Int($0) })
      let others = (1...200).map { "\(name.dropLast("\(number)".count))\(number + $0)" }
      for other in others { try folder.write(Array("theirs".utf8), as: other) }
      let second = try AtomicFile(path: folder.path("y"))
      try second.write("ours")
      try second.commit()
      try first.commit()
      #expect(try folder.bytes(of: "y") == Array("ours".utf8))
      for other in others { #expect(try folder.bytes(of: other) == Array("theirs".utf8)) }
    }
  }

  @Test func aFolderOfThatNameStaysAndNothingIsLeft() throws {
    try withTemporaryFolder { folder in
      try Folder.create(folder.path("x/y"))
      #expect(throws: SpecGANError.self) { try AtomicFile.replace(folder.path("x"), with: "") }
      #expect(try folder.names() == ["x"])
      #expect(try Folder.isFolder(folder.path("x/y")))
    }
  }

  @Test func twoWritersOfOneFileDoNotMix() throws {
    try withTemporaryFolder { folder in
      let first = try AtomicFile(path: folder.path("x"))
      let second = try AtomicFile(path: folder.path("x"))
      try first.write("the first")
      try second.write("2nd")
      try first.commit()
      #expect(try folder.bytes(of: "x") == Array("the first".utf8))
      try second.commit()
      #expect(try folder.bytes(of: "x") == Array("2nd".utf8))
      #expect(try folder.names() == ["x"])
    }
  }
}

private final class Flag: Sendable {
  let isSet = Atomic(false)
}
