public import SpecGANFiles

/// Why a sound could not be read or written.
public enum AudioFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The system refused, or what is there is no file of bytes; the payload says what.
  case file(FileError)
  /// It has no bytes.
  case empty(path: String)
  /// It is not a sound; `content` says what it looks like, where that is known.
  case notAudio(path: String, content: String?)
  /// It is a sound in a container or an encoding that is not on the list.
  case unsupported(path: String, encoding: String)
  /// Its frames a second are out of ``AudioFile/sampleRates``.
  case sampleRate(path: String, found: Int)
  /// It is whole and has no frames.
  case noSamples(path: String)
  /// Fewer frames are there, or can be decoded, than its header promises.
  case truncated(path: String, framesFound: Int, framesPromised: Int)
  /// It breaks off before it says how long it is or, in an Ogg stream, before the page marked last.
  case unfinished(path: String)
  /// It contradicts its own format; `reason` says where.
  case damaged(path: String, reason: String)
  /// The first frame with a NaN or an infinity.
  case nonFinite(path: String, frame: Int)
  /// The first frame with a sample beyond ±``AudioFile/largestSample``.
  case tooLoud(path: String, frame: Int)
  /// It lasts longer than the limit, in seconds: ``AudioFile/longestDuration`` where no other was given.
  case tooLong(path: String, limit: Int)
  /// It would hold more than ``AudioFile/largestSampleCount`` samples in memory.
  case tooLarge(path: String)
  /// It was read and could not be brought to the form asked for.
  case unconvertible(path: String, WaveformError)
  /// What was to be written is longer, or has more channels, than a WAV can say.
  case unstorable(path: String)

  /// A sentence: what, where, and what to do.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .empty(let path): "\(path) is empty: it has 0 bytes; copy it again."
    case .notAudio(let path, let content):
      """
      \(path) is not audio: \(content.map { "it looks like \($0)" } ?? "its format is unknown"); \
      leave it out.
      """
    case .unsupported(let path, let encoding):
      "\(path) holds \(encoding), which is not supported; convert it to WAV or FLAC."
    case .sampleRate(let path, let found):
      """
      \(path) has \(found) frames a second; resample it to \(AudioFile.sampleRates.lowerBound) to \
      \(AudioFile.sampleRates.upperBound).
      """
    case .noSamples(let path): "\(path) has no samples; leave it out."
    case .truncated(let path, let found, let promised):
      "\(path) is truncated or damaged: \(found) of its \(promised) frames are there; copy it again."
    case .unfinished(let path): "\(path) is truncated: it ends too early; copy it again."
    case .damaged(let path, let reason): "\(path) is damaged: \(reason); copy it again."
    case .nonFinite(let path, let frame):
      "\(path) has a sample that is not a finite number in frame \(frame); leave it out."
    case .tooLoud(let path, let frame):
      "\(path) has a sample beyond ±2⁶⁴ in frame \(frame); leave it out."
    case .tooLong(let path, let limit):
      "\(path) lasts more than \(Self.duration(limit)); cut it into parts."
    case .tooLarge(let path):
      "\(path) would take more than 8 GiB of memory; cut it into parts, or lower the rate."
    case .unconvertible(let path, let error): "\(path): \(error)"
    case .unstorable(let path):
      "\(path) cannot be written: it is too large for a WAV; write fewer samples or channels."
    }
  }

  private static func duration(_ seconds: Int) -> String {
    seconds.isMultiple(of: 3600) ? "\(seconds / 3600) hours" : "\(seconds) seconds"
  }
}
