import Safetensors
import SpecGANFiles
import SpecGANTestSupport
import Testing

@Suite struct SafetensorsPreambleTests {
  /// After a preamble of any length, the tensors are at the positions in the header.
  @Test(arguments: [160, 512, 4096]) func aFileWithOneIsReadAsAnyOther(length: Int) throws {
    try withTemporaryFolder { folder in
      let preamble = SafetensorsPreamble.bytes(
        [("values", .float32, [2, 3]), ("labels", .int32, [2])], length: length)
      #expect(preamble.count == length)
      let path = folder.path("file.safetensors")
      let file = try RandomAccessFile(writing: path)
      let values: [Float] = [1, 2, 3, 4, 5, 6]
      try unsafe file.write(preamble.span.bytes, at: 0)
      try unsafe file.write(values.span.bytes, at: length)
      try unsafe file.write([Int32(7), -1].span.bytes, at: length + 24)
      let read = try SafetensorsFile(path: path)
      #expect(read.names == ["values", "labels"])
      #expect(read.offset(of: "values") == length && read.offset(of: "labels") == length + 24)
      #expect(read.offset(of: "none") == nil)
      #expect(try read.floats("values", shape: [2, 3]) == values)
      #expect(try read.integers("labels", shape: [2]) == [7, -1])
    }
  }
}
