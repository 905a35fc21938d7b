public import SpecGANErrors

/// Sounds on disk.
///
/// Read are WAV (PCM of 8 to 32 bits, float, double; extensible or not), AIFF and AIFC (the same),
/// FLAC, Ogg (Vorbis, Opus) and MP3: told by their bytes, whatever their names say.
package enum AudioFile {
  /// The longest sound that is read, in seconds, unless another limit is given: three hours.
  package static let longestDuration = 10_800
  /// The most samples that are kept of one sound: 8 GiB of them.
  package static let largestSampleCount = 1 << 31
  /// The rates that are read, in hertz.
  package static let sampleRates = 1_000...768_000
  /// The largest magnitude of a sample that is read, 2⁶⁴: what is beyond is no sound, and its
  /// spectrum would overflow.
  package static let largestSample: Float = 0x1p64

  /// The whole sound, as it is stored.
  ///
  /// Integers are divided by their full scale, so they lie in `[-1, 1)`; floats are kept, also
  /// beyond ±1, up to ``largestSample``. Nothing is allocated on a header's word. What lasts more
  /// than `longestDuration` seconds is refused, at the latest when so much has been decoded.
  /// - Throws: ``SpecGANError``: a sound that is returned is whole, finite and has samples.
  package static func read(
    _ path: String, longestDuration: Int = longestDuration
  ) throws(SpecGANError) -> Waveform {
    var file = try SoundFile(InputFile(path: path), longestDuration: longestDuration)
    var samples: [Float] = []
    while true {
      let block = try file.nextBlock()
      if block.isEmpty { break }
      samples += block
      guard samples.count <= largestSampleCount else { throw .tooLarge(path: path) }
    }
    return Waveform(
      samples: samples, channels: file.format.channels, sampleRate: file.format.sampleRate)
  }
}

extension Waveform {
  /// Reads an audio file: WAV, AIFF, FLAC, Ogg (Vorbis, Opus) or MP3, recognized by its contents.
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
