internal import SpecGANChecksums
package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANPages
internal import SpecGANPictures
package import SpecGANSynthesis
package import Spectra
package import Waveforms

/// A page on which generated clips are played, starred and named, and that saves the starred ones
/// as a ``ClipList``.
///
/// It holds all clips as 16-bit WAV files with their spectrograms, and the training clips that are
/// closest, as far as there is room. Its bytes depend only on the clips and on ``Description``.
package final class ClipPage: ClipReceiver {
  /// The text of the page around the clips.
  package struct Description: Sendable {
    /// The title.
    package var title: String
    /// The origin of the clips, in sentences.
    package var statement: String
    /// The source of the clips, for their list.
    package var source: ClipSource
    /// The name of the list, as a browser saves it.
    package var listName: String
    /// The command that writes the clips of the list.
    package var command: String

    /// Creates a description.
    package init(
      title: String, statement: String, source: ClipSource, listName: String, command: String
    ) {
      (self.title, self.statement, self.source) = (title, statement, source)
      (self.listName, self.command) = (listName, command)
    }
  }

  /// The figures of a clip.
  package struct Clip: Sendable {
    /// The number by which a list names it.
    package var number: Int
    /// Its name; nil for none.
    package var name: String?
    /// Its label; nil for none.
    package var label: String?
    /// The critic's score; nil if it is not known.
    package var score: Float?
    /// The training clip that is closest; nil if it is not known.
    package var neighbor: Neighbor?

    /// Creates the clip with the number `number`.
    package init(number: Int) { self.number = number }
  }

  /// A training clip that is close to a generated one.
  package struct Neighbor: Sendable {
    /// The index of the slice.
    package var slice: Int
    /// The file that it is from.
    package var file: String
    /// The distance in dB.
    package var distance: Double
    /// Whether it is so small that the generated clip counts as a copy.
    package var isCopy: Bool

    /// Creates a neighbor.
    package init(slice: Int, file: String, distance: Double, isCopy: Bool) {
      (self.slice, self.file, self.distance, self.isCopy) = (slice, file, distance, isCopy)
    }
  }

  /// The largest size of a page in bytes.
  package static let mostBytes = 128 << 20
  /// The largest size of all training clips in a page, in bytes of their WAV files.
  package static let mostRealBytes = 3 << 20

  /// The height of a picture in pixels.
  private static let pictureHeight = 112

  package let path: String
  /// The size of the written page in bytes.
  package private(set) var byteCount = 0
  let description: Description
  let clips: [Clip]
  private let spectrogram: SpectrogramConfiguration
  /// The training clips that the page plays, by their slices.
  let reals: [Int: DataURI]
  private var cards: [String] = []
  private(set) var digest = ContentDigest()

  /// Creates a page.
  ///
  /// - Parameters:
  ///   - path: the file to write.
  ///   - description: the text around the clips.
  ///   - clips: the figures of the clips, in the order in which they will be taken.
  ///   - spectrogram: the settings of the pictures.
  ///   - real: returns a slice of the training clips.
  /// - Throws: ``SpecGANError`` if a training clip cannot be read.
  package init(
    to path: String, _ description: Description, of clips: [Clip],
    _ spectrogram: SpectrogramConfiguration, real: (_ slice: Int) throws(SpecGANError) -> Waveform
  ) throws(SpecGANError) {
    (self.path, self.description, self.clips) = (path, description, clips)
    self.spectrogram = spectrogram
    var (reals, size) = ([Int: DataURI](), 0)
    // Those that may be copies come first.
    for neighbor in clips.compactMap(\.neighbor).sorted(by: { $0.distance < $1.distance })
    where reals[neighbor.slice] == nil {
      let clip = try real(neighbor.slice).leveled()
      let bytes = try AudioFile.bytes(of: clip, format: .pcm16, name: neighbor.file)
      size += bytes.count
      if size > Self.mostRealBytes { break }
      reals[neighbor.slice] = DataURI(.wav, bytes)
    }
    self.reals = reals
  }

  /// Checks that a page can have `count` clips of at most `frames` frames in `channels` channels.
  ///
  /// - Throws: ``SpecGANError`` if it would be larger than ``mostBytes``.
  package static func check(
    path: String, count: Int, frames: Int, channels: Int
  ) throws(SpecGANError) {
    // Base 64 has four characters for three bytes. A picture has at most about 30 kB.
    let each = (frames * channels * 2 + 30_000) * 4 / 3
    guard count * each > mostBytes else { return }
    throw .pageTooLarge(path: path, count: count, most: mostBytes / each)
  }

  package func take(_ clip: Waveform, at place: Int, stem: String) throws(SpecGANError) {
    require(place == cards.count, "clip \(place) comes after \(cards.count) clips")
    let wav: [UInt8]
    wav = try AudioFile.bytes(of: clip, format: .pcm16, name: stem)
    unsafe digest.update(wav.span.bytes)
    let magnitudes = try clip.magnitudes(spectrogram)
      .onMelScale(Self.pictureHeight, sampleRate: clip.sampleRate)
    let picture = try Picture(decibels: magnitudes, mostColumns: 256, scale: 1).png()
    cards.append(
      card(clips[place], clip, DataURI(.wav, wav), DataURI(.png, picture), stem).markup)
  }

  package func finish() throws(SpecGANError) {
    let (before, after) = page.parts
    let file = try AtomicFile(path: path)
    for part in [String(before)] + cards + [String(after)] {
      try file.write(part)
      byteCount += part.utf8.count
    }
    try file.commit()
  }
}

extension SpecGANError {
  /// Returns the error that a page of `count` clips would be too large, and can have `most`.
  fileprivate static func pageTooLarge(path: String, count: Int, most: Int) -> SpecGANError {
    SpecGANError(
      .misuse, "reports.pageTooLarge",
      "\(path) would have \(count) clips, but a page can hold about \(most) of this length",
      advice: "generate fewer at a time.", path: path, found: "\(count)", allowed: "\(most)")
  }
}
