internal import SpecGANErrors

/// The streams of a FLAC file: one, or several that were joined.
enum FLACStream {
  private static let most = 256  // joined streams

  /// Finds the streams of `file`, of which the first begins at `start`.
  ///
  /// - Throws: ``SpecGANError`` if the encoding is not supported, or the file is damaged.
  static func find(
    in file: borrowing InputFile, from start: Int, _ faults: inout Faults
  ) throws(SpecGANError) -> [SoundStream] {
    var streams: [SoundStream] = []
    var place = start
    var first: FLACHeader?
    while streams.count < most {
      let header = try FLACHeader(at: place, in: file)
      if let first, first.channels != header.channels || first.sampleRate != header.sampleRate {
        throw .unsupported(path: file.path, encoding: "joined streams of different formats")
      }
      first = first ?? header
      let end: Int
      let found: [SoundStream]
      (found, end) = try Self.streams(header, in: file, &faults)
      streams += found
      place = try Trailer.end(from: end, in: file)
      if place >= file.byteCount { break }
      guard try file.bytes(at: place, count: 4).holds(FLACHeader.mark) else {
        if faults.damage == nil {
          faults.remark("has \(file.byteCount - place) bytes after its audio, which are ignored")
        }
        break
      }
    }
    return streams
  }

  /// Returns the stream of `header`, and its end. If it is damaged, a stream of each run of intact
  /// frames: a decoder puts silence between frames that do not follow each other.
  private static func streams(
    _ header: FLACHeader, in file: borrowing InputFile, _ faults: inout Faults
  ) throws(SpecGANError) -> ([SoundStream], end: Int) {
    let path = file.path
    if let promised = header.promisedFrames {
      try faults.checkDuration(promised, sampleRate: header.sampleRate, path: path)
    }
    let frames = try FLACFrames(header, in: file)
    let found = frames.sampleCount
    let promised = header.promisedFrames ?? found
    if let damage = frames.damage, !frames.isCut {
      try faults.record(.damaged(path: path, reason: damage))
    } else if frames.isCut, header.promisedFrames == nil {
      try faults.record(.unfinished(path: path))
    } else if found < promised {
      try faults.record(.truncated(path: path, framesFound: found, framesPromised: promised))
    }
    guard found > 0 else { throw .noSamples(path: path) }
    let isIntact = faults.damage == nil
    if frames.hasRest, isIntact {
      faults.remark("has other data after its audio, which are ignored")
    }
    if found > promised { faults.remarkLength(given: promised, found: found) }
    let md5 = isIntact && found == promised ? header.md5 : nil
    let streams = frames.runs.map { run in
      SoundStream(
        container: .flac,
        pieces: [.made(header.bytes(frames: run.sampleCount)), .file(run.range)],
        promisedFrames: run.sampleCount, isPadded: frames.hasRest,
        digest: md5.map { ($0, header.bits) })
    }
    return (streams, frames.end)
  }
}
