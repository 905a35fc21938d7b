internal import SpecGANErrors

/// The recognition of files that are not audio, or are audio in unsupported formats.
enum ForeignContent {
  private static let sounds: [(offset: Int, magic: [UInt8], name: String)] = [
    (4, Array("ftyp".utf8), "MPEG-4 audio or video"), (0, Array("caff".utf8), "CAF"),
    (0, Array(".snd".utf8), "AU"), (0, Array("RF64".utf8), "RF64 WAV"),
    (0, Array("BW64".utf8), "BW64 WAV"), (0, Array("RIFX".utf8), "big-endian WAV"),
    (0, Array("riff".utf8), "Wave64"), (0, Array("wvpk".utf8), "WavPack"),
    (0, Array("#!AMR".utf8), "AMR"), (0, Array("MAC ".utf8), "Monkey's Audio"),
    (0, Array("TTA1".utf8), "True Audio"), (0, Array("DSD ".utf8), "DSD"),
    (0, Array("Creative Voice File".utf8), "VOC"), (8, Array("AVI ".utf8), "AVI video"),
    (0, [0x30, 0x26, 0xB2, 0x75], "Windows Media"),
    (0, [0x1A, 0x45, 0xDF, 0xA3], "Matroska or WebM"),
  ]

  private static let others: [(offset: Int, magic: [UInt8], name: String)] = [
    (0, [0x89, 0x50, 0x4E, 0x47], "a PNG image"), (0, [0xFF, 0xD8, 0xFF], "a JPEG image"),
    (0, Array("GIF8".utf8), "a GIF image"), (8, Array("WEBP".utf8), "a WebP image"),
    (0, Array("%PDF".utf8), "a PDF document"), (0, [0x50, 0x4B, 3, 4], "a ZIP archive"),
    (0, [0x1F, 0x8B], "a gzip archive"), (0, Array("MThd".utf8), "MIDI (notes, not audio)"),
    (0, Array("SQLite".utf8), "a database"), (0, [0x7F, 0x45, 0x4C, 0x46], "a program"),
    (0, [0xFF, 0xFE], "text"),
  ]

  /// Returns the error for a file that starts with `head`.
  static func error(for head: [UInt8], path: String) -> SpecGANError {
    func name(in table: [(offset: Int, magic: [UInt8], name: String)]) -> String? {
      table.first { head.dropFirst($0.offset).starts(with: $0.magic) }?.name
    }
    if let other = name(in: others) { return .notAudio(path: path, content: other) }
    if let sound = name(in: sounds) { return .unsupported(path: path, encoding: sound) }
    if let name = layerName(head) { return .unsupported(path: path, encoding: name) }
    return .notAudio(path: path, content: isText(head) ? "text" : nil)
  }

  /// Returns the layer by the sync word of MPEG audio and its two layer bits, which are 0 in AAC.
  private static func layerName(_ head: [UInt8]) -> String? {
    guard head.count > 1, head[0] == 0xFF, head[1] & 0xF0 == 0xF0 else { return nil }
    return ["AAC", nil, "MPEG layer II", "MPEG layer I"][Int(head[1] >> 1 & 3)]
  }

  private static func isText(_ head: [UInt8]) -> Bool {
    let spaces: Set<UInt8> = [0x09, 0x0A, 0x0C, 0x0D]
    return !head.isEmpty && head.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || spaces.contains($0) }
      && head.filter { $0 >= 0x80 }.count <= head.count / 2
  }
}
