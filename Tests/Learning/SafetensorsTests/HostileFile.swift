import Testing

/// An invalid file, and a part of the message that must describe its fault.
struct HostileFile: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let bytes: [UInt8]
  let reason: String

  init(_ what: String, _ reason: String, _ bytes: [UInt8]) {
    testDescription = what
    self.bytes = bytes
    self.reason = reason
  }

  /// A valid header, from which the invalid ones are made.
  static let good =
    #"{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
    + #""b":{"dtype":"I32","shape":[1,1],"data_offsets":[8,12]}}"#
  static let goodData = [UInt8](0..<12)

  static let all = lengths + grammar + strings + numbers + members + sizes + placements

  private static let lengths = [
    HostileFile("nothing", "0 bytes", []),
    HostileFile("seven bytes", "7 bytes", [2, 0, 0, 0, 0, 0, 0]),
    HostileFile("a length and no header", "is 2 bytes", [2, 0, 0, 0, 0, 0, 0, 0]),
    HostileFile("an empty header", "'{'", file("")),
    HostileFile("a length one too long", "its header is", file("{}", length: 3)),
    HostileFile("a length one too short", "expected", file("{}", length: 1)),
    HostileFile("a header of 4 GB", "is 4294967296", file("{}", length: 1 << 32)),
    HostileFile("a header of 2⁶³ bytes", "is 9223372036854775808", file("{}", length: 1 << 63)),
    HostileFile("a header of 2⁶⁴ − 1 bytes", "its header is", file("{}", length: .max)),
    HostileFile("a header of −8 bytes", "its header is", file("{}", length: UInt64.max - 7)),
    HostileFile("a header of 100,000,001 bytes", "its header is", file("{}", length: 100_000_001)),
    HostileFile("a length in the other byte order", "its header is", file("{}", length: 2 << 56)),
    HostileFile(
      "a length that covers the data", "the end", file("{}", data: [1, 2, 3], length: 5)),
  ]

  private static let grammar = [
    refused("an array", "[]", "'{'"),
    refused("a string", #""{}""#, "'{'"),
    refused("null", "null", "'{'"),
    refused("space before the object", " {}", "'{'"),
    refused("a byte order mark", "\u{FEFF}{}", "'{'"),
    refused("an open object", "{", "a string"),
    refused("two objects", "{}{}", "the end"),
    refused("text after the object", "{} x", "the end"),
    refused("zeros after the object", "{}\0\0", "the end"),
    refused("a trailing comma", good.dropLast() + ",}", "a string"),
    refused("a leading comma", "{,}", "a string"),
    refused("no colon", #"{"a"}"#, "':'"),
    refused("two colons", #"{"a"::{}}"#, "'{'"),
    refused("a comment", "{/**/}", "a string"),
    refused("single quotes", "{'a':1}", "a string"),
    refused("a bare key", "{a:{}}", "a string"),
    refused("a tensor that is a number", #"{"a":1}"#, "'{'"),
    refused("a tensor that is null", #"{"a":null}"#, "'{'"),
    refused("a tensor that is an array", #"{"a":[]}"#, "'{'"),
    refused("metadata that is text", #"{"__metadata__":"x"}"#, "'{'"),
    refused("metadata of a number", #"{"__metadata__":{"x":1}}"#, "a string"),
    refused("nested metadata", #"{"__metadata__":{"x":{}}}"#, "a string"),
    refused("no-break space", "{\u{A0}}", "a string"),
    refused(
      "a million brackets", #"{"a":"# + String(repeating: "[", count: 1_000_000), "'{'"),
    refused(
      "a million braces", String(repeating: #"{"a":"#, count: 1_000_000), "unknown key"),
    refused("brackets in a shape", tensor(shape: String(repeating: "[", count: 100_000)), "number"),
  ]

  private static let strings = [
    HostileFile("a lone continuation byte", "UTF-8", file(Array("{\"".utf8) + [0x80, 0x22, 0x7D])),
    HostileFile("an overlong slash", "UTF-8", file(Array("{\"".utf8) + [0xC0, 0xAF, 0x22, 0x7D])),
    HostileFile("a surrogate", "UTF-8", file(Array("{\"".utf8) + [0xED, 0xA0, 0x80, 0x22, 0x7D])),
    HostileFile("a cut sequence at the end", "UTF-8", file(Array("{}".utf8) + [0xE2, 0x82])),
    refused("an open string", #"{"a"#, "escape"),
    refused("a raw line end", "{\"a\n\":{}}", "escape"),
    refused("a raw zero", "{\"a\0\":{}}", "escape"),
    refused("an unknown escape", #"{"\x41":{}}"#, "escape"),
    refused("a cut escape", #"{"\"#, "escape"),
    refused("a cut code", #"{"\u00"#, "escape"),
    refused("an invalid code", #"{"\u00g0":{}}"#, "escape"),
    refused("a lone lead surrogate", #"{"\ud83c":{}}"#, "escape"),
    refused("a lone trail surrogate", #"{"\udfb5":{}}"#, "escape"),
    refused("two lead surrogates", #"{"\ud83c\ud83c":{}}"#, "escape"),
  ]

  private static let numbers =
    ["-1", "-0", "+1", "01", "1.0", "1e0", "0x1", "\"1\"", "null", "true", "", "1 1", "NaN", "１"]
    .map { refused("the size \($0)", tensor(shape: "[\($0),]"), "expected") } + [
      refused("a size of 2⁶³", tensor(shape: "[9223372036854775808]"), "number"),
      refused("a size of 10³⁰", tensor(shape: "[1\(String(repeating: "0", count: 30))]"), "number"),
      refused("an offset of 2⁶⁴", tensor(offsets: "[0,18446744073709551616]"), "number"),
      refused("a negative offset", tensor(offsets: "[-4,0]"), "number"),
    ]

  private static let members = [
    refused("a tensor twice", "{\(member("a")),\(member("a"))}", "twice"),
    refused("a tensor twice, once escaped", "{\(member("a")),\(member("\\u0061"))}", "twice"),
    refused("metadata twice", #"{"__metadata__":{},"__metadata__":{}}"#, "twice"),
    refused("a key of the metadata twice", #"{"__metadata__":{"k":"v","k":"v"}}"#, "twice"),
    refused("a type twice", #"{"a":{"dtype":"F32","dtype":"F32"}}"#, "twice"),
    refused("no type", #"{"a":{"shape":[1],"data_offsets":[0,4]}}"#, "dtype"),
    refused("no shape", #"{"a":{"dtype":"F32","data_offsets":[0,4]}}"#, "shape"),
    refused("no offsets", #"{"a":{"dtype":"F32","shape":[1]}}"#, "data_offsets"),
    refused("an empty tensor", #"{"a":{}}"#, "dtype"),
    refused("a key too many", #"{"a":{"order":"C"}}"#, "unknown key"),
    refused("an unknown type", tensor(type: "F31"), "F31"),
    refused("a type in lower case", tensor(type: "f32"), "f32"),
    refused("a long unknown type", tensor(type: String(repeating: "F", count: 9_999)), "unknown"),
    refused("one offset", tensor(offsets: "[0]"), "offsets"),
    refused("three offsets", tensor(offsets: "[0,4,8]"), "offsets"),
    refused("descending offsets", tensor(offsets: "[4,0]"), "offsets"),
  ]

  private static let sizes = [
    refused("too few bytes", tensor(shape: "[2]"), "not match"),
    refused("too many bytes", tensor(shape: "[]", offsets: "[0,8]"), "not match"),
    refused("half a byte", tensor(shape: "[1]", type: "F4", offsets: "[0,1]"), "not match"),
    refused("a product of 2⁶⁴", tensor(shape: "[4294967296,4294967296]"), "not match"),
    refused("bits beyond 2⁶³", tensor(shape: "[9223372036854775807]"), "not match"),
    refused("a product of 2⁶⁴, then 0", tensor(shape: "[4294967296,4294967296,0]"), "not match"),
    refused(
      "a million sizes", tensor(shape: "[\(String(repeating: "2,", count: 999_999))2]"),
      "not match"),
    refused(
      "an end beyond 2⁶³", tensor(offsets: "[9223372036854775804,9223372036854775807]"),
      "not match"),
  ]

  private static let placements = [
    HostileFile("a byte after the data", "13 bytes follow", file(good, data: goodData + [0])),
    HostileFile("a byte missing", "11 bytes follow", file(good, data: goodData.dropLast())),
    HostileFile("data and no tensors", "1 bytes follow", file("{}", data: [0])),
    HostileFile("a hole at the front", "not at 0", file(tensor(offsets: "[4,8]"), data: goodData)),
    HostileFile(
      "a hole between", "not at 4", file("{\(member("a")),\(member("b", 8))}", data: goodData)),
    HostileFile(
      "an overlap", "not at 4", file("{\(member("a")),\(member("b", 2))}", data: goodData)),
    HostileFile(
      "the same bytes twice", "not at 4", file("{\(member("a")),\(member("b"))}", data: goodData)),
    HostileFile(
      "a tensor beyond the file", "4 bytes follow",
      file("{\(member("a")),\(member("b", 4))}", data: [0, 0, 0, 0])),
    HostileFile(
      "an empty tensor in a hole", "not at 4",
      file(
        #"{\#(member("a")),"e":{"dtype":"F32","shape":[0],"data_offsets":[6,6]}}"#,
        data: [0, 0, 0, 0])),
  ]

  // MARK: - Making headers

  private static func refused(_ what: String, _ header: String, _ reason: String) -> HostileFile {
    HostileFile(what, reason, file(header, data: [0, 0, 0, 0]))
  }

  private static func tensor(
    shape: String = "[1]", type: String = "F32", offsets: String = "[0,4]"
  ) -> String {
    #"{"a":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}}"#
  }

  private static func member(_ name: String, _ start: Int = 0) -> String {
    #""\#(name)":{"dtype":"F32","shape":[1],"data_offsets":[\#(start),\#(start + 4)]}"#
  }
}
