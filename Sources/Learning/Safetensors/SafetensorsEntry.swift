/// The type, the shape and the byte range of one tensor.
public struct SafetensorsEntry: Equatable, Sendable {
  /// The type of the elements.
  public let type: SafetensorsType
  /// The length of each axis, the slowest-varying first; empty for a scalar.
  public let shape: [Int]
  /// The range of its bytes, counted from the end of the header.
  public let byteRange: Range<Int>

  /// The number of elements.
  public let count: Int

  /// Creates an entry whose bytes start at `start`; nil if its size is not a whole number of bytes
  /// below 2⁶³.
  init?(type: SafetensorsType, shape: [Int], from start: Int) {
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      if overflow || size < 0 { return nil }
      count = product
    }
    let (bits, overflow) = count.multipliedReportingOverflow(by: type.bitWidth)
    let (end, pastEnd) = start.addingReportingOverflow(bits / 8)
    guard !overflow, !pastEnd, bits.isMultiple(of: 8) else { return nil }
    self.type = type
    self.shape = shape
    self.count = count
    byteRange = start..<end
  }
}

/// An element type of the format. Only ``float32`` and ``int32`` can be read as values.
///
/// Source: `Dtype` of <https://github.com/huggingface/safetensors>, version 0.6.
public enum SafetensorsType: String, CaseIterable, Sendable {
  /// IEEE 754 single precision.
  case float32 = "F32"
  /// Two's complement, 32 bits.
  case int32 = "I32"
  /// One byte, zero or one.
  case bool = "BOOL"
  /// Unsigned, 8 bits.
  case uint8 = "U8"
  /// Two's complement, 8 bits.
  case int8 = "I8"
  /// Unsigned, 16 bits.
  case uint16 = "U16"
  /// Two's complement, 16 bits.
  case int16 = "I16"
  /// Unsigned, 32 bits.
  case uint32 = "U32"
  /// Unsigned, 64 bits.
  case uint64 = "U64"
  /// Two's complement, 64 bits.
  case int64 = "I64"
  /// IEEE 754 half precision.
  case float16 = "F16"
  /// The upper half of a single-precision number.
  case bfloat16 = "BF16"
  /// IEEE 754 double precision.
  case float64 = "F64"
  /// Two single-precision numbers.
  case complex64 = "C64"
  /// Eight bits, five of them exponent.
  case float8E5M2 = "F8_E5M2"
  /// Eight bits, four of them exponent.
  case float8E4M3 = "F8_E4M3"
  /// Eight bits of exponent.
  case float8E8M0 = "F8_E8M0"
  /// Six bits, two of them exponent.
  case float6E2M3 = "F6_E2M3"
  /// Six bits, three of them exponent.
  case float6E3M2 = "F6_E3M2"
  /// Four bits.
  case float4 = "F4"

  /// The number of bits of one element.
  package var bitWidth: Int {
    switch self {
    case .float4: 4
    case .float6E2M3, .float6E3M2: 6
    case .bool, .uint8, .int8, .float8E5M2, .float8E4M3, .float8E8M0: 8
    case .uint16, .int16, .float16, .bfloat16: 16
    case .float32, .int32, .uint32: 32
    case .uint64, .int64, .float64, .complex64: 64
    }
  }
}
