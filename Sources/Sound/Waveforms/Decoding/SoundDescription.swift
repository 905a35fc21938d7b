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
  /// The number of frames up to the last one that is less than 60 dB below the peak, rounded up to
  /// a multiple of 256 or the end of a block; 0 if all samples are 0.
  package private(set) var audibleFrames = 0
  /// The largest magnitude of a sample.
  package private(set) var peak: Float = 0
  /// The number of samples beyond ±1.
  package private(set) var beyondFullScale = 0
  /// The remarks on the file; see ``DecodedSound/remarks``.
  package private(set) var remarks: [String] = []

  /// Reads the file at `path`, block by block.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - longestDuration: the limit on the duration, in s.
  /// - Throws: ``SpecGANError`` if it is missing, not audio, damaged, not supported or too long.
  package init(of path: String, longestDuration: Int = .max) throws(SpecGANError) {
    var file = try SoundFile(InputFile(path: path), longestDuration: longestDuration)
    var end = AudibleEnd(channels: file.format.channels)
    container = file.container
    (sampleRate, channels) = (file.format.sampleRate, file.format.channels)
    while true {
      let block = try file.nextBlock()
      if block.isEmpty { break }
      peak = max(peak, block.largestMagnitude)
      beyondFullScale += block.countBeyondOne
      end.append(block)
    }
    (frames, remarks) = (file.frameCount, file.remarks)
    audibleFrames = end.frameCount(peak: peak)
  }

  /// The duration, in s.
  package var seconds: Double { Double(frames) / Double(sampleRate) }
  /// Whether no sample is beyond ``Waveform/silence``.
  package var isSilent: Bool { peak <= Waveform.silence }
}

/// The end of the audible part of a file, found in one pass although the peak is known only at the
/// end.
private struct AudibleEnd {
  /// The number of frames that are looked at together.
  private static let stepLength = 256

  private let channels: Int
  private var frameCount = 0
  /// The ends of steps, with falling peaks: no later step has a larger peak. The largest peak is
  /// first.
  private var steps: [(end: Int, peak: Float)] = []

  init(channels: Int) { self.channels = channels }

  /// Appends interleaved samples.
  mutating func append(_ block: [Float]) {
    let length = Self.stepLength * channels
    for start in stride(from: 0, to: block.count, by: length) {
      let step = Array(block[start..<min(start + length, block.count)])
      frameCount += step.count / channels
      let peak = step.largestMagnitude
      while let last = steps.last, last.peak <= peak { steps.removeLast() }
      steps.append((frameCount, peak))
    }
  }

  /// Returns the end of the last step that is not silent in comparison with `peak`.
  func frameCount(peak: Float) -> Int {
    steps.last { $0.peak > peak * Waveform.audibleShare }?.end ?? 0
  }
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
