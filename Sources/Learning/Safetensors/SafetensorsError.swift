public import SpecGANFiles

/// Why a safetensors file could not be read or written.
public enum SafetensorsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The system refused; the payload says what.
  case file(FileError)
  /// The file is shorter than the eight bytes that give the header's length.
  case tooShort(path: String, byteCount: Int)
  /// The header's length is beyond the format's limit or the end of the file.
  case headerLength(path: String, length: UInt64, limit: Int)
  /// The header is not what the format allows, `offset` bytes into it.
  case header(path: String, offset: Int, fault: HeaderFault)
  /// A tensor has an element type that the format does not know.
  case unknownType(path: String, name: String, type: String)
  /// A tensor's shape and type do not take the bytes it was given.
  case size(path: String, name: String, type: SafetensorsType, shape: [Int], byteCount: Int)
  /// A tensor's bytes overlap those before it or leave a hole; they should start at `expected`.
  case placement(path: String, name: String, start: Int, expected: Int)
  /// The tensors do not fill the file exactly.
  case dataLength(path: String, byteCount: Int, expected: Int)
  /// The file has no such tensor.
  case missing(path: String, name: String)
  /// A tensor is there with another element type than the reader needs.
  case type(path: String, name: String, found: SafetensorsType, expected: SafetensorsType)
  /// A tensor is there with another shape than the reader needs.
  case shape(path: String, name: String, found: [Int], expected: [Int])
  /// A part of the file is not what its checksum was taken of.
  case damaged(path: String, part: String)

  /// A sentence: what, where, and what to do.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .tooShort, .headerLength, .header, .unknownType, .size, .placement, .dataLength:
      "\(path): \(damage); the file is damaged or not a safetensors file, get it again."
    case .missing(_, let name):
      "\(path): there is no tensor \(quoted(name)); check that this is the right file."
    case .type(_, let name, let found, let expected):
      "\(path): tensor \(quoted(name)) is \(found.rawValue); convert it to \(expected.rawValue)."
    case .shape(_, let name, let found, let expected):
      "\(path): tensor \(quoted(name)) has shape \(abridged(found)) where \(abridged(expected)) "
        + "is needed; check that it belongs to this configuration."
    case .damaged(let path, let part):
      "\(path) is damaged: \(part) does not match its checksum; use another one, or a copy of this one."
    }
  }

  /// The file it is about.
  public var path: String {
    switch self {
    case .file(.notFound(let path)), .file(.unreadable(let path, _)),
      .file(.unwritable(let path, _)), .file(.unflushed(let path, _)),
      .file(.unappendable(let path, _)), .tooShort(let path, _),
      .headerLength(let path, _, _),
      .header(let path, _, _), .unknownType(let path, _, _), .size(let path, _, _, _, _),
      .placement(let path, _, _, _), .dataLength(let path, _, _), .missing(let path, _),
      .type(let path, _, _, _), .shape(let path, _, _, _), .damaged(let path, _):
      path
    }
  }

  private var damage: String {
    switch self {
    case .tooShort(_, let count):
      "it has \(count) bytes, and the header's length alone takes 8"
    case .headerLength(_, let length, let limit):
      "its header claims \(length) bytes where at most \(limit) are possible"
    case .header(_, let offset, let fault):
      "byte \(offset) of its header: \(fault)"
    case .unknownType(_, let name, let type):
      "tensor \(quoted(name)) has the unknown type \(quoted(type))"
    case .size(_, let name, let type, let shape, let count):
      "tensor \(quoted(name)) has \(count) bytes, not those of \(abridged(shape)) \(type.rawValue)"
    case .placement(_, let name, let start, let expected):
      "tensor \(quoted(name)) starts at byte \(start) of the data, not at \(expected)"
    case .dataLength(_, let count, let expected):
      "\(count) bytes follow its header, and its tensors take \(expected)"
    case .file, .missing, .type, .shape, .damaged: ""
    }
  }
}

/// What is wrong with a header, where it is wrong.
public enum HeaderFault: Equatable, Sendable, CustomStringConvertible {
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
  public enum Token: String, Sendable {
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
  public var description: String {
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

/// A name from a file as it may appear in a sentence: in quotes, on one line, of bounded length, and with
/// nothing in it that a terminal would obey.
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
