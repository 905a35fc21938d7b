import SpecGANTestSupport
import Testing

/// The size of a PNG, after its chunks were read and every checksum was verified.
///
/// Source: W3C, "Portable Network Graphics", third edition, sections 5 and 11.
struct PNGFile {
  let width, height: Int

  init(_ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) throws {
    func number(_ offset: Int) -> Int {
      bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    try #require(bytes.count > 57 && bytes.prefix(8) == [137, 80, 78, 71, 13, 10, 26, 10])
    var names: [String] = []
    var offset = 8
    while offset + 12 <= bytes.count {
      let end = offset + 8 + number(offset)
      names.append(String(decoding: bytes[offset + 4..<offset + 8], as: UTF8.self))
      #expect(
        number(end) == Int(bitwiseCRC32(bytes[offset + 4..<end])), sourceLocation: sourceLocation)
      offset = end + 4
    }
    #expect(offset == bytes.count && names.first == "IHDR" && names.last == "IEND")
    #expect(names.contains("IDAT"), sourceLocation: sourceLocation)
    (width, height) = (number(16), number(20))
  }
}
