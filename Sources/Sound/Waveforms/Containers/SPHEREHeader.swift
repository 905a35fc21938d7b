// Source: NIST, "SPHERE Header Structure", in the documentation of SPHERE 2.7.
internal import SpecGANErrors

/// The header of a NIST SPHERE file, as TIMIT and other speech corpora have it: lines of text.
/// libsndfile reads only the samples.
enum SPHEREHeader {
  static let mark = "NIST_1A\n"
  private static let longest = 1 << 16  // bytes; headers have 1024

  /// Parses the header of `file`.
  ///
  /// - Throws: ``SpecGANError`` if the encoding is not supported, or bytes are missing.
  static func stream(
    of file: borrowing InputFile, _ faults: inout Faults
  ) throws(SpecGANError) -> SoundStream {
    let path = file.path
    let second = String(decoding: try file.bytes(at: 8, count: 8), as: UTF8.self)
    guard let length = number(second), (16...longest).contains(length) else {
      throw .damaged(path: path, reason: "the size of its header is not a number")
    }
    let head = try file.bytes(at: 0, count: length)
    guard head.count == length else { throw .unfinished(path: path) }
    let fields = fields(head)
    let coding = fields["sample_coding"] ?? "pcm"
    let byteCount = fields["sample_n_bytes"].flatMap(number) ?? (coding.hasPrefix("pcm") ? 2 : 1)
    let isBig = fields["sample_byte_format"].map { $0.hasPrefix("1") } ?? false
    let layout = try PCMLayout(
      try encoding(coding, byteCount: byteCount, path: path), byteCount: byteCount,
      isBig ? .big : .little, channels: fields["channel_count"].flatMap(number) ?? 1,
      sampleRate: fields["sample_rate"].flatMap(number) ?? 0, path: path)
    let promised = min(1 << 50, fields["sample_count"].flatMap(number) ?? 0)
    let range = try SampleExtent(style: nil, unit: layout.frameLength).range(
      from: length, promised: promised * layout.frameLength, in: file, &faults)
    return layout.stream(range)
  }

  private static func encoding(
    _ coding: String, byteCount: Int, path: String
  ) throws(SpecGANError) -> PCMLayout.Number {
    switch coding {
    case "pcm" where (1...4).contains(byteCount): return .signed
    case "ulaw" where byteCount == 1, "mu-law" where byteCount == 1: return .muLaw
    case "alaw" where byteCount == 1: return .aLaw
    case "pcm", "ulaw", "mu-law", "alaw":
      throw .unsupported(path: path, encoding: "NIST SPHERE with samples of \(byteCount) bytes")
    default:
      let name = coding.contains("shorten") ? "shorten" : "an unknown encoding"
      throw .unsupported(
        path: path, encoding: "NIST SPHERE compressed by \(name)",
        advice: "convert it to WAV with sph2pipe: sph2pipe -f wav FILE FILE.wav.")
    }
  }

  /// Returns the values of the lines `name -type value`, up to `end_head`.
  private static func fields(_ head: [UInt8]) -> [String: String] {
    var fields: [String: String] = [:]
    for line in head.split(separator: UInt8(ascii: "\n")).dropFirst(2) {
      let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
        .map { String(decoding: $0, as: UTF8.self) }
      if words.first == "end_head" { break }
      if words.count == 3, fields[words[0]] == nil {
        fields[words[0]] = String(words[2].prefix { $0 != " " && $0 != ";" })
      }
    }
    return fields
  }

  /// Returns the number that `text` is, spaces and line breaks around it left out; nil if none, or
  /// negative.
  private static func number(_ text: String) -> Int? {
    let digits = text.split(whereSeparator: \.isWhitespace)
    guard digits.count == 1, let value = Int(digits[0]), value >= 0 else { return nil }
    return value
  }
}
