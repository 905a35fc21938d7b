internal import SpecGANErrors

/// A reader of one audio file, which validates its samples and its length.
struct SoundFile: ~Copyable {
  private static let blockLength = 16_384  // samples, or one frame

  let format: SoundFormat
  private(set) var frameCount = 0  // frames read so far
  private let handle: SoundHandle

  init(_ file: consuming InputFile, longestDuration: Int) throws(SpecGANError) {
    let path = file.path
    let finding = try Container.find(in: file)
    let handle = try SoundHandle(file, finding)
    format = try SoundFormat(
      finding, handle.info, longestDuration: longestDuration, path: path)
    self.handle = handle
  }

  /// Returns the next interleaved frames, all of them finite; empty at the end.
  ///
  /// - Throws: ``SpecGANError`` if a sample is not finite or too large, or the file is too long,
  ///   damaged, truncated or without samples.
  mutating func nextBlock() throws(SpecGANError) -> [Float] {
    let channels = format.channels
    let block = try handle.read(frames: max(1, Self.blockLength / channels))
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

  private func checkEnd() throws(SpecGANError) {
    if let promised = format.promisedFrames, frameCount < promised {
      throw .truncated(path: format.path, framesFound: frameCount, framesPromised: promised)
    }
    try handle.check()
    if frameCount == 0 { throw .noSamples(path: format.path) }
  }
}
