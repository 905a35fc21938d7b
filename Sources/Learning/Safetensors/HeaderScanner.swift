// RFC 8259, "The JavaScript Object Notation (JSON) Data Interchange Format": the parts that a
// header uses.
internal import SpecGANErrors

/// A strict reader of the JSON that a header may have: objects, arrays, strings and whole numbers.
///
/// Foundation's readers silently keep one of two equal keys; here, equal keys are an error. The
/// caller asks for each level of nesting, so that a header that is nested too deeply fails at the
/// first bracket too many.
struct HeaderScanner {
  private let path: String
  private let bytes: [UInt8]
  private var offset = 0

  init(_ bytes: [UInt8], path: String) throws(SpecGANError) {
    self.path = path
    self.bytes = bytes
    do {
      _ = try UTF8Span(validating: bytes.span)
    } catch {
      throw .header(path: path, offset: error.byteOffsets.lowerBound, fault: .encoding)
    }
  }

  /// Reads an object, and calls `member` with each key, in order, at the start of its value.
  mutating func object(
    _ member: (_ scanner: inout HeaderScanner, _ key: String) throws(SpecGANError) -> Void
  ) throws(SpecGANError) {
    try take("{", .object)
    if skip("}") { return }
    var keys: Set<String> = []
    repeat {
      skipSpace()
      let start = offset
      let key = try string()
      guard keys.insert(key).inserted else { throw fault(.duplicate(key), at: start) }
      try take(":", .colon)
      try member(&self, key)
    } while skip(",")
    try take("}", .commaOrBrace)
  }

  /// Reads an array of whole numbers.
  mutating func naturals() throws(SpecGANError) -> [Int] {
    try take("[", .array)
    if skip("]") { return [] }
    var numbers: [Int] = []
    repeat { numbers.append(try natural()) } while skip(",")
    try take("]", .commaOrBracket)
    return numbers
  }

  /// Reads a string.
  mutating func string() throws(SpecGANError) -> String {
    try take("\"", .string)
    var text: [UInt8] = []
    while true {
      let start = offset
      while let byte = current, byte >= 0x20, byte != ascii("\""), byte != ascii("\\") {
        offset += 1
      }
      text += bytes[start..<offset]
      if current == ascii("\\") {
        text += Array(String(try escape()).utf8)
        continue
      }
      guard current == ascii("\"") else { throw fault(.string) }
      offset += 1
      return String(decoding: text, as: UTF8.self)
    }
  }

  /// Checks that only white space follows.
  mutating func end() throws(SpecGANError) {
    skipSpace()
    if current != nil { throw fault(.expected(.end)) }
  }

  /// Returns the error for `fault` at `offset`, or else at the current position.
  func fault(_ fault: HeaderFault, at offset: Int? = nil) -> SpecGANError {
    .header(path: path, offset: offset ?? self.offset, fault: fault)
  }

  // MARK: - Pieces

  private var current: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func natural() throws(SpecGANError) -> Int {
    skipSpace()
    let start = offset
    while let byte = current, (ascii("0")...ascii("9")).contains(byte) { offset += 1 }
    let digits = bytes[start..<offset]
    let hasLeadingZero = digits.count > 1 && digits.first == ascii("0")
    guard !hasLeadingZero, let number = Int(String(decoding: digits, as: UTF8.self)) else {
      throw fault(.number, at: start)
    }
    return number
  }

  private mutating func escape() throws(SpecGANError) -> Unicode.Scalar {
    let start = offset
    offset += 2
    let kind = offset <= bytes.count ? bytes[offset - 1] : 0
    if let plain = Self.escapes[kind] { return plain }
    guard kind == ascii("u"), let first = codeUnit() else { throw fault(.string, at: start) }
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard UTF16.isLeadSurrogate(first), offset + 1 < bytes.count, bytes[offset] == ascii("\\"),
      bytes[offset + 1] == ascii("u")
    else { throw fault(.string, at: start) }
    offset += 2
    guard let second = codeUnit(), UTF16.isTrailSurrogate(second) else {
      throw fault(.string, at: start)
    }
    return UTF16.decode(UTF16.EncodedScalar([first, second]))
  }

  /// Reads four hexadecimal digits; returns nil if they are not there.
  private mutating func codeUnit() -> UInt16? {
    guard offset + 4 <= bytes.count else { return nil }
    var unit: UInt16 = 0
    for byte in bytes[offset..<offset + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
      unit = unit << 4 | UInt16(digit)
    }
    offset += 4
    return unit
  }

  private mutating func take(
    _ character: Unicode.Scalar, _ token: HeaderFault.Token
  ) throws(SpecGANError) {
    guard skip(character) else { throw fault(.expected(token)) }
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard current == ascii(character) else { return false }
    offset += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
      offset += 1
    }
  }

  private static let escapes: [UInt8: Unicode.Scalar] = [
    ascii("\""): "\"", ascii("\\"): "\\", ascii("/"): "/", ascii("b"): "\u{8}",
    ascii("f"): "\u{C}", ascii("n"): "\n", ascii("r"): "\r", ascii("t"): "\t",
  ]
}

private func ascii(_ scalar: Unicode.Scalar) -> UInt8 { UInt8(ascii: scalar) }
