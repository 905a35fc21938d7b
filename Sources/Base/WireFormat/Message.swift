/// A message of Protocol Buffers in the making.
///
/// Fields are appended in the order of their numbers; what is zero or empty is left out, as proto3
/// does, where the field is not of a choice. Source: Protocol Buffers documentation, "Encoding",
/// <https://protobuf.dev/programming-guides/encoding>.
package struct Message {
  /// As Protocol Buffers write it.
  package private(set) var bytes: [UInt8] = []

  /// A message without fields.
  package init() {}

  /// The types of what follows a field's number.
  private enum WireType: UInt64 {
    case varint = 0
    case eightBytes = 1
    case lengthAndBytes = 2
    case fourBytes = 5
  }

  /// Appends an integer.
  package mutating func append(_ field: UInt64, _ value: Int) {
    guard value != 0 else { return }
    append(field, .varint)
    append(varint: UInt64(bitPattern: Int64(value)))
  }

  /// Appends a number of 64 bits.
  package mutating func append(_ field: UInt64, _ value: Double) {
    guard value != 0 else { return }
    append(field, .eightBytes)
    append(littleEndian: value.bitPattern)
  }

  /// Appends a number of 32 bits, also where it is zero: it is a choice.
  package mutating func append(chosen field: UInt64, _ value: Float) {
    append(field, .fourBytes)
    append(littleEndian: value.bitPattern)
  }

  /// Appends text, bytes, or a message inside this one, also where it is empty: it is a choice.
  package mutating func append(chosen field: UInt64, _ value: some Collection<UInt8>) {
    append(field, .lengthAndBytes)
    append(varint: UInt64(value.count))
    bytes += value
  }

  /// Appends text, bytes, or a message inside this one.
  package mutating func append(_ field: UInt64, _ value: some Collection<UInt8>) {
    if !value.isEmpty { append(chosen: field, value) }
  }

  /// Appends repeated numbers, packed.
  package mutating func append(_ field: UInt64, _ values: [Double]) {
    guard !values.isEmpty else { return }
    append(field, .lengthAndBytes)
    append(varint: UInt64(8 * values.count))
    for value in values { append(littleEndian: value.bitPattern) }
  }

  /// Appends repeated integers, packed, zeros among them.
  package mutating func append(_ field: UInt64, _ values: [Int]) {
    guard !values.isEmpty else { return }
    var packed = Message()
    for value in values { packed.append(varint: UInt64(bitPattern: Int64(value))) }
    append(chosen: field, packed.bytes)
  }

  private mutating func append(_ field: UInt64, _ type: WireType) {
    append(varint: field << 3 | type.rawValue)
  }

  /// Seven bits a byte, the lowest first; all but the last have their highest bit set.
  private mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func append(littleEndian value: some FixedWidthInteger) {
    bytes.append(littleEndian: value)
  }
}

extension [UInt8] {
  /// Appends the bytes of `value`, the lowest first.
  package mutating func append(littleEndian value: some FixedWidthInteger) {
    for shift in stride(from: 0, to: value.bitWidth, by: 8) {
      append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }
}
