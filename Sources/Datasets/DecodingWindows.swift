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
/// A window is as many files as keep the workers busy, and as little sound, by what the files' headers
/// promise: minutes of silence take hardly a byte, so the files' sizes say nothing.
struct DecodingWindows {
  /// Samples of a window, or one file: 128 MiB.
  private static let largestWindow = 32 << 20

  private let listing: SourceListing
  private let audio: AudioConfiguration
  private let workers: Workers
  /// Files tried so far.
  private(set) var done = 0
  /// Samples that are expected of the files from `done` on.
  private var expected: [Int] = []

  init(_ listing: SourceListing, audio: AudioConfiguration, workers: Workers) {
    self.listing = listing
    self.audio = audio
    self.workers = workers
  }

  /// The next files and what became of them; `nil` at the end.
  mutating func next() -> [(FoundSource, DecodingOutcome)]? {
    lookAhead()
    guard !expected.isEmpty else { return nil }
    var (count, sampleCount) = (0, 0)
    while count < expected.count, count == 0 || sampleCount + expected[count] <= Self.largestWindow
    {
      sampleCount += expected[count]
      count += 1
    }
    let window = Array(listing.sources[done..<done + count])
    done += count
    expected.removeFirst(count)
    let (listing, audio) = (listing, audio)
    let outcomes = workers.map(window.count) { index, _ in
      Self.decode(window[index], at: listing.location(of: window[index]), audio)
    }
    return Array(zip(window, outcomes))
  }

  /// Reads the headers of the files that the next window may hold.
  private mutating func lookAhead() {
    let first = done + expected.count
    let end = min(done + 4 * workers.count, listing.sources.count)
    let (listing, audio) = (listing, audio)
    expected += workers.map(max(0, end - first)) { index, _ in
      let source = listing.sources[first + index]
      if source.problem != nil { return 0 }
      // What cannot be opened takes no memory, and is named when its turn comes.
      let location = listing.location(of: source)
      return (try? DecodedSound.expectedSampleCount(path: location, as: audio)) ?? 0
    }
  }

  private static func decode(
    _ source: FoundSource, at location: String, _ audio: AudioConfiguration
  ) -> DecodingOutcome {
    if let problem = source.problem { return .problem(problem) }
    do throws(AudioFileError) {
      return .sound(try Waveform.decoded(path: location, as: audio))
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
