import Safetensors
import SpecGANChecksums
import SpecGANErrors
import SpecGANFiles
import SpecGANTestSupport
import Testing

@Suite struct SafetensorsTests {
  @Test func whatIsWrittenIsReadBack() throws {
    try withTemporaryFolder { folder in
      var contents = SafetensorsContents(metadata: ["b": "two\nlines", "a": "\u{1}\"\\/é🎵"])
      let floats: [Float] = (0..<24).map { Float($0) / 7 }
      contents.append("G/kernel", shape: [2, 3, 4], floats)
      contents.append("labels", shape: [3], [Int32.min, -1, 5])
      contents.append("none", shape: [0, 4], [Float]())
      contents.append("one", shape: [], [Float.nan])
      try contents.write(to: folder.path("a.safetensors"))

      let file = try SafetensorsFile(path: folder.path("a.safetensors"))
      #expect(file.metadata == contents.metadata)
      #expect(file.names == ["G/kernel", "labels", "none", "one"])
      #expect(file.entry("G/kernel")?.shape == [2, 3, 4])
      #expect(file.entry("labels")?.byteRange == 96..<108)
      #expect(file.entry("one")?.count == 1)
      #expect(try file.floats("G/kernel") == floats)
      #expect(try file.integers("labels", shape: [3]) == [.min, -1, 5])
      #expect(try file.floats("none") == [])
      #expect(try file.floats("one").first?.isNaN == true)
      #expect(try file.withFloats("G/kernel") { $0[23] } == floats[23])
      #expect(try folder.names() == ["a.safetensors"])
    }
  }

  @Test func contentsAndFileGiveTheSameBytes() throws {
    try withTemporaryFolder { folder in
      var contents = SafetensorsContents()
      contents.append("x", shape: [2], [1, -2.5] as [Float])
      try contents.write(to: folder.path("x"))
      let written = try SafetensorsFile(path: folder.path("x")).withBytes("x", checksum)
      #expect(written == contents.withBytes("x", checksum))
      #expect(contents.entry("x")?.byteRange == 0..<8)
    }
  }

  /// The fixture is written by the format's own package; see
  /// tools/reference/safetensors_interchange.py.
  @Test func theFormatsOwnPackageIsReadAndMatchedByteForByte() throws {
    let path = Fixtures.path("safetensors/interchange.safetensors")
    let file = try SafetensorsFile(path: path)
    let note = "quotes \" and \\, a tab \t, a bell \u{7}, and é"
    #expect(file.metadata == ["note": note])
    let cube = (0..<30).map { Float($0) / 8 - 1 }
    #expect(try file.floats("cube", shape: [2, 3, 5]) == cube)
    #expect(try file.floats("empty/é", shape: [0, 3]) == [])
    #expect(try file.floats("scalar", shape: []) == [-0.5])
    #expect(try file.integers("labels", shape: [4]) == [-1, 0, 7, .max])

    var contents = SafetensorsContents(metadata: ["note": note])
    contents.append("cube", shape: [2, 3, 5], cube)
    contents.append("empty/é", shape: [0, 3], [Float]())
    contents.append("scalar", shape: [], [-0.5] as [Float])
    contents.append("labels", shape: [4], [-1, 0, 7, .max] as [Int32])
    try withTemporaryFolder { folder in
      try contents.write(to: folder.path("ours"))
      let theirs = try MappedFile(path: path).withBytes {
        unsafe $0.withUnsafeBytes { unsafe Array($0) }
      }
      #expect(try folder.bytes(of: "ours") == theirs)
    }
  }

  @Test func metadataIsWrittenInOneOrder() throws {
    try withTemporaryFolder { folder in
      let keys = (0..<20).map { "key \($0)" }
      for (name, order) in [("a", keys), ("b", keys.reversed())] {
        var contents = SafetensorsContents()
        for key in order { contents.metadata[key] = "" }
        try contents.write(to: folder.path(name))
      }
      #expect(try folder.bytes(of: "a") == folder.bytes(of: "b"))
    }
  }

  @Test func anUnalignedTensorIsReadAllTheSame() throws {
    try withTemporaryFolder { folder in
      for padding in 0..<4 {
        let header = #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
        let bytes = file(header + String(repeating: " ", count: padding), data: [0, 0, 0x80, 0x3F])
        let path = try folder.write(bytes, as: "\(padding)")
        #expect(try SafetensorsFile(path: path).floats("x") == [1])
        #expect(try SafetensorsFile(path: path).withFloats("x") { $0[0] } == 1)
      }
    }
  }

  @Test func everyTypeOfTheFormatIsSized() throws {
    try withTemporaryFolder { folder in
      for type in SafetensorsType.allCases {
        let count = type.bitWidth  // eight elements of so many bits
        let header =
          #"{"x":{"shape":[8],"data_offsets":[0,\#(count)],"dtype":"\#(type.rawValue)"}}"#
        let path = try folder.write(
          file(header, data: [UInt8](repeating: 0, count: count)), as: type.rawValue)
        #expect(try SafetensorsFile(path: path).entry("x")?.type == type)
      }
    }
  }

  @Test func aTensorOfAnotherKindIsNamed() throws {
    let path = Fixtures.path("safetensors/interchange.safetensors")
    let file = try SafetensorsFile(path: path)
    #expect(throws: SpecGANError.missing(path: path, name: "x")) { try file.floats("x") }
    #expect(throws: SpecGANError.missing(path: path, name: "x")) {
      try file.withBytes("x") { _ in }
    }
    #expect(
      throws: SpecGANError.type(path: path, name: "labels", found: .int32, expected: .float32)
    ) { try file.floats("labels") }
    #expect(
      throws: SpecGANError.shape(
        path: path, name: "cube", found: [2, 3, 5], expected: [2, 15])
    ) { try file.floats("cube", shape: [2, 15]) }
  }

  @Test func whatCannotBeWrittenIsNamed() {
    let path = "/nowhere/at/all.safetensors"
    #expect {
      try SafetensorsContents().write(to: path)
    } throws: { error in
      (error as? SpecGANError)?.path == path && "\(error)".contains("cannot be written")
    }
  }

  @Test func aTensorThatDoesNotFitItsShapeTraps() async {
    await #expect(processExitsWith: .failure) {
      var contents = SafetensorsContents()
      contents.append("x", shape: [2, 3], [Float](repeating: 0, count: 5))
    }
    await #expect(processExitsWith: .failure) {
      var contents = SafetensorsContents()
      contents.append("x", shape: [-1, -1], [0 as Float])
    }
  }
}

private func checksum(_ bytes: RawSpan) -> UInt32 {
  var checksum = CRC32()
  checksum.update(bytes)
  return checksum.value
}
