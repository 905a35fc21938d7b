package import SpecGANErrors

extension SpecGANError {
  /// Returns the error that the file has no tensor `name`.
  package static func missing(path: String, name: String) -> SpecGANError {
    SpecGANError(
      .badData, "safetensors.missing",
      "\(path): there is no tensor \(quoted(name))",
      advice: "check that this is the right file.", path: path, key: name)
  }

  /// Returns the error that a tensor does not have the element type that the reader needs.
  package static func type(
    path: String, name: String, found: SafetensorsType, expected: SafetensorsType
  ) -> SpecGANError {
    SpecGANError(
      .badData, "safetensors.type",
      "\(path): tensor \(quoted(name)) is \(found.rawValue)",
      advice: "convert it to \(expected.rawValue).", path: path, key: name,
      found: found.rawValue, allowed: expected.rawValue)
  }

  /// Returns the error that a tensor does not have the shape that the reader needs.
  package static func shape(path: String, name: String, found: [Int], expected: [Int])
    -> SpecGANError
  {
    SpecGANError(
      .badData, "safetensors.shape",
      "\(path): tensor \(quoted(name)) has shape \(abridged(found)), expected \(abridged(expected))",
      advice: "check that it belongs to this configuration.", path: path, key: name,
      found: "\(found)")
  }

  /// Returns the error that the file does not match its checksums, with `part` saying where.
  package static func damaged(path: String, part: String) -> SpecGANError {
    SpecGANError(
      .badData, "safetensors.damaged",
      "\(path) is damaged: \(part)",
      advice: "use another file, or an intact copy.",
      path: path)
  }

  /// Returns the error that the file is damaged, as `fault` says, or is not a safetensors file.
  private static func malformed(
    _ code: Code, _ fault: String, path: String, key: String? = nil
  ) -> SpecGANError {
    SpecGANError(
      .badData, code,
      "\(path): \(fault); the file is damaged or is not a safetensors file. Obtain it again.",
      path: path, key: key)
  }

  /// Returns the error that the file is shorter than the eight bytes of the header's length.
  package static func tooShort(path: String, byteCount count: Int) -> SpecGANError {
    .malformed(
      "safetensors.tooShort", "it has \(count) bytes, but the header's length alone takes 8",
      path: path)
  }

  /// Returns the error that the header's length exceeds the format's limit or the end of the file.
  package static func headerLength(path: String, length: UInt64, limit: Int) -> SpecGANError {
    .malformed(
      "safetensors.headerLength",
      "the length of its header is \(length) bytes, but at most \(limit) are possible", path: path)
  }

  /// Returns the error that the header violates the format at byte `offset`.
  package static func header(path: String, offset: Int, fault: HeaderFault) -> SpecGANError {
    .malformed(
      "safetensors.header", "byte \(offset) of its header: \(fault)", path: path)
  }

  /// Returns the error that a tensor has an element type that is not in the format.
  package static func unknownType(path: String, name: String, type: String) -> SpecGANError {
    .malformed(
      "safetensors.unknownType", "tensor \(quoted(name)) has the unknown type \(quoted(type))",
      path: path, key: name)
  }

  /// Returns the error that a tensor's bytes are not as many as its shape and type require.
  package static func size(
    path: String, name: String, type: SafetensorsType, shape: [Int], byteCount count: Int
  ) -> SpecGANError {
    .malformed(
      "safetensors.size",
      "tensor \(quoted(name)) has \(count) bytes, which do not match shape \(abridged(shape)) of \(type.rawValue)",
      path: path, key: name)
  }

  /// Returns the error that a tensor overlaps the one before it or leaves a gap. It should start at
  /// `expected`.
  package static func placement(path: String, name: String, start: Int, expected: Int)
    -> SpecGANError
  {
    .malformed(
      "safetensors.placement",
      "tensor \(quoted(name)) starts at byte \(start) of the data, not at \(expected)", path: path,
      key: name)
  }

  /// Returns the error that the tensors do not fill the file exactly.
  package static func dataLength(path: String, byteCount count: Int, expected: Int) -> SpecGANError
  {
    .malformed(
      "safetensors.dataLength",
      "\(count) bytes follow its header, but its tensors take \(expected)", path: path)
  }
}

/// A violation of the format in a header.
package enum HeaderFault: Equatable, Sendable, CustomStringConvertible {
  /// The bytes are not UTF-8.
  case encoding
  /// The token that the format requires is missing.
  case expected(Token)
  /// A number that is negative, fractional, has leading zeros or is 2⁶³ or more.
  case number
  /// A string without an end, with a raw control character, or with an escape that JSON does not
  /// have.
  case string
  /// A key that its object already has, or one that differs only in Unicode normalization.
  case duplicate(String)
  /// A key that is not allowed in a tensor's description.
  case unknownKey(String)
  /// A key that a tensor's description requires is missing.
  case missingKey(String)

  /// A token of the header.
  package enum Token: String, Sendable {
    /// `{`.
    case object = "'{'"
    /// `[`.
    case array = "'['"
    /// A string.
    case string = "a string in quotes"
    /// `:`.
    case colon = "':'"
    /// Either the next member or the end of an object.
    case commaOrBrace = "',' or '}'"
    /// Either the next element or the end of an array.
    case commaOrBracket = "',' or ']'"
    /// Two numbers, the second at least the first.
    case offsets = "two ascending offsets"
    /// Only white space up to the end.
    case end = "the end"
  }

  /// The description, a clause without a full stop.
  package var description: String {
    switch self {
    case .encoding: "it is not UTF-8"
    case .expected(let token): "expected \(token.rawValue)"
    case .number: "expected a whole number from 0 to \(Int.max)"
    case .string: "a string without an end, or with a control character or an invalid escape"
    case .duplicate(let name): "\(quoted(name)) appears twice"
    case .unknownKey(let key): "unknown key \(quoted(key)) of a tensor"
    case .missingKey(let key): "the key \(quoted(key)) is missing"
    }
  }
}

/// Returns a name from a file as a message shows it: in quotes, on one line, of limited length, and
/// without characters that control a terminal.
func quoted(_ name: String) -> String {
  let limit = 80
  let hidden: Set<Unicode.GeneralCategory> = [
    .control, .format, .lineSeparator, .paragraphSeparator,
  ]
  let start = name.unicodeScalars.prefix(limit)
  let text = start.map { scalar in
    scalar.escaped(asASCII: hidden.contains(scalar.properties.generalCategory))
  }
  return "\"\(text.joined())\"" + (name.unicodeScalars.count > limit ? "…" : "")
}

/// Returns a shape as a message shows it, of limited length.
private func abridged(_ shape: [Int]) -> String {
  let limit = 8
  let sizes = shape.prefix(limit).map(String.init) + (shape.count > limit ? ["…"] : [])
  return "[\(sizes.joined(separator: ", "))]"
}
