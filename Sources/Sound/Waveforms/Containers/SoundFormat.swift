internal import CSpecGANSndfile
internal import SpecGANErrors

/// The audio format of a file: libsndfile's report, checked against the parsed header.
struct SoundFormat {
  let path: String
  let channels: Int
  let sampleRate: Int
  let promisedFrames: Int?  // nil if unknown or estimated
  private let longestDuration: Int  // seconds

  private static let types: [Container: Int] = [
    .wav: SF_FORMAT_RAW, .aiff: SF_FORMAT_RAW, .flac: SF_FORMAT_FLAC, .ogg: SF_FORMAT_OGG,
    .mpeg: SF_FORMAT_MPEG,
  ]

  private static let pcm: Set<Int> = [
    SF_FORMAT_PCM_S8, SF_FORMAT_PCM_U8, SF_FORMAT_PCM_16, SF_FORMAT_PCM_24, SF_FORMAT_PCM_32,
    SF_FORMAT_FLOAT, SF_FORMAT_DOUBLE,
  ]
  private static let subtypes: [Container: Set<Int>] = [
    .wav: pcm, .aiff: pcm, .flac: [SF_FORMAT_PCM_S8, SF_FORMAT_PCM_16, SF_FORMAT_PCM_24],
    .ogg: [SF_FORMAT_VORBIS, SF_FORMAT_OPUS], .mpeg: [SF_FORMAT_MPEG_LAYER_III],
  ]

  init(
    _ finding: Container.Finding, _ info: SF_INFO, longestDuration: Int, path: String
  ) throws(SpecGANError) {
    // The largest count is libsndfile's code for an unknown length.
    let isKnown = info.frames >= 0 && info.frames < sf_count_t.max && !finding.isEstimated
    self.path = path
    // So that a number of frames cannot overflow.
    self.longestDuration = min(longestDuration, Int(Int32.max))
    channels = Int(info.channels)
    sampleRate = Int(info.samplerate)
    promisedFrames = finding.promisedFrames ?? (isKnown ? Int(info.frames) : nil)
    try Self.checkEncoding(Int(info.format), of: finding.container, path: path)
    try Self.check(channels: channels, sampleRate: sampleRate, path: path)
    // The length of an Ogg stream is in its last page, which libsndfile did not find.
    if finding.container == .ogg && !isKnown { throw .unfinished(path: path) }
    try checkDuration(promisedFrames ?? 0)
  }

  /// The largest number of frames to expect: that of the header, or of the longest duration.
  var expectedFrames: Int { promisedFrames ?? longestDuration * sampleRate }

  /// Throws if `frames` exceed the longest duration.
  func checkDuration(_ frames: Int) throws(SpecGANError) {
    guard frames <= longestDuration * sampleRate else {
      throw .tooLong(path: path, limit: longestDuration)
    }
  }

  /// Throws if there are no channels, or the sample rate is not supported.
  static func check(channels: Int, sampleRate: Int, path: String) throws(SpecGANError) {
    guard channels > 0 else { throw .damaged(path: path, reason: "it has no channels") }
    guard AudioFile.sampleRates.contains(sampleRate) else {
      throw .sampleRate(path: path, found: sampleRate)
    }
  }

  private static func checkEncoding(
    _ format: Int, of container: Container, path: String
  ) throws(SpecGANError) {
    let type = format & SF_FORMAT_TYPEMASK
    let subtype = format & SF_FORMAT_SUBMASK
    guard types[container] == type, subtypes[container]?.contains(subtype) == true else {
      let number = String(type | subtype, radix: 16)
      throw .unsupported(path: path, encoding: "libsndfile's format 0x\(number)")
    }
  }
}
