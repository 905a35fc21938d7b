internal import CSpecGANSndfile
internal import SpecGANErrors

/// The audio format of a file: libsndfile's report on a stream, checked against the parsed header.
struct SoundFormat {
  let path: String
  let channels: Int
  let sampleRate: Int
  let promisedFrames: Int?  // nil if unknown or estimated
  private let longestDuration: Int  // seconds

  private static let types: [Container: Int] = [
    .pcm: SF_FORMAT_RAW, .adpcm: SF_FORMAT_WAV, .flac: SF_FORMAT_FLAC, .ogg: SF_FORMAT_OGG,
    .mpeg: SF_FORMAT_MPEG,
  ]

  private static let subtypes: [Container: Set<Int>] = [
    .pcm: [
      SF_FORMAT_PCM_S8, SF_FORMAT_PCM_U8, SF_FORMAT_PCM_16, SF_FORMAT_PCM_24, SF_FORMAT_PCM_32,
      SF_FORMAT_FLOAT, SF_FORMAT_DOUBLE, SF_FORMAT_ULAW, SF_FORMAT_ALAW,
    ],
    .adpcm: [SF_FORMAT_IMA_ADPCM, SF_FORMAT_MS_ADPCM],
    .flac: [SF_FORMAT_PCM_S8, SF_FORMAT_PCM_16, SF_FORMAT_PCM_24],
    .ogg: [SF_FORMAT_VORBIS, SF_FORMAT_OPUS], .mpeg: [SF_FORMAT_MPEG_LAYER_III],
  ]

  init(
    _ stream: SoundStream, _ info: SF_INFO, longestDuration: Int, path: String
  ) throws(SpecGANError) {
    // The largest count is libsndfile's code for an unknown length.
    let isKnown = info.frames >= 0 && info.frames < sf_count_t.max && !stream.isEstimated
    self.path = path
    self.longestDuration = longestDuration
    channels = Int(info.channels)
    sampleRate = Int(info.samplerate)
    promisedFrames = stream.promisedFrames ?? (isKnown ? Int(info.frames) : nil)
    try Self.checkEncoding(Int(info.format), of: stream.container, path: path)
    try Self.check(channels: channels, sampleRate: sampleRate, path: path)
    // The length of an Ogg stream is in its last page, which libsndfile did not find.
    if stream.container == .ogg && !isKnown { throw .unfinished(path: path) }
    try checkDuration(promisedFrames ?? 0)
  }

  /// Whether `other` can be joined to this.
  func isAlike(_ other: SoundFormat) -> Bool {
    (channels, sampleRate) == (other.channels, other.sampleRate)
  }

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
