import Glibc
import SpecGANFiles
import SpecGANRandomness
import SpecGANTestSupport
import Testing

@Suite struct SystemPathTests {
  /// Random bytes, half of them from those that begin or continue UTF-8 and the scalars in use.
  private static func names() -> [[UInt8]] {
    let random = RandomStream(seed: 5, stream: 0)
    let parts: [[UInt8]] = [
      Array("a".utf8), [0x5C], [0xE9], [0x83], Array("é".utf8), Array("🥁".utf8), [0xF4, 0x8F],
      Array("\u{10FE83}".utf8), Array("\u{10FEFF}".utf8), [0xBA, 0x83], [0xED, 0xA0, 0x80],
      [0xC0, 0x80],
    ]
    var names: [[UInt8]] = []
    for round in 0..<UInt64(3000) {
      var name: [UInt8] = []
      let count = 1 + random.integer(below: 6, at: 8 * round)
      for index in 1...UInt64(count) {
        name += parts[random.integer(below: parts.count, at: 8 * round + index)]
      }
      names.append(name)
    }
    return names
  }

  @Test func everyNameComesBackAndNoTwoAreEqual() {
    let names = Self.names()
    for name in names {
      let path = String(systemBytes: name)
      #expect(path.systemBytes == name, "\(name)")
      #expect(path.inSystem == name.map { CChar(bitPattern: $0) } + [0])
    }
    let bytes = Set(names)
    #expect(Set(bytes.map { Array(String(systemBytes: $0).utf8) }).count == bytes.count)
  }

  /// The text of a name with such bytes is decoded by two rules; other names are unchanged.
  @Test func theEscapedTextCanBeReversed() {
    for name in Self.names() {
      let path = String(systemBytes: name)
      let text = Array(path.escapingForeignBytes.utf8)
      guard path.hasForeignBytes else {
        #expect(text == name)
        continue
      }
      var (found, rest) = ([UInt8](), text[...])
      while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "\\") else {
          found.append(byte)
          continue
        }
        let kind = rest.popFirst()
        guard kind == UInt8(ascii: "x") else {
          #expect(kind == UInt8(ascii: "\\"))
          found.append(byte)
          continue
        }
        found.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
        rest = rest.dropFirst(2)
      }
      #expect(found == name)
    }
  }

  @Test func filesAndFoldersMayHaveSuchNames() throws {
    try withTemporaryFolder { folder in
      let name = String(systemBytes: [0x83, 0x5C, 0x2E, 0x77])
      let path = folder.path("\(name)/\(name)")
      try Folder.create(Folder.parent(of: path))
      try AtomicFile.replace(path, with: "x")
      #expect(try Folder.entries(of: folder.path) == [name])
      #expect(try Folder.entryBytes(of: folder.path(name)) == [[0x83, 0x5C, 0x2E, 0x77]])
      #expect(try MappedFile(path: path).contents == [0x78] && FileStatus(of: path).isRegular)
      #expect(Folder.realPath(path)?.hasSuffix("\(name)/\(name)") == true)
      try Folder.remove(file: path)
      #expect(try !Folder.exists(path) && Folder.exists(folder.path(name)))
    }
  }
}
