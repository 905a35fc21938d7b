// Source: NeXT and Sun, <sys/audioio.h> and the manual page au(4).
internal import SpecGANErrors

/// The header of an AU file, in either byte order; libsndfile reads only the samples.
enum AUHeader {
  /// Returns the byte order if `head` is the beginning of such a file.
  static func order(of head: [UInt8]) -> PCMLayout.ByteOrder? {
    head.holds(".snd") ? .big : head.holds("dns.") ? .little : nil
  }

  /// Parses the header of `file`.
  ///
  /// - Throws: ``SpecGANError`` if the encoding is not supported, or bytes are missing.
  static func stream(
    of file: borrowing InputFile, _ order: PCMLayout.ByteOrder, _ faults: inout Faults
  ) throws(SpecGANError) -> SoundStream {
    let head = try file.bytes(at: 0, count: 24)
    guard head.count == 24 else { throw .unfinished(path: file.path) }
    func field(_ index: Int) -> Int { head.number(at: 4 * index, count: 4, order) }
    let code = field(3)
    let encodings: [Int: (PCMLayout.Number, Int)] = [
      1: (.muLaw, 1), 2: (.signed, 1), 3: (.signed, 2), 4: (.signed, 3), 5: (.signed, 4),
      6: (.float, 4), 7: (.float, 8), 27: (.aLaw, 1),
    ]
    guard let (number, byteCount) = encodings[code] else {
      throw .unsupported(path: file.path, encoding: "AU of the encoding \(code)")
    }
    let layout = try PCMLayout(
      number, byteCount: byteCount, order, channels: field(5), sampleRate: field(4),
      path: file.path)
    let start = field(1)
    guard start >= 24 else {
      throw .damaged(path: file.path, reason: "its header has \(start) bytes")
    }
    guard start < file.byteCount else { throw .unfinished(path: file.path) }
    let range = try SampleExtent(style: nil, unit: layout.frameLength).range(
      from: start, promised: field(2), in: file, &faults)
    return layout.stream(range)
  }
}
