internal import Foundation
package import SpecGANErrors
package import Waveforms

/// The law for every file, whatever its bytes: it is refused with a sentence, or decoded to valid
/// audio.
///
/// `tools/fuzz` checks the same law.
public enum DecodingLaw {
  /// The longest audio that is decoded here, in s, so that no file takes long.
  public static let longestDuration = 20

  /// Decodes `path` without conversion, with the settings of a common dataset, and with unusual
  /// ones, with which damage is allowed.
  ///
  /// An MP3 that may be damaged (`isIntact` is false) may give other samples each time: libmpg123
  /// 1.31.2 reads uninitialized memory at a damaged frame.
  ///
  /// - Returns: the audio with the settings of a common dataset, or the error.
  /// - Throws: ``Violation``.
  package static func check(
    _ path: String, isIntact: Bool = false
  ) throws(Violation) -> Result<DecodedSound, SpecGANError> {
    let plain = AudioConfiguration()
    let sound = try decoded(path, as: plain)
    let stored = try read(path)
    if case .success(let sound) = sound, isIntact || !isMP3(path) {
      try require(stored?.frameCount == sound.sourceFrames, path, "two readings differ")
      let steps = try? stored?.mixed(to: 1).resampled(to: plain.sampleRate)
      try require(steps == sound.waveform, path, "decoding in blocks gives other samples")
    }
    var unusual = AudioConfiguration()
    unusual.sampleRate = 1000
    unusual.channels = 2
    unusual.normalize = true
    if case .success(let sound) = try decoded(path, as: unusual, allowsDamage: true) {
      let peak = sound.waveform.samples.reduce(0) { max($0, abs($1)) }
      try require(peak == 1 || peak == 0, path, "a normalized waveform has the peak \(peak)")
    }
    return sound
  }

  /// A violation of the law.
  public struct Violation: Error, CustomStringConvertible {
    /// The file and the violation.
    public var description: String
  }

  private static func decoded(
    _ path: String, as configuration: AudioConfiguration, allowsDamage: Bool = false
  ) throws(Violation) -> Result<DecodedSound, SpecGANError> {
    let sound: DecodedSound
    do throws(SpecGANError) {
      sound = try Waveform.decoded(
        path: path, as: configuration, longestDuration: longestDuration,
        allowsDamage: allowsDamage)
    } catch {
      try check(error, of: path)
      return .failure(error)
    }
    let (frames, rate, waveform) = (sound.sourceFrames, sound.sourceRate, sound.waveform)
    try require(frames > 0 && sound.sourceChannels > 0, path, "audio without samples")
    try require(AudioFile.sampleRates.contains(rate), path, "\(rate) frames per second")
    try require(frames <= longestDuration * rate, path, "\(frames) frames are too many")
    let length = (frames * configuration.sampleRate + rate - 1) / rate * configuration.channels
    try require(waveform.samples.count == length, path, "\(waveform.samples.count) samples")
    try require(waveform.sampleRate == configuration.sampleRate, path, "another rate")
    try require(waveform.channels == configuration.channels, path, "other channels")
    try require(waveform.samples.allSatisfy(\.isFinite), path, "a sample that is not finite")
    return .success(sound)
  }

  private static func isMP3(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    let start = (try? file.read(upToCount: 3)) ?? Data()
    return start.first == 0xFF || start.elementsEqual("ID3".utf8)
  }

  private static func read(_ path: String) throws(Violation) -> Waveform? {
    let sound: Waveform
    do throws(SpecGANError) {
      sound = try AudioFile.read(path, longestDuration: longestDuration)
    } catch {
      try check(error, of: path)
      return nil
    }
    let limit = AudioFile.largestSample
    try require(sound.samples.allSatisfy { abs($0) <= limit }, path, "a sample beyond 2⁶⁴")
    return sound
  }

  /// Checks that an error is one sentence that begins with the file, without control characters.
  private static func check(_ error: SpecGANError, of path: String) throws(Violation) {
    let sentence = error.description
    let isWhole = sentence.hasPrefix(path) && sentence.hasSuffix(".")
    let isPlain = sentence.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    try require(isWhole && isPlain, path, "“\(sentence)” is not a sentence")
    if [.missing, .unreadable, .unwritable].contains(error.kind) {
      throw Violation(description: "\(path): \(error)")
    }
  }

  private static func require(
    _ condition: Bool, _ path: String, _ violation: @autoclosure () -> String
  ) throws(Violation) {
    if !condition { throw Violation(description: "\(path): \(violation())") }
  }
}
