import Foundation
import SpecGANErrors
import SpecGANFiles
import SpecGANTestSupport
import Testing

@Suite struct RandomAccessFileTests {
  @Test func whatIsWrittenAtAPlaceIsReadThere() throws {
    try withTemporaryFolder { folder in
      let path = folder.path("file")
      let file = try RandomAccessFile(writing: path)
      for place in [3, 0, 2] {
        try unsafe file.write([Float(place), -Float(place)].span.bytes, at: 8 * place)
      }
      try file.flush()
      var pair: [Float] = [9, 9]
      for (place, value) in [(0, 0), (1, 0), (2, 2), (3, 3)] as [(Int, Float)] {
        try RandomAccessFile(reading: path).read(into: &pair, at: 8 * place)
        #expect(pair == [value, -value])
      }
      #expect(throws: SpecGANError.unreadable(path: path, reason: "it ends too early")) {
        try file.read(into: &pair, at: 28)
      }
      var bytes = [UInt8](repeating: 7, count: 100)
      #expect(try file.read(into: &bytes, at: 0) == 32)
      #expect(try file.read(into: &bytes, at: 32) == 0)
    }
  }

  @Test func aPartOfTheNumbersIsFilled() throws {
    try withTemporaryFolder { folder in
      let path = folder.path("file")
      let file = try RandomAccessFile(writing: path)
      try unsafe file.write([1, 2, 3, 4 as Float].span.bytes, at: 0)
      var numbers: [Float] = [9, 9, 9, 9]
      try file.read(into: &numbers, 1..<3, at: 8)
      #expect(numbers == [9, 3, 4, 9])
      #expect(throws: SpecGANError.unreadable(path: path, reason: "it ends too early")) {
        try file.read(into: &numbers, 1..<4, at: 8)
      }
    }
  }

  @Test func roomChangesNothingThatWasWritten() throws {
    try withTemporaryFolder { folder in
      let file = try RandomAccessFile(writing: folder.path("file"))
      try unsafe file.write([1, 2, 3 as UInt8].span.bytes, at: 0)
      file.reserve(2..<6)
      #expect(try folder.bytes(of: "file") == [1, 2, 3, 0, 0, 0])
      try RandomAccessFile(writing: "/dev/full").reserve(0..<8)  // no file to make room in
    }
  }

  @Test func whatIsUpdatedIsThere() throws {
    try withTemporaryFolder { folder in
      let path = folder.path("file")
      #expect(throws: SpecGANError.unwritable(path: path, reason: "No such file or directory")) {
        try RandomAccessFile(updating: path)
      }
      #expect(try folder.names().isEmpty)
      try folder.write([1, 2, 3], as: "file")
      try unsafe RandomAccessFile(updating: path).write([UInt8(9)].span.bytes, at: 1)
      #expect(try folder.bytes(of: "file") == [1, 9, 3])
    }
  }

  @Test func whatCannotBeOpenedOrWrittenIsAnError() throws {
    try withTemporaryFolder { folder in
      let path = folder.path("none/file")
      #expect(throws: SpecGANError.notFound(path: path)) { try RandomAccessFile(reading: path) }
      #expect(throws: SpecGANError.self) { try RandomAccessFile(writing: path) }
      #expect(throws: SpecGANError.self) { try RandomAccessFile(writing: folder.path) }
      #expect(throws: SpecGANError.self) { try RandomAccessFile(reading: folder.path) }
      let file = try RandomAccessFile(reading: folder.write([1, 2, 3], as: "file"))
      #expect(throws: SpecGANError.self) { try unsafe file.write([UInt8(1)].span.bytes, at: 0) }
      let full = try RandomAccessFile(writing: "/dev/full")
      #expect(throws: SpecGANError.self) { try unsafe full.write([UInt8(1)].span.bytes, at: 0) }
    }
  }
}
