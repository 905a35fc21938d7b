package import SpecGANErrors
internal import SpecGANFiles

extension SpecGANError.Code {
  /// The code of an audio file of 0 bytes.
  package static let audioEmpty: Self = "audio.empty"
  /// The code of a file that is not audio.
  package static let notAudio: Self = "audio.notAudio"
  /// The code of audio in an unsupported container or encoding; the error has its name as `found`.
  package static let audioUnsupported: Self = "audio.unsupported"

  /// Whether the intact part of a file with this error can be used.
  package var isDamage: Bool {
    ["audio.damaged", "audio.truncated", "audio.unfinished"].contains(self)
  }
}

extension SpecGANError {
  /// Mixing from `channels` to `wanted` channels is not defined.
  package static func unmixable(channels: Int, wanted: Int) -> SpecGANError {
    SpecGANError(
      .badData, "audio.unmixable",
      "\(channels) channels cannot be mixed to \(wanted)",
      advice: "set audio.channels to 1 or to \(channels).")
  }

  /// The setting `key` of slicing is out of range.
  package static func slicing(key: String, found: String) -> SpecGANError {
    let allowed =
      key == "audio.overlap"
      ? "a number from 0 to below 1" : "1 to \(AudioConfiguration.sliceLengths.upperBound)"
    return SpecGANError(
      .badSetting, "audio.slicing", "\(key) is \(found)", advice: "use \(allowed).", key: key,
      found: found, allowed: allowed)
  }

  /// The wanted sample rate is out of range.
  package static func rate(found: Int) -> SpecGANError {
    let allowed = "1 to \(Waveform.highestRate)"
    return SpecGANError(
      .badSetting, "audio.rate", "The sample rate is \(found) Hz",
      advice: "use \(allowed) Hz.", key: "audio.sample_rate", found: "\(found)", allowed: allowed)
  }

  /// The wanted number of channels is out of range.
  package static func channelCount(found: Int) -> SpecGANError {
    let counts = AudioConfiguration.channelCounts
    let allowed = "\(counts.lowerBound) to \(counts.upperBound)"
    return SpecGANError(
      .badSetting, "audio.channelCount", "The number of channels is \(found)",
      advice: "use \(allowed).", key: "audio.channels", found: "\(found)", allowed: allowed)
  }

  /// Resampling failed; `reason` is libsoxr's, or that samples overflowed.
  package static func unresampled(rate: Int, wanted: Int, reason: String) -> SpecGANError {
    SpecGANError(
      .badData, "audio.unresampled",
      """
      \(rate) Hz could not be resampled to \(wanted) Hz: \(reason); leave the file out, or set \
      audio.sample_rate to \(rate).
      """)
  }

  /// The file has 0 bytes.
  package static func empty(path: String) -> SpecGANError {
    SpecGANError(
      .badData, .audioEmpty,
      "\(path) is empty: it has 0 bytes",
      advice: "copy it again.", path: path)
  }

  /// The file is not audio; `content` is its probable type, nil if unknown.
  package static func notAudio(path: String, content: String?) -> SpecGANError {
    SpecGANError(
      .badData, .notAudio,
      """
      \(path) is not audio: \(content.map { "it looks like \($0)" } ?? "its format is unknown"); \
      leave it out.
      """, path: path, found: content)
  }

  /// The file is an archive of the kind `kind`.
  package static func archive(path: String, kind: String) -> SpecGANError {
    SpecGANError(
      .badData, .notAudio, "\(path) is not audio: it looks like \(kind)", advice: "unpack it.",
      path: path, found: kind)
  }

  /// The file is the pointer that Git LFS leaves in the place of a file that was not downloaded.
  package static func pointer(path: String) -> SpecGANError {
    SpecGANError(
      .badData, .notAudio,
      "\(path) is not audio: it is a Git LFS pointer, and the file itself was not downloaded",
      advice: "run git lfs pull in its repository.", path: path, found: "a Git LFS pointer")
  }

  /// The file is audio in a container or encoding that is not supported.
  ///
  /// The sentence is the same for all files of a kind, so that a program can name them together.
  package static func unsupported(
    path: String, encoding: String, advice: String? = nil
  ) -> SpecGANError {
    SpecGANError(
      .badData, .audioUnsupported,
      "\(path) holds \(encoding), which is not supported",
      advice: advice ?? "convert it to WAV or FLAC.", path: path, found: encoding)
  }

  /// The file's sample rate is not in ``AudioFile/sampleRates``.
  package static func sampleRate(path: String, found: Int) -> SpecGANError {
    SpecGANError(
      .badData, "audio.sampleRate",
      """
      \(path) has a sample rate of \(found) Hz; resample it to \
      \(AudioFile.sampleRates.lowerBound) to \(AudioFile.sampleRates.upperBound) Hz.
      """, path: path, found: "\(found)")
  }

  /// The file is complete and has no frames.
  package static func noSamples(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "audio.noSamples",
      "\(path) has no samples",
      advice: "leave it out.", path: path)
  }

  /// The file has fewer frames, or fewer can be decoded, than its header says.
  package static func truncated(path: String, framesFound found: Int, framesPromised promised: Int)
    -> SpecGANError
  {
    SpecGANError(
      .badData, "audio.truncated",
      "\(path) is truncated or damaged: it has \(found) of \(promised) frames",
      advice: "copy it again.", path: path)
  }

  /// The file ends before its length is known or, in an Ogg stream, before the page marked as last.
  package static func unfinished(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "audio.unfinished",
      "\(path) is truncated: it ends too early",
      advice: "copy it again.", path: path)
  }

  /// The file violates its format; `reason` says how.
  package static func damaged(path: String, reason: String) -> SpecGANError {
    SpecGANError(
      .badData, "audio.damaged",
      "\(path) is damaged: \(reason)",
      advice: "copy it again.", path: path, found: reason)
  }

  /// The file has a NaN or an infinity, first in `frame`.
  package static func nonFinite(path: String, frame: Int) -> SpecGANError {
    SpecGANError(
      .badData, "audio.nonFinite",
      "\(path) has a sample that is not a finite number in frame \(frame)",
      advice: "leave it out.", path: path)
  }

  /// The file has a sample beyond ±``AudioFile/largestSample``, first in `frame`.
  package static func tooLoud(path: String, frame: Int) -> SpecGANError {
    SpecGANError(
      .badData, "audio.tooLoud",
      "\(path) has a sample beyond ±2⁶⁴ in frame \(frame)",
      advice: "leave it out.", path: path)
  }

  /// The file is longer than `limit`, in s.
  package static func tooLong(path: String, limit: Int) -> SpecGANError {
    SpecGANError(
      .badData, "audio.tooLong",
      "\(path) is longer than \(duration(limit))",
      advice: "cut it into parts.", path: path)
  }

  /// The audio has more than ``AudioFile/largestSampleCount`` samples.
  package static func tooLarge(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "audio.tooLarge",
      "\(path) would take more than 8 GiB of memory",
      advice: "cut it into parts, or lower the rate.", path: path)
  }

  /// The audio was read but not converted to the configuration; `error` says why.
  package static func unconvertible(path: String, _ error: SpecGANError) -> SpecGANError {
    SpecGANError(
      .badData, "audio.unconvertible",
      "\(path): \(error)", path: path, cause: error)
  }

  /// The audio is too long, or has too many channels, for a WAV file.
  package static func unstorable(path: String) -> SpecGANError {
    SpecGANError(
      .unwritable, "audio.unstorable",
      "\(path) cannot be written: it is too large for a WAV file",
      advice: "write fewer samples or channels.", path: path)
  }
}

private func duration(_ seconds: Int) -> String {
  func count(_ number: Int, _ unit: String) -> String {
    number == 1 ? "1 \(unit)" : "\(number) \(unit)s"
  }
  return seconds.isMultiple(of: 3600) ? count(seconds / 3600, "hour") : count(seconds, "second")
}
