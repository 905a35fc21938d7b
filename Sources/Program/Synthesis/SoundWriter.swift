package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANPictures
internal import SpecGANSettings
package import Spectra
package import Waveforms

/// A writer of clips to a folder, optionally with pictures.
package struct SoundWriter: Sendable {
  /// The folder, which is created if it is missing.
  package let folder: String
  /// The sample format of the WAV files.
  package let format: SampleFormat
  /// Whether a picture of the spectrogram is written for each clip.
  package let withPictures: Bool
  /// The paths of the written clips, in order.
  package private(set) var files: [String] = []
  /// The number of samples beyond ±1, which a 16-bit file clips.
  package private(set) var clippedSamples = 0
  /// The file with all clips concatenated; nil for none.
  package var joining: Joining?
  private var overview: [Picture] = []
  private var joined: [Waveform] = []

  /// A file with all clips concatenated.
  package struct Joining {
    /// The name, without `.wav`.
    let stem: String
    /// The number of frames of silence between two clips.
    let silence: Int

    package init(stem: String, silence: Int) {
      self.stem = stem
      self.silence = silence
    }
  }

  /// The name of the overview, a picture of the first clips together.
  package static let overviewStem = "overview"
  private static let overviewCount = 16
  private static let overviewColumns = 4

  /// Creates a writer to `folder`.
  ///
  /// - Throws: ``SpecGANError`` if the folder cannot be created.
  package init(
    folder: String, format: SampleFormat, withPictures: Bool
  ) throws(SpecGANError) {
    self.folder = folder
    self.format = format
    self.withPictures = withPictures
    try Folder.create(folder)
  }

  /// Writes `waveform` as `stem.wav` and, with pictures, its spectrogram as `stem.png`.
  ///
  /// The picture shows the requested magnitudes `wanted`, if given, beside those of the waveform.
  ///
  /// - Throws: ``SpecGANError`` if one of the files cannot be written.
  package mutating func write(
    _ waveform: Waveform, wanted: MagnitudeSpectrogram?, _ spectrogram: SpectrogramConfiguration,
    stem: String
  ) throws(SpecGANError) {
    clippedSamples += try AudioFile.write(
      waveform, to: "\(folder)/\(stem).wav", format: format)
    files.append("\(folder)/\(stem).wav")
    if joining != nil { joined.append(waveform) }
    guard withPictures else { return }
    let reached = try waveform.magnitudes(spectrogram, framing: wanted?.framing ?? .published)
    try write(Picture(comparing: wanted, with: reached), stem: stem)
    if overview.count < Self.overviewCount {
      let small = [wanted, reached].compactMap(\.self).map {
        Picture(decibels: $0, mostColumns: 128)
      }
      overview.append(Picture.sideBySide([small], gap: 2))
    }
  }

  /// Writes the bytes of `clip` as `stem.wav` and `stem.png`; the overview does not show it.
  ///
  /// - Throws: ``SpecGANError`` if one of the files cannot be written.
  package mutating func write(_ clip: PicturedClip, stem: String) throws(SpecGANError) {
    let waveform = clip.rendered.waveform
    try unsafe AtomicFile.replace("\(folder)/\(stem).wav", with: clip.wav.span.bytes)
    files.append("\(folder)/\(stem).wav")
    clippedSamples += waveform.samples.count { abs($0) > 1 }
    if joining != nil { joined.append(waveform) }
    try unsafe AtomicFile.replace("\(folder)/\(stem).png", with: clip.png.span.bytes)
  }

  /// Writes the overview, if there are several pictures, and the concatenated clips.
  ///
  /// - Throws: ``SpecGANError`` if one of the files cannot be written.
  package func finish() throws(SpecGANError) {
    try writeJoined()
    guard overview.count > 1 else { return }
    let rows = stride(from: 0, to: overview.count, by: Self.overviewColumns).map {
      Array(overview[$0..<min($0 + Self.overviewColumns, overview.count)])
    }
    try write(Picture.sideBySide(rows, gap: 12), stem: Self.overviewStem)
  }

  /// Writes the file with all clips concatenated, if ``joining`` asks for it.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be written.
  package func writeJoined() throws(SpecGANError) {
    guard let joining, !joined.isEmpty else { return }
    let all = Waveform(joining: joined, silence: joining.silence)
    try AudioFile.write(all, to: "\(folder)/\(joining.stem).wav", format: format)
  }

  /// The number of written clips.
  package var soundCount: Int { files.count }

  /// The written files, as a sentence.
  package var summary: String {
    let clips = "\(soundCount) clip\(soundCount == 1 ? "" : "s")"
    let samples = "\(clippedSamples) sample\(clippedSamples == 1 ? "" : "s")"
    let clipped = clippedSamples == 0 ? "" : ", \(samples) clipped"
    return "\(folder): \(clips)\(withPictures ? " with pictures" : "")\(clipped)."
  }

  private func write(_ picture: Picture, stem: String) throws(SpecGANError) {
    try picture.write(to: "\(folder)/\(stem).png")
  }
}
