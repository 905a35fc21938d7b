internal import CSpecGANSndfile
internal import SpecGANErrors

/// A reader of one audio file, which validates its samples and its length.
///
/// A file may have several streams, which are decoded one after the other.
struct SoundFile: ~Copyable {
  private static let blockLength = 16_384  // samples, or one frame

  /// The name of the container, such as `WAV`.
  let container: String
  /// The format of all streams; its number of frames is that of the first.
  let format: SoundFormat
  private(set) var frameCount = 0  // frames read so far
  private let file: SharedFile
  private let streams: [SoundStream]
  private var index = 0
  private var reader: StreamReader
  private var faults: Faults

  init(
    _ file: consuming InputFile, longestDuration: Int, allowsDamage: Bool = false
  ) throws(SpecGANError) {
    var file = file
    var faults = Faults(allowsDamage: allowsDamage, longestDuration: longestDuration)
    let (container, streams) = try Container.find(in: &file, &faults)
    let shared = SharedFile(file)
    guard let first = streams.first else { throw .noSamples(path: shared.path) }
    let reader = try StreamReader(shared, first, longestDuration: faults.longestDuration)
    format = reader.format
    self.container = container
    self.file = shared
    self.streams = streams
    self.reader = reader
    self.faults = faults
  }

  /// The largest number of frames to expect: that of the header, or of the longest duration.
  var expectedFrames: Int {
    let known = streams.dropFirst().reduce(into: format.promisedFrames) { sum, stream in
      sum = sum.flatMap { first in stream.promisedFrames.map { first + $0 } }
    }
    return known ?? faults.longestDuration * format.sampleRate
  }

  /// The remarks on the file so far, each the rest of a sentence that begins with its path.
  var remarks: [String] {
    faults.remarks + (damage.map { ["\($0); \(frameCount) frames are used"] } ?? [])
  }

  /// The damage that was allowed, as the rest of a sentence that begins with the path.
  var damage: String? { faults.damage?.predicateStatement }

  /// Returns the next interleaved frames, all of them finite; empty at the end.
  ///
  /// - Throws: ``SpecGANError`` if a sample is not finite or too large, or the file is too long,
  ///   damaged, truncated or without samples.
  mutating func nextBlock() throws(SpecGANError) -> [Float] {
    let channels = format.channels
    while true {
      let block = try reader.next(max(1, Self.blockLength / channels), &faults)
      if block.isEmpty {
        guard try open() else { break }
        continue
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
    if frameCount == 0 { throw .noSamples(path: format.path) }
    return []
  }

  /// Opens the next stream; returns false at the end.
  private mutating func open() throws(SpecGANError) -> Bool {
    index += 1
    guard index < streams.count else { return false }
    reader = try StreamReader(file, streams[index], longestDuration: faults.longestDuration)
    guard reader.format.isAlike(format) else {
      throw .unsupported(path: format.path, encoding: "joined streams of different formats")
    }
    return true
  }
}

/// A reader of one stream, which validates its length and its digest.
private struct StreamReader: ~Copyable {
  let format: SoundFormat
  private let handle: SoundHandle
  private let stream: SoundStream
  private var frameCount = 0
  private var md5 = MD5()
  private var isEnded = false
  /// The number of frames to leave out at the beginning.
  private var lead: Int
  /// A frame of MP3, the most that is made.
  private static let longestLead = 1152

  init(
    _ file: SharedFile, _ stream: SoundStream, longestDuration: Int
  ) throws(SpecGANError) {
    let handle = try SoundHandle(file, stream)
    format = try SoundFormat(
      stream, handle.info, longestDuration: longestDuration, path: file.path)
    let surplus = stream.hasLead ? Int(handle.info.frames) - (stream.promisedFrames ?? 0) : 0
    lead = max(0, min(surplus, Self.longestLead))
    self.handle = handle
    self.stream = stream
  }

  /// Returns the next frames, at most `count`; empty at the end.
  mutating func next(_ count: Int, _ faults: inout Faults) throws(SpecGANError) -> [Float] {
    if isEnded { return [] }
    if lead > 0 {
      _ = try handle.read(frames: lead)
      lead = 0
    }
    var count = count
    if stream.isPadded, let promised = stream.promisedFrames {
      count = min(count, promised - frameCount)
    }
    var block = count > 0 ? try handle.read(frames: count) : []
    do throws(SpecGANError) { try handle.check() } catch {
      try faults.record(error)
      // What was decoded last may be silence in the place of damage.
      isEnded = true
      block = []
    }
    frameCount += block.count / format.channels
    if let digest = stream.digest { md5.update(Self.bytes(block, bits: digest.bits)) }
    if block.isEmpty {
      if !isEnded { try checkEnd(&faults) }
      isEnded = true
    }
    return block
  }

  private func checkEnd(_ faults: inout Faults) throws(SpecGANError) {
    if let promised = format.promisedFrames, frameCount < promised {
      try faults.record(
        .truncated(path: format.path, framesFound: frameCount, framesPromised: promised))
    } else if let digest = stream.digest, md5.digest() != digest.md5 {
      try faults.record(
        .damaged(path: format.path, reason: "its samples do not match their MD5 checksum"))
    }
  }

  /// Returns the bytes that FLAC's digest is of: integers of `bits` bits, the lowest byte first.
  private static func bytes(_ samples: [Float], bits: Int) -> [UInt8] {
    let scale = Float(1 << (bits - 1))
    let width = bits / 8
    return unsafe [UInt8](unsafeUninitializedCapacity: samples.count * width) { buffer, count in
      for sample in samples {
        let value = Int(max(-scale, min(scale - 1, sample * scale)))
        for index in 0..<width {
          unsafe buffer[count + index] = UInt8(truncatingIfNeeded: value &>> (8 * index))
        }
        count += width
      }
    }
  }
}
