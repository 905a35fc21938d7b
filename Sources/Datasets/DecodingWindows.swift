internal import Waveforms
internal import Workers

/// What became of a file.
enum DecodingOutcome: Sendable {
  case sound(DecodedSound)
  /// The rest of a sentence that the path begins.
  case problem(String)
}

/// Decodes the files of a listing in order, a few at a time and those in parallel.
///
/// A window is as many files as keep the workers busy, and few bytes, so that memory holds little.
struct DecodingWindows {
  private static let largestWindow = 64 << 20  // bytes of files, or one file
  /// Samples beyond this are no sound, and their spectrum would overflow.
  private static let largestSample: Float = 0x1p64

  private let listing: SourceListing
  private let audio: AudioConfiguration
  private let workers: Workers
  /// Files tried so far.
  private(set) var done = 0

  init(_ listing: SourceListing, audio: AudioConfiguration, workers: Workers) {
    self.listing = listing
    self.audio = audio
    self.workers = workers
  }

  /// The next files and what became of them; `nil` at the end.
  mutating func next() -> [(FoundSource, DecodingOutcome)]? {
    var end = done
    var byteCount = 0
    while end < listing.sources.count, end - done < 4 * workers.count,
      end == done || byteCount + listing.sources[end].byteCount <= Self.largestWindow
    {
      byteCount += listing.sources[end].byteCount
      end += 1
    }
    guard end > done else { return nil }
    let window = Array(listing.sources[done..<end])
    done = end
    let (listing, audio) = (listing, audio)
    let outcomes = workers.map(window.count) { index, _ in
      Self.decode(window[index], at: listing.location(of: window[index]), audio)
    }
    return Array(zip(window, outcomes))
  }

  private static func decode(
    _ source: FoundSource, at location: String, _ audio: AudioConfiguration
  ) -> DecodingOutcome {
    if let problem = source.problem { return .problem(problem) }
    do throws(AudioFileError) {
      let sound = try Waveform.decoded(path: location, as: audio)
      let isLoud = sound.waveform.samples.contains { !(abs($0) <= largestSample) }
      return isLoud ? .problem("has samples beyond ±2⁶⁴; leave it out.") : .sound(sound)
    } catch {
      return .problem(reason(error, at: location))
    }
  }

  /// An error's sentence without the path it begins with, so that rows do not depend on where the
  /// files lie.
  private static func reason(_ error: AudioFileError, at location: String) -> String {
    let sentence = error.description
    guard sentence.utf8.starts(with: location.utf8) else { return sentence }
    let rest = String(decoding: sentence.utf8.dropFirst(location.utf8.count), as: UTF8.self)
    return String(rest.drop { $0 == " " || $0 == ":" })
  }
}
