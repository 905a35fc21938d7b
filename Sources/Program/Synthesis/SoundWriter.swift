package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANPictures
internal import SpecGANSettings
package import Spectra
package import Waveforms

/// Writes sounds to a folder, with pictures beside them if asked to.
package struct SoundWriter: Sendable {
  /// The folder, which is made where it is missing.
  package let folder: String
  /// How samples are stored.
  package let format: SampleFormat
  /// Whether each sound has a picture of its spectrogram beside it.
  package let withPictures: Bool
  /// The sounds written, in order.
  package private(set) var files: [String] = []
  /// Samples beyond ±1, which 16 bits cannot hold.
  package private(set) var clippedSamples = 0
  /// The sound of all of them, one after the other; nil where there is to be none.
  package var joining: Joining?
  private var overview: [Picture] = []
  private var joined: [Waveform] = []

  /// A sound that sounds are joined to.
  package struct Joining {
    /// Its name, without `.wav`.
    let stem: String
    /// Frames of silence between two.
    let silence: Int

    package init(stem: String, silence: Int) {
      self.stem = stem
      self.silence = silence
    }
  }

  /// The name of the sheet that shows the first sounds together.
  package static let overviewStem = "overview"
  private static let overviewCount = 16
  private static let overviewColumns = 4

  /// A writer to `folder`.
  ///
  /// - Throws: ``SpecGANError`` where the folder cannot be made.
  package init(
    folder: String, format: SampleFormat, withPictures: Bool
  ) throws(SpecGANError) {
    self.folder = folder
    self.format = format
    self.withPictures = withPictures
    try Folder.create(folder)
  }

  /// Writes `waveform` as `stem.wav` and, with pictures, what was wanted of it and what it has,
  /// side by side, as `stem.png`; without `wanted`, what it has alone.
  ///
  /// - Throws: ``SpecGANError`` where one of them cannot be written.
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

  /// Writes the bytes of `clip` as `stem.wav` and `stem.png`; it has no part in the sheet.
  ///
  /// - Throws: ``SpecGANError`` if one of them cannot be written.
  package mutating func write(_ clip: PicturedClip, stem: String) throws(SpecGANError) {
    let waveform = clip.rendered.waveform
    try unsafe AtomicFile.replace("\(folder)/\(stem).wav", with: clip.wav.span.bytes)
    files.append("\(folder)/\(stem).wav")
    clippedSamples += waveform.samples.count { abs($0) > 1 }
    if joining != nil { joined.append(waveform) }
    try unsafe AtomicFile.replace("\(folder)/\(stem).png", with: clip.png.span.bytes)
  }

  /// Writes the sheet of the first pictures, where there are several, and the sound of all.
  ///
  /// - Throws: ``SpecGANError`` where one cannot be written.
  package func finish() throws(SpecGANError) {
    try writeJoined()
    guard overview.count > 1 else { return }
    let rows = stride(from: 0, to: overview.count, by: Self.overviewColumns).map {
      Array(overview[$0..<min($0 + Self.overviewColumns, overview.count)])
    }
    try write(Picture.sideBySide(rows, gap: 12), stem: Self.overviewStem)
  }

  /// Writes the sound of all, where there is to be one.
  ///
  /// - Throws: ``SpecGANError`` where it cannot be written.
  package func writeJoined() throws(SpecGANError) {
    guard let joining, !joined.isEmpty else { return }
    let all = Waveform(joining: joined, silence: joining.silence)
    try AudioFile.write(all, to: "\(folder)/\(joining.stem).wav", format: format)
  }

  /// How many sounds were written.
  package var soundCount: Int { files.count }

  /// What was written, for people.
  package var summary: String {
    let clipped = clippedSamples == 0 ? "" : ", \(clippedSamples) samples clipped"
    return "\(folder): \(soundCount) sounds\(withPictures ? " with pictures" : "")\(clipped)."
  }

  private func write(_ picture: Picture, stem: String) throws(SpecGANError) {
    try picture.write(to: "\(folder)/\(stem).png")
  }
}
