public import SpecGANErrors
internal import SpecGANFiles

/// Functions on audio files.
///
/// Supported formats for reading are WAV and its relatives (RF64, BW64, Wave64, RIFX), AIFF and
/// AIFC, CAF, AU, NIST SPHERE, FLAC, Ogg (Vorbis, Opus) and MP3. The format is recognized by the
/// contents, not by the file name.
package enum AudioFile {
  /// The default limit on the duration of audio, in s: three hours.
  package static let longestDuration = 10_800
  /// The largest number of samples of a clip: 8 GiB.
  package static let largestSampleCount = 1 << 31
  /// The sample rates that can be read, in Hz.
  package static let sampleRates = 1_000...768_000
  /// The largest magnitude of a sample that can be read, 2⁶⁴; larger ones are not audio, and their
  /// spectrum would overflow.
  package static let largestSample: Float = 0x1p64

  /// The extensions of audio files, also of those that cannot be read.
  private static let extensions: Set<String> = [
    "wav", "wave", "bwf", "rf64", "w64", "aif", "aiff", "aifc", "flac", "ogg", "oga", "opus", "spx",
    "mp3", "mp2", "mp1", "mpga", "mpa", "m4a", "m4b", "mp4", "aac", "alac", "caf", "au", "snd",
    "wma", "wv", "ape", "tta", "dsf", "dff", "amr", "3gp", "webm", "mka", "ac3", "voc", "sph",
    "nist", "iff", "8svx", "sd2", "raw", "pcm",
  ]

  /// Returns whether `name` has the extension of an audio file.
  package static func isNamedLikeAudio(_ name: String) -> Bool {
    extensions.contains(name.fileExtension)
  }

  /// Reads a complete audio file, without mixing or resampling.
  ///
  /// Integers are divided by their full scale, so they lie in `[-1, 1)`; floats are kept, also
  /// beyond ±1, up to ``largestSample``. Memory grows with the decoded audio, not by a length in
  /// the header. A file that is longer than `longestDuration`, in s, is rejected by its header, or
  /// while decoding.
  /// - Throws: ``SpecGANError`` if the file is missing, truncated, damaged, not supported, not
  ///   finite, without samples, too long or too large.
  package static func read(
    _ path: String, longestDuration: Int = longestDuration
  ) throws(SpecGANError) -> Waveform {
    try readWithRemarks(path, longestDuration: longestDuration).waveform
  }

  /// Reads a complete audio file like ``read(_:longestDuration:)``, with the remarks on it; see
  /// ``DecodedSound/remarks``.
  package static func readWithRemarks(
    _ path: String, longestDuration: Int = longestDuration
  ) throws(SpecGANError) -> (waveform: Waveform, remarks: [String]) {
    var file = try SoundFile(InputFile(path: path), longestDuration: longestDuration)
    var samples: [Float] = []
    while true {
      let block = try file.nextBlock()
      if block.isEmpty { break }
      samples += block
      guard samples.count <= largestSampleCount else { throw .tooLarge(path: path) }
    }
    let waveform = Waveform(
      samples: samples, channels: file.format.channels, sampleRate: file.format.sampleRate)
    return (waveform, file.remarks)
  }
}

extension Waveform {
  /// Reads an audio file: WAV and its relatives (RF64, BW64, Wave64, RIFX), AIFF, CAF, AU,
  /// NIST SPHERE, FLAC, Ogg (Vorbis, Opus) or MP3, recognized by its contents.
  ///
  /// Integer samples are divided by their full scale, so they lie in `[-1, 1)`; floating-point
  /// samples are kept, also beyond ±1.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - longestDuration: the limit on the duration, in s.
  /// - Throws: ``SpecGANError`` if the file is missing, damaged, not audio, without samples, or
  ///   exceeds the limit.
  public init(contentsOf path: String, longestDuration: Int = 10_800) throws(SpecGANError) {
    self = try AudioFile.read(path, longestDuration: longestDuration)
  }
}
