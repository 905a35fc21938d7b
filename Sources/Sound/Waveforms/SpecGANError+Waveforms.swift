package import SpecGANErrors
internal import SpecGANFiles

extension SpecGANError.Code {
  /// An audio file has no bytes.
  package static let audioEmpty: Self = "audio.empty"
  /// A file is not audio.
  package static let notAudio: Self = "audio.notAudio"
}

extension SpecGANError {
  /// There is no rule for making `wanted` channels of `channels`.
  package static func unmixable(channels: Int, wanted: Int) -> SpecGANError {
    SpecGANError(
      .badData, "waveforms.unmixable",
      "\(channels) channels cannot become \(wanted)",
      advice: "set audio.channels to 1 or to \(channels).")
  }

  /// A setting under which nothing can be cut.
  package static func slicing(key: String, found: String) -> SpecGANError {
    let range =
      key == "audio.overlap"
      ? "a number from 0 to below 1." : "1 to \(AudioConfiguration.sliceLengths.upperBound)."
    return SpecGANError(
      .badSetting, "waveforms.slicing", "\(key) is \(found)", advice: "use \(range)", key: key,
      found: found)
  }

  /// A sample rate that nothing can be resampled to.
  package static func rate(found: Int) -> SpecGANError {
    SpecGANError(
      .badSetting, "waveforms.rate", "The sample rate is \(found) Hz",
      advice: "use 1 to \(Waveform.highestRate) Hz.", found: "\(found)")
  }

  /// The rate could not be changed; `reason` is libsoxr's, or that numbers overflowed.
  package static func unresampled(rate: Int, wanted: Int, reason: String) -> SpecGANError {
    SpecGANError(
      .badData, "waveforms.unresampled",
      """
      \(rate) Hz could not be resampled to \(wanted) Hz: \(reason); leave the sound out, or set \
      audio.sample_rate to \(rate).
      """)
  }

  /// It has no bytes.
  package static func empty(path: String) -> SpecGANError {
    SpecGANError(
      .badData, .audioEmpty,
      "\(path) is empty: it has 0 bytes",
      advice: "copy it again.", path: path)
  }

  /// It is not a sound; `content` says what it looks like, where that is known.
  package static func notAudio(path: String, content: String?) -> SpecGANError {
    SpecGANError(
      .badData, .notAudio,
      """
      \(path) is not audio: \(content.map { "it looks like \($0)" } ?? "its format is unknown"); \
      leave it out.
      """, path: path, found: content)
  }

  /// It is a sound in a container or an encoding that is not on the list.
  package static func unsupported(path: String, encoding: String) -> SpecGANError {
    SpecGANError(
      .badData, "audio.unsupported",
      "\(path) holds \(encoding), which is not supported",
      advice: "convert it to WAV or FLAC.", path: path)
  }

  /// Its frames a second are out of ``AudioFile/sampleRates``.
  package static func sampleRate(path: String, found: Int) -> SpecGANError {
    SpecGANError(
      .badData, "audio.sampleRate",
      """
      \(path) has \(found) frames a second; resample it to \(AudioFile.sampleRates.lowerBound) to \
      \(AudioFile.sampleRates.upperBound).
      """, path: path, found: "\(found)")
  }

  /// It is whole and has no frames.
  package static func noSamples(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "audio.noSamples",
      "\(path) has no samples",
      advice: "leave it out.", path: path)
  }

  /// Fewer frames are there, or can be decoded, than its header promises.
  package static func truncated(path: String, framesFound found: Int, framesPromised promised: Int)
    -> SpecGANError
  {
    SpecGANError(
      .badData, "audio.truncated",
      "\(path) is truncated or damaged: \(found) of its \(promised) frames are there",
      advice: "copy it again.", path: path)
  }

  /// It breaks off before it says how long it is or, in an Ogg stream, before the page marked last.
  package static func unfinished(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "audio.unfinished",
      "\(path) is truncated: it ends too early",
      advice: "copy it again.", path: path)
  }

  /// It contradicts its own format; `reason` says where.
  package static func damaged(path: String, reason: String) -> SpecGANError {
    SpecGANError(
      .badData, "audio.damaged",
      "\(path) is damaged: \(reason)",
      advice: "copy it again.", path: path, found: reason)
  }

  /// The first frame with a NaN or an infinity.
  package static func nonFinite(path: String, frame: Int) -> SpecGANError {
    SpecGANError(
      .badData, "audio.nonFinite",
      "\(path) has a sample that is not a finite number in frame \(frame)",
      advice: "leave it out.", path: path)
  }

  /// The first frame with a sample beyond ±``AudioFile/largestSample``.
  package static func tooLoud(path: String, frame: Int) -> SpecGANError {
    SpecGANError(
      .badData, "audio.tooLoud",
      "\(path) has a sample beyond ±2⁶⁴ in frame \(frame)",
      advice: "leave it out.", path: path)
  }

  /// It lasts longer than the limit, in seconds: ``AudioFile/longestDuration`` where no other was
  /// given.
  package static func tooLong(path: String, limit: Int) -> SpecGANError {
    SpecGANError(
      .badData, "audio.tooLong",
      "\(path) lasts more than \(duration(limit))",
      advice: "cut it into parts.", path: path)
  }

  /// It would hold more than ``AudioFile/largestSampleCount`` samples in memory.
  package static func tooLarge(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "audio.tooLarge",
      "\(path) would take more than 8 GiB of memory",
      advice: "cut it into parts, or lower the rate.", path: path)
  }

  /// It was read and could not be brought to the form asked for.
  package static func unconvertible(path: String, _ error: SpecGANError) -> SpecGANError {
    SpecGANError(
      .badData, "audio.unconvertible",
      "\(path): \(error)", path: path)
  }

  /// What was to be written is longer, or has more channels, than a WAV can say.
  package static func unstorable(path: String) -> SpecGANError {
    SpecGANError(
      .unwritable, "audio.unstorable",
      "\(path) cannot be written: it is too large for a WAV",
      advice: "write fewer samples or channels.", path: path)
  }
}

private func duration(_ seconds: Int) -> String {
  seconds.isMultiple(of: 3600) ? "\(seconds / 3600) hours" : "\(seconds) seconds"
}
