package import SpecGANErrors

/// An audio file whose header has been read, and that waits to be decoded.
package final class OpenedSound: @unchecked Sendable {  // used by one thread at a time
  /// The largest number of decoded samples, by the header.
  package let expectedSampleCount: Int
  /// The remarks on the header; see ``DecodedSound/remarks``.
  package var remarks: [String] { file.remarks }
  private var file: SoundFile
  private let path: String
  private let configuration: AudioConfiguration

  /// Reads the header of `file`; of a damaged file, the intact part is used if that is allowed.
  ///
  /// - Precondition: the configuration's sample rate and number of channels are positive.
  /// - Throws: ``SpecGANError`` if it is not audio, damaged, not supported, or longer than
  ///   `longestDuration`, in s.
  package init(
    _ file: consuming InputFile, as configuration: AudioConfiguration,
    longestDuration: Int = AudioFile.longestDuration, allowsDamage: Bool = false
  ) throws(SpecGANError) {
    path = file.path
    let file = try SoundFile(
      file, longestDuration: longestDuration, allowsDamage: allowsDamage)
    let seconds = Double(file.expectedFrames) / Double(file.format.sampleRate)
    expectedSampleCount =
      Int((seconds * Double(configuration.sampleRate)).rounded(.up)) * configuration.channels
    self.file = file
    self.configuration = configuration
  }

  /// Decodes the complete file, as ``Waveform/decoded(path:as:)`` does. Call it at most once.
  ///
  /// - Throws: ``SpecGANError`` if the file cannot be read, decoded or converted.
  package func decoded() throws(SpecGANError) -> DecodedSound {
    var conversion = try SoundConversion(of: file, at: path, to: configuration)
    var (beyondFullScale, sourcePeak) = (0, Float(0))
    while true {
      let block = try file.nextBlock()
      if block.isEmpty { break }
      beyondFullScale += block.countBeyondOne
      sourcePeak = max(sourcePeak, block.largestMagnitude)
      try conversion.append(block)
    }
    let waveform = try conversion.finish()
    return DecodedSound(
      waveform: configuration.normalize ? waveform.peakNormalized() : waveform,
      sourceFrames: file.frameCount, sourceRate: file.format.sampleRate,
      sourceChannels: file.format.channels, beyondFullScale: beyondFullScale,
      sourcePeak: sourcePeak, peak: waveform.samples.largestMagnitude,
      remarks: file.remarks, isDamaged: file.damage != nil)
  }
}
