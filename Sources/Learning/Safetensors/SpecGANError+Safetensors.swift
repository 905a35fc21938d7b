package import SpecGANErrors

extension SpecGANError {
  /// The file has no such tensor.
  package static func missing(path: String, name: String) -> SpecGANError {
    SpecGANError(
      .badData, "safetensors.missing",
      "\(path): there is no tensor \(quoted(name))",
      advice: "check that this is the right file.", path: path, key: name)
  }

  /// A tensor is there with another element type than the reader needs.
  package static func type(
    path: String, name: String, found: SafetensorsType, expected: SafetensorsType
  ) -> SpecGANError {
    SpecGANError(
      .badData, "safetensors.type",
      "\(path): tensor \(quoted(name)) is \(found.rawValue)",
      advice: "convert it to \(expected.rawValue).", path: path, key: name, found: "\(found)")
  }

  /// A tensor is there with another shape than the reader needs.
  package static func shape(path: String, name: String, found: [Int], expected: [Int])
    -> SpecGANError
  {
    SpecGANError(
      .badData, "safetensors.shape",
      "\(path): tensor \(quoted(name)) has shape \(abridged(found)) where \(abridged(expected)) is needed",
      advice: "check that it belongs to this configuration.", path: path, key: name,
      found: "\(found)")
  }

  /// A part of the file is not what its checksum was taken of.
  package static func damaged(path: String, part: String) -> SpecGANError {
    SpecGANError(
      .badData, "safetensors.damaged",
      "\(path) is damaged: \(part) does not match its checksum",
      advice: "use another one, or a copy of this one.",
      path: path)
  }

  /// The file is damaged, as `fault` says, or is not a safetensors file.
  private static func malformed(
    _ code: Code, _ fault: String, path: String, key: String? = nil
  ) -> SpecGANError {
    SpecGANError(
      .badData, code,
      "\(path): \(fault); the file is damaged or not a safetensors file, get it again.", path: path,
      key: key)
  }

  /// The file is shorter than the eight bytes that give the header's length.
  package static func tooShort(path: String, byteCount count: Int) -> SpecGANError {
    .malformed(
      "safetensors.tooShort", "it has \(count) bytes, and the header's length alone takes 8",
      path: path)
  }

  /// The header's length is beyond the format's limit or the end of the file.
  package static func headerLength(path: String, length: UInt64, limit: Int) -> SpecGANError {
    .malformed(
      "safetensors.headerLength",
      "its header claims \(length) bytes where at most \(limit) are possible", path: path)
  }

  /// The header is not what the format allows, `offset` bytes into it.
  package static func header(path: String, offset: Int, fault: HeaderFault) -> SpecGANError {
    .malformed(
      "safetensors.header", "byte \(offset) of its header: \(fault)", path: path)
  }

  /// A tensor has an element type that the format does not know.
  package static func unknownType(path: String, name: String, type: String) -> SpecGANError {
    .malformed(
      "safetensors.unknownType", "tensor \(quoted(name)) has the unknown type \(quoted(type))",
      path: path, key: name)
  }

  /// A tensor's shape and type do not take the bytes it was given.
  package static func size(
    path: String, name: String, type: SafetensorsType, shape: [Int], byteCount count: Int
  ) -> SpecGANError {
    .malformed(
      "safetensors.size",
      "tensor \(quoted(name)) has \(count) bytes, not those of \(abridged(shape)) \(type.rawValue)",
      path: path, key: name)
  }

  /// A tensor's bytes overlap those before it or leave a hole; they should start at `expected`.
  package static func placement(path: String, name: String, start: Int, expected: Int)
    -> SpecGANError
  {
    .malformed(
      "safetensors.placement",
      "tensor \(quoted(name)) starts at byte \(start) of the data, not at \(expected)", path: path,
      key: name)
  }

  /// The tensors do not fill the file exactly.
  package static func dataLength(path: String, byteCount count: Int, expected: Int) -> SpecGANError
  {
    .malformed(
      "safetensors.dataLength",
      "\(count) bytes follow its header, and its tensors take \(expected)", path: path)
  }
}

/// What is wrong with a header, where it is wrong.
package enum HeaderFault: Equatable, Sendable, CustomStringConvertible {
  /// The bytes are no UTF-8.
  case encoding
  /// Something else than what the format has at this place.
  case expected(Token)
  /// A number that is negative, fractional, has leading zeros or is 2⁶³ or more.
  case number
  /// A string with a raw control character or an escape that JSON does not have.
  case string
  /// A name that its object has already, also where it differs in Unicode normalisation alone.
  case duplicate(String)
  /// A key that a tensor's description does not have.
  case unknownKey(String)
  /// A tensor's description lacks this key.
  case missingKey(String)

  /// What may stand at a place of the header.
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
    /// Two numbers, the second not below the first.
    case offsets = "two ascending offsets"
    /// Nothing but white space.
    case end = "the end"
  }

  /// A clause without a full stop.
  package var description: String {
    switch self {
    case .encoding: "it is not UTF-8"
    case .expected(let token): "\(token.rawValue) should stand there"
    case .number: "a whole number from 0 to \(Int.max) should stand there"
    case .string: "a control character or an escape that JSON does not have"
    case .duplicate(let name): "\(quoted(name)) is there twice"
    case .unknownKey(let key): "a tensor has no key \(quoted(key))"
    case .missingKey(let key): "the key \(quoted(key)) is missing"
    }
  }
}

/// A name from a file as it may appear in a sentence: in quotes, on one line, of bounded length,
/// and with nothing in it that a terminal would obey.
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

/// A shape as it may appear in a sentence, of bounded length.
private func abridged(_ shape: [Int]) -> String {
  let limit = 8
  let sizes = shape.prefix(limit).map(String.init) + (shape.count > limit ? ["…"] : [])
  return "[\(sizes.joined(separator: ", "))]"
}
