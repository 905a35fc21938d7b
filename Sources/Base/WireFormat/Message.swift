/// An encoder of a Protocol Buffers message.
///
/// Append fields in the order of their numbers. As in proto3, a zero or empty value is omitted
/// unless the field belongs to a oneof. Source: Protocol Buffers documentation, "Encoding",
/// <https://protobuf.dev/programming-guides/encoding>.
package struct Message {
  /// The encoded message.
  package private(set) var bytes: [UInt8] = []

  /// Creates a message without fields.
  package init() {}

  /// The encoding of a field's value.
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

  /// Appends a 64-bit floating-point number.
  package mutating func append(_ field: UInt64, _ value: Double) {
    guard value != 0 else { return }
    append(field, .eightBytes)
    append(littleEndian: value.bitPattern)
  }

  /// Appends a 32-bit floating-point number of a oneof, even if it is zero.
  package mutating func append(chosen field: UInt64, _ value: Float) {
    append(field, .fourBytes)
    append(littleEndian: value.bitPattern)
  }

  /// Appends a 64-bit floating-point number of a oneof, even if it is zero.
  package mutating func append(chosen field: UInt64, _ value: Double) {
    append(field, .eightBytes)
    append(littleEndian: value.bitPattern)
  }

  /// Appends a truth value of a oneof, even if it is false.
  package mutating func append(chosen field: UInt64, _ value: Bool) {
    append(field, .varint)
    append(varint: value ? 1 : 0)
  }

  /// Appends text, bytes, or a nested message of a oneof, even if it is empty.
  package mutating func append(chosen field: UInt64, _ value: some Collection<UInt8>) {
    append(field, .lengthAndBytes)
    append(varint: UInt64(value.count))
    bytes += value
  }

  /// Appends text, bytes, or a nested message.
  package mutating func append(_ field: UInt64, _ value: some Collection<UInt8>) {
    if !value.isEmpty { append(chosen: field, value) }
  }

  /// Appends repeated 64-bit floating-point numbers, packed.
  package mutating func append(_ field: UInt64, _ values: [Double]) {
    guard !values.isEmpty else { return }
    append(field, .lengthAndBytes)
    append(varint: UInt64(8 * values.count))
    for value in values { append(littleEndian: value.bitPattern) }
  }

  /// Appends repeated integers, packed, including zeros.
  package mutating func append(_ field: UInt64, _ values: [Int]) {
    guard !values.isEmpty else { return }
    var packed = Message()
    for value in values { packed.append(varint: UInt64(bitPattern: Int64(value))) }
    append(chosen: field, packed.bytes)
  }

  private mutating func append(_ field: UInt64, _ type: WireType) {
    append(varint: field << 3 | type.rawValue)
  }

  /// Appends seven bits per byte, the lowest first; all bytes but the last have their highest bit
  /// set.
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
