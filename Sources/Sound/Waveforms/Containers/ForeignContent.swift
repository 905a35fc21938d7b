internal import SpecGANErrors

/// The recognition of files that are not audio, or are audio in unsupported formats.
enum ForeignContent {
  private struct Magic {
    var offset = 0
    var bytes: [UInt8]
    var name: String

    init(_ bytes: [UInt8], at offset: Int = 0, _ name: String) {
      (self.bytes, self.offset, self.name) = (bytes, offset, name)
    }

    init(_ text: String, at offset: Int = 0, _ name: String) {
      self.init(Array(text.utf8), at: offset, name)
    }

    func begins(_ head: [UInt8]) -> Bool { head.dropFirst(offset).starts(with: bytes) }
  }

  private static let sounds = [
    Magic("ftyp", at: 4, "MPEG-4 audio or video"), Magic("wvpk", "WavPack"),
    Magic("#!AMR", "AMR"), Magic("MAC ", "Monkey's Audio"), Magic("TTA1", "True Audio"),
    Magic("DSD ", "DSD"), Magic("FRM8", "DSD"), Magic("Creative Voice File", "VOC"),
    Magic("AVI ", at: 8, "AVI video"), Magic([0x30, 0x26, 0xB2, 0x75], "Windows Media"),
    Magic([0x1A, 0x45, 0xDF, 0xA3], "Matroska or WebM"), Magic("MPCK", "Musepack"),
    Magic("MP+", "Musepack"), Magic("8SVX", at: 8, "8SVX"), Magic("ajkg", "shorten"),
    Magic("OFR ", "OptimFROG"), Magic("tBaK", "TAK"), Magic(".RMF", "RealAudio"),
    Magic("FLV\u{1}", "Flash video"), Magic([0, 0, 1, 0xBA], "MPEG video"),
  ]

  private static let archives = [
    Magic([0x50, 0x4B, 3, 4], "a ZIP archive"), Magic([0x50, 0x4B, 5, 6], "a ZIP archive"),
    Magic([0x50, 0x4B, 7, 8], "a ZIP archive"), Magic("Rar!\u{1A}\u{7}", "a RAR archive"),
    Magic([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7-Zip archive"),
    Magic([0x1F, 0x8B], "a gzip archive"), Magic("BZh", "a bzip2 archive"),
    Magic([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "an xz archive"),
    Magic([0x28, 0xB5, 0x2F, 0xFD], "a Zstandard archive"),
    Magic("ustar", at: 257, "a tar archive"),
  ]

  private static let others = [
    Magic([0x89, 0x50, 0x4E, 0x47], "a PNG image"), Magic([0xFF, 0xD8, 0xFF], "a JPEG image"),
    Magic("GIF8", "a GIF image"), Magic("WEBP", at: 8, "a WebP image"),
    Magic("%PDF", "a PDF document"), Magic("MThd", "MIDI (notes, not audio)"),
    Magic("SQLite", "a database"), Magic([0x7F, 0x45, 0x4C, 0x46], "a program"),
    Magic([0xFF, 0xFE], "text"),
  ]

  private static let pointerMark = "version https://git-lfs.github.com/spec/"

  /// Returns whether `head` is the beginning of a file that is known here.
  static func isKnown(_ head: [UInt8]) -> Bool {
    let families = ["RIFF", "RIFX", "RF64", "BW64", "FORM", "LIST"]
    return families.contains { head.holds($0) }
      || (others + archives + sounds).contains { $0.begins(head) }
  }

  /// Returns whether `head` begins with the mark of an archive or a picture that has at least four
  /// bytes, so that samples hardly ever begin with it.
  static func isDistinct(_ head: [UInt8]) -> Bool {
    (archives + others).contains { $0.bytes.count >= 4 && $0.begins(head) }
      || head.starts(with: [0xFF, 0xD8, 0xFF, 0xE0]) || head.starts(with: [0xFF, 0xD8, 0xFF, 0xE1])
  }

  /// Returns the error for a file that starts with `head`.
  static func error(for head: [UInt8], path: String) -> SpecGANError {
    func name(in table: [Magic]) -> String? { table.first { $0.begins(head) }?.name }
    if head.holds(pointerMark) { return .pointer(path: path) }
    if let archive = name(in: archives) { return .archive(path: path, kind: archive) }
    if let other = name(in: others) { return .notAudio(path: path, content: other) }
    if let sound = name(in: sounds) { return .unsupported(path: path, encoding: sound) }
    if let name = layerName(head) { return .unsupported(path: path, encoding: name) }
    if isFLAC(head) { return .damaged(path: path, reason: "it is FLAC without its beginning") }
    return .notAudio(path: path, content: isText(head) ? "text" : nil)
  }

  /// Returns the layer by the sync word of MPEG audio and its two layer bits, which are 0 in AAC.
  private static func layerName(_ head: [UInt8]) -> String? {
    guard head.count > 1, head[0] == 0xFF, head[1] & 0xF0 == 0xF0 else { return nil }
    if isFLAC(head) { return nil }
    return ["AAC", nil, "MPEG layer II", "MPEG layer I"][Int(head[1] >> 1 & 3)]
  }

  private static func isFLAC(_ head: [UInt8]) -> Bool {
    FLACFrame(Array(head.prefix(FLACFrame.longestHead))) != nil
  }

  /// Returns whether all of `head` is text.
  static func isText(_ head: [UInt8]) -> Bool {
    let spaces: Set<UInt8> = [0x09, 0x0A, 0x0C, 0x0D]
    return !head.isEmpty && head.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || spaces.contains($0) }
      && head.filter { $0 >= 0x80 }.count <= head.count / 2
  }
}
