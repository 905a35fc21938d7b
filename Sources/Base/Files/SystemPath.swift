/// Paths as strings, also those whose names are not UTF-8.
///
/// A name in Linux is a sequence of bytes. Each byte that is not part of valid UTF-8 is represented
/// by one scalar, U+10FE80 to U+10FEFF in the last private-use plane, and becomes that byte again
/// when the system is called. A name that contains these scalars itself is represented byte by
/// byte, so that different names are different strings.
///
/// Source: the idea is that of Python's `surrogateescape`, PEP 383; Swift's strings have no lone
/// surrogates.
private enum ForeignByte {
  /// The scalar of byte 0; only the bytes from 0x80 on have one.
  static let base: UInt32 = 0x10_FE00
  static let scalars = base + 0x80...base + 0xFF

  /// The first bytes of the UTF-8 of ``scalars``.
  static let start: [UInt8] = [0xF4, 0x8F]
}

extension Unicode.Scalar {
  /// The byte that the scalar represents in a path; nil for other scalars.
  fileprivate var foreignByte: UInt8? {
    ForeignByte.scalars.contains(value) ? UInt8(value - ForeignByte.base) : nil
  }
}

extension String {
  /// Creates the string of a path with these bytes.
  package init(systemBytes bytes: some Collection<UInt8>) {
    if let text = String(validating: bytes, as: UTF8.self), !text.hasForeignBytes {
      self = text
      return
    }
    self.init()
    var rest = Array(bytes)[...]
    while let first = rest.first {
      let scalar = (1...4).lazy.compactMap { length in
        String(validating: rest.prefix(length), as: UTF8.self)?.unicodeScalars.first
      }.first
      if let scalar, scalar.foreignByte == nil {
        unicodeScalars.append(scalar)
        rest = rest.dropFirst(UTF8.width(scalar))
      } else if let scalar = Unicode.Scalar(ForeignByte.base + UInt32(first)) {
        unicodeScalars.append(scalar)
        rest = rest.dropFirst()
      }
    }
  }

  /// Whether the path has a byte that is not part of valid UTF-8.
  package var hasForeignBytes: Bool {
    // Few strings have the first byte, so that few are decoded.
    utf8.contains(ForeignByte.start[0]) && unicodeScalars.contains { $0.foreignByte != nil }
  }

  /// The bytes of the path.
  package var systemBytes: [UInt8] {
    guard hasForeignBytes else { return Array(utf8) }
    return unicodeScalars.flatMap { scalar in
      scalar.foreignByte.map { [$0] } ?? Array(String(scalar).utf8)
    }
  }

  /// The path as an argument of a system call: its bytes and a zero.
  package var inSystem: [CChar] { systemBytes.map { CChar(bitPattern: $0) } + [0] }

  /// The path as text: if it has bytes that are not UTF-8, these are written as `\x83`, and
  /// backslashes as `\\`.
  package var escapingForeignBytes: String {
    guard hasForeignBytes else { return self }
    return unicodeScalars.map { scalar in
      if let byte = scalar.foreignByte { return "\\x" + String(byte, radix: 16, uppercase: true) }
      return scalar == "\\" ? "\\\\" : String(scalar)
    }.joined()
  }

  /// The JSON with the bytes of paths that are not UTF-8 as in ``escapingForeignBytes``, `"\\x83"`.
  package var escapingForeignBytesInJSON: String {
    guard hasForeignBytes else { return self }
    return unicodeScalars.map { scalar in
      guard let byte = scalar.foreignByte else { return String(scalar) }
      return "\\\\x" + String(byte, radix: 16, uppercase: true)
    }.joined()
  }
}
