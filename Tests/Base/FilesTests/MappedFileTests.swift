import Glibc
import SpecGANErrors
import SpecGANFiles
import SpecGANTestSupport
import Testing

@Suite struct MappedFileTests {
  @Test func theBytesAreThoseOfTheFile() throws {
    try withTemporaryFolder { folder in
      let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
      let file = try MappedFile(path: folder.write(bytes, as: "x"))
      #expect(file.count == 10_000)
      #expect(file.bytes == bytes)
    }
  }

  @Test func anEmptyFileHasNoBytes() throws {
    try withTemporaryFolder { folder in
      let file = try MappedFile(path: folder.write([], as: "x"))
      #expect(file.count == 0)
      #expect(file.bytes == [])
    }
  }

  @Test func aReplacedFileKeepsTheBytesItWasOpenedWith() throws {
    try withTemporaryFolder { folder in
      let file = try MappedFile(path: folder.write([1, 2, 3], as: "x"))
      try AtomicFile.replace(folder.path("x"), with: "")
      #expect(file.bytes == [1, 2, 3])
    }
  }

  @Test func whatIsNotThereIsNamed() {
    #expect(throws: SpecGANError.notFound(path: "/nowhere")) { try MappedFile(path: "/nowhere") }
    #expect(
      "\(SpecGANError.notFound(path: "/nowhere"))" == "/nowhere does not exist; check the path.")
  }

  @Test(.timeLimit(.minutes(15))) func whatIsNoFileIsRefusedWithoutWaiting() throws {
    try withTemporaryFolder { folder in
      #expect(unsafe mkfifo(folder.path("fifo"), 0o600) == 0)
      #expect(unsafe symlink("loop", folder.path("loop")) == 0)
      for path in [folder.path, folder.path("fifo"), folder.path("loop"), "/dev/null"] {
        #expect {
          try MappedFile(path: path)
        } throws: { error in
          (error as? SpecGANError)?.code == "files.unreadable"
            && (error as? SpecGANError)?.path == path
        }
      }
    }
  }
}

extension MappedFile {
  fileprivate var bytes: [UInt8] { withBytes { unsafe $0.withUnsafeBytes { unsafe Array($0) } } }
}
