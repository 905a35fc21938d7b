import SpecGANWireFormat
import Testing

/// The examples of Protocol Buffers' own documentation of the encoding, and its corners.
@Suite struct MessageTests {
  @Test func integersAreVarints() {
    #expect(bytes { $0.append(1, 150) } == [0x08, 0x96, 0x01])
    #expect(bytes { $0.append(1, 0) }.isEmpty)
    #expect(bytes { $0.append(16, 1) } == [0x80, 0x01, 0x01])
    #expect(
      bytes { $0.append(1, -2) } == [0x08, 0xFE] + [UInt8](repeating: 0xFF, count: 8) + [0x01])
    #expect(
      bytes { $0.append(1, Int.max) } == [0x08] + [UInt8](repeating: 0xFF, count: 8) + [0x7F])
  }

  @Test func repeatedIntegersArePackedWithTheirZeros() {
    #expect(bytes { $0.append(6, [3, 270, 86_942]) } == [0x32, 6, 3, 0x8E, 2, 0x9E, 0xA7, 5])
    #expect(bytes { $0.append(6, [0, 0]) } == [0x32, 2, 0, 0])
    #expect(bytes { $0.append(6, [Int]()) }.isEmpty)
  }

  @Test func textAndMessagesHaveTheirLength() {
    #expect(bytes { $0.append(2, "testing".utf8) } == [0x12, 7] + Array("testing".utf8))
    let inner = bytes { $0.append(1, 150) }
    #expect(bytes { $0.append(3, inner) } == [0x1A, 3, 0x08, 0x96, 0x01])
    #expect(bytes { $0.append(3, [UInt8]()) }.isEmpty)
    #expect(bytes { $0.append(chosen: 3, [UInt8]()) } == [0x1A, 0])
  }

  @Test func numbersHaveTheirLowestByteFirst() {
    #expect(bytes { $0.append(chosen: 1, Float(1)) } == [0x0D, 0, 0, 0x80, 0x3F])
    #expect(bytes { $0.append(chosen: 1, Float(0)) } == [0x0D, 0, 0, 0, 0])
    #expect(bytes { $0.append(1, 1.0) } == [0x09, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F])
    #expect(bytes { $0.append(1, [1.0]) } == [0x0A, 8, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F])
  }

  private func bytes(_ fill: (inout Message) -> Void) -> [UInt8] {
    var message = Message()
    fill(&message)
    return message.bytes
  }
}
