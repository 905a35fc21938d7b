internal import SpecGANErrors

/// The extent of uncompressed samples: decided by the bytes that are there, because sizes in
/// headers are wrong in many files (streamed, interrupted, over 4 GiB, or truncated).
struct SampleExtent {
  /// The samples' container, whose chunks may follow; nil if none can.
  let style: ChunkWalk.Style?
  /// The size in bytes of a frame, or of a block of coded samples.
  let unit: Int
  /// The number of frames in a unit.
  var framesPerUnit = 1

  /// Returns the byte range of the whole units from `start` on, for which the header gives
  /// `promised` bytes, or 0 because of an interrupted writer if `isUnclosed`. Remarks if both
  /// differ without a usual reason.
  ///
  /// - Throws: ``SpecGANError`` if there is no unit.
  func range(
    from start: Int, promised: Int, isUnclosed: Bool = false, in file: borrowing InputFile,
    _ faults: inout Faults
  ) throws(SpecGANError) -> Range<Int> {
    let available = max(0, file.byteCount - start)
    var length = available
    if promised <= available, !isUnclosed, !Self.isUnknown(promised) {
      let isEnd = try isEnd(at: start + promised, in: file, &faults)
      if isEnd || available - promised < unit { length = promised }
    }
    let units = length / unit
    guard units > 0 else { throw .noSamples(path: file.path) }
    if length != promised, promised / unit != units, promised > 0,
      !isUsual(promised, available: available, file.byteCount)
    {
      faults.remarkLength(
        given: promised / unit * framesPerUnit, found: units * framesPerUnit)
    }
    return start..<start + units * unit
  }

  /// Returns whether a length of 0 in a header is wrong, as data follow at `start`: its writer was
  /// interrupted, or could not seek back. The header of a finished file without samples also has
  /// 0, but its outer size, the second word of `file`, is right.
  static func isUnclosed(
    from start: Int, _ order: PCMLayout.ByteOrder, in file: borrowing InputFile
  ) throws(SpecGANError) -> Bool {
    guard start < file.byteCount else { return false }
    let whole = try file.bytes(at: 4, count: 4).number(at: 0, count: 4, order) + 8
    return abs(whole - file.byteCount) > 1
  }

  /// The sizes of writers that do not know the length, as into a pipe.
  private static func isUnknown(_ size: Int) -> Bool {
    size == 0xFFFF_FFFF || size == 0x7FFF_F000 || size == .max
  }

  /// Returns whether a wrong size has a usual reason: the length was unknown, the size of the whole
  /// file was written, or 32 bits did not suffice.
  private func isUsual(_ promised: Int, available: Int, _ byteCount: Int) -> Bool {
    let slack = 4096  // a header, or a block
    return abs(promised - 1 << 31) <= slack || abs(promised - 1 << 32) <= slack
      || promised > 1 << 60 || promised == byteCount || promised == byteCount - 8
      || available > 1 << 32 - slack
  }

  /// Returns whether other data than samples begins at `place`: a chunk, tags, zeros, text or
  /// another file.
  private func isEnd(
    at place: Int, in file: borrowing InputFile, _ faults: inout Faults
  ) throws(SpecGANError) -> Bool {
    let other = try Trailer.end(from: place, in: file)
    let hasTag = try Trailer.hasTag(from: place, in: file)
    if other >= file.byteCount || hasTag { return true }
    let head = try file.bytes(at: other, count: 512)
    if Container.isKnown(head) || ForeignContent.isDistinct(head) {
      let count = file.byteCount - other
      faults.remark("has \(count) bytes of another file after its audio, which are ignored")
      return true
    }
    if let style {
      let padded = style == .wave64 ? (place + 7) / 8 * 8 : place + 1
      for start in [place, padded] where try ChunkWalk.isChunk(at: start, style, in: file) {
        return true
      }
    }
    return ForeignContent.isText(try file.bytes(at: place, count: 512))
  }
}
