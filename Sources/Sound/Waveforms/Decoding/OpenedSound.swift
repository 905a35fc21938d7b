package import SpecGANErrors

/// A sound whose header has been read, and that waits for its turn to be decoded.
package final class OpenedSound: @unchecked Sendable {  // one thread at a time has it
  /// The most samples that decoding gives by what the header says.
  package let expectedSampleCount: Int
  private var file: SoundFile
  private let path: String
  private let configuration: AudioConfiguration

  /// Reads the header of `file`, and nothing else; what lasts more than `longestDuration` seconds
  /// is refused.
  ///
  /// - Precondition: the configuration's rate and channels are positive.
  /// - Throws: ``SpecGANError``.
  package init(
    _ file: consuming InputFile, as configuration: AudioConfiguration,
    longestDuration: Int = AudioFile.longestDuration
  ) throws(SpecGANError) {
    path = file.path
    let file = try SoundFile(file, longestDuration: longestDuration)
    let seconds = Double(file.format.expectedFrames) / Double(file.format.sampleRate)
    expectedSampleCount =
      Int((seconds * Double(configuration.sampleRate)).rounded(.up)) * configuration.channels
    self.file = file
    self.configuration = configuration
  }

  /// The whole sound; see ``Waveform/decoded(path:as:)``. It can be had once.
  ///
  /// - Throws: ``SpecGANError``.
  package func decoded() throws(SpecGANError) -> DecodedSound {
    var conversion = try SoundConversion(of: file, at: path, to: configuration)
    var beyondFullScale = 0
    while true {
      let block = try file.nextBlock()
      if block.isEmpty { break }
      beyondFullScale += block.countBeyondOne
      try conversion.append(block)
    }
    let waveform = try conversion.finish()
    return DecodedSound(
      waveform: configuration.normalize ? waveform.peakNormalized() : waveform,
      sourceFrames: file.frameCount, sourceRate: file.format.sampleRate,
      sourceChannels: file.format.channels, beyondFullScale: beyondFullScale)
  }
}
