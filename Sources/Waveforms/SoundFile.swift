/// One sound being read: only what may come in does, and all of it.
struct SoundFile: ~Copyable {
  private static let blockLength = 16_384  // samples, or one frame

  let format: SoundFormat
  private(set) var frameCount = 0  // of those read
  private let source: Source

  private enum Source: ~Copyable {
    case samples(PCMReader)
    case stream(SoundHandle)
  }

  init(_ file: consuming InputFile, longestDuration: Int) throws(AudioFileError) {
    let path = file.path
    let finding = try Container.find(in: file)
    if let layout = finding.layout {
      format = try SoundFormat(
        layout, frames: finding.promisedFrames, longestDuration: longestDuration, path: path)
      source = .samples(PCMReader(of: file, finding.extent, as: layout))
      return
    }
    let handle = try SoundHandle(file, finding)
    format = try SoundFormat(
      finding, handle.info, longestDuration: longestDuration, path: path)
    source = .stream(handle)
  }

  /// The next interleaved frames, all of them finite; none at the end.
  ///
  /// - Throws: at the end, where fewer frames were there than promised.
  mutating func nextBlock() throws(AudioFileError) -> [Float] {
    let channels = format.channels
    let block = try read(frames: max(1, Self.blockLength / channels))
    if block.isEmpty {
      try checkEnd()
      return []
    }
    if let bad = block.firstBeyond(AudioFile.largestSample) {
      let frame = frameCount + bad / channels
      throw block[bad].isFinite
        ? .tooLoud(path: format.path, frame: frame) : .nonFinite(path: format.path, frame: frame)
    }
    frameCount += block.count / channels
    try format.checkDuration(frameCount)
    return block
  }

  private func read(frames: Int) throws(AudioFileError) -> [Float] {
    switch source {
    case .samples(let reader): try reader.read(frames: frames, from: frameCount)
    case .stream(let handle): try handle.read(frames: frames)
    }
  }

  private func checkEnd() throws(AudioFileError) {
    if let promised = format.promisedFrames, frameCount < promised {
      throw .truncated(path: format.path, framesFound: frameCount, framesPromised: promised)
    }
    switch source {
    case .samples: break
    case .stream(let handle): try handle.check()
    }
    if frameCount == 0 { throw .noSamples(path: format.path) }
  }
}
