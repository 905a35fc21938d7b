package import SpecGANErrors

/// The properties of an audio file that was read to its end.
package struct SoundDescription: Equatable, Sendable {
  /// The container, such as `WAV`.
  package let container: String
  /// The sample rate, in Hz.
  package let sampleRate: Int
  /// The number of channels.
  package let channels: Int
  /// The number of frames.
  package private(set) var frames = 0
  /// The largest magnitude of a sample.
  package private(set) var peak: Float = 0
  /// The number of samples beyond ±1.
  package private(set) var beyondFullScale = 0
  /// The remarks on the file; see ``DecodedSound/remarks``.
  package private(set) var remarks: [String] = []

  /// Reads the file at `path`, block by block.
  ///
  /// - Throws: ``SpecGANError`` if it is missing, not audio, damaged or not supported.
  package init(of path: String) throws(SpecGANError) {
    var file = try SoundFile(InputFile(path: path), longestDuration: .max)
    container = file.container
    (sampleRate, channels) = (file.format.sampleRate, file.format.channels)
    while true {
      let block = try file.nextBlock()
      if block.isEmpty { break }
      peak = max(peak, block.largestMagnitude)
      beyondFullScale += block.countBeyondOne
    }
    (frames, remarks) = (file.frameCount, file.remarks)
  }

  /// The duration, in s.
  package var seconds: Double { Double(frames) / Double(sampleRate) }
}

extension InputFile {
  /// Checks that the file is audio, which may be damaged.
  ///
  /// - Throws: ``SpecGANError`` if it is not, or is not supported.
  package static func checkIsAudio(_ path: String) throws(SpecGANError) {
    var file = try InputFile(path: path)
    var faults = Faults(allowsDamage: true, longestDuration: .max)
    _ = try Container.find(in: &file, &faults)
  }
}
