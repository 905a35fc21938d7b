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
  /// The level, end and sample format of the WAV files.
  package let mastering: Mastering
  /// Whether a picture of the spectrogram is written for each clip.
  package let withPictures: Bool
  /// The paths of the written clips, in order.
  package private(set) var files: [String] = []
  /// The factor that each clip was multiplied by.
  package private(set) var gains: [Float] = []
  /// The number of samples beyond ±1, which a file of integers clips.
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

  /// The name of the overview, a picture of the first clips together with their names.
  package static let overviewStem = "overview"
  private static let overviewCount = 16
  private static let overviewColumns = 4

  /// Creates a writer to `folder`.
  ///
  /// - Throws: ``SpecGANError`` if the folder cannot be created.
  package init(
    folder: String, mastering: Mastering, withPictures: Bool
  ) throws(SpecGANError) {
    self.folder = folder
    self.mastering = mastering
    self.withPictures = withPictures
    try Folder.create(folder)
  }

  /// Writes `waveform` as `stem.wav` and, with pictures, its spectrogram as `stem.png`.
  ///
  /// The picture shows the requested magnitudes `wanted`, if given, beside those of `waveform`,
  /// both before mastering. Of several channels it shows the root mean square.
  ///
  /// - Parameters:
  ///   - waveform: the clip, finite.
  ///   - wanted: the magnitudes that were requested of an inversion, for each channel.
  ///   - spectrogram: the settings of the picture.
  ///   - stem: the name of the files, without extension.
  ///   - number: the number of the clip for its dither; nil for the number of clips before it.
  ///   - gain: the factor of the level; nil for that of the clip alone.
  /// - Returns: the samples that were written, before they were rounded to the sample format.
  /// - Throws: ``SpecGANError`` if one of the files cannot be written.
  @discardableResult
  package mutating func write(
    _ waveform: Waveform, wanted: [MagnitudeSpectrogram] = [],
    _ spectrogram: SpectrogramConfiguration,
    stem: String, number: Int? = nil, gain: Float? = nil
  ) throws(SpecGANError) -> Waveform {
    let gain = gain ?? mastering.gain(peak: waveform.peak)
    let mastered = mastering.apply(to: waveform, gain: gain, number: number ?? soundCount)
    clippedSamples += try AudioFile.write(
      mastered, to: "\(folder)/\(stem).wav", format: mastering.format)
    add("\(folder)/\(stem).wav", mastered, gain)
    guard withPictures else { return mastered }
    let wanted = wanted.isEmpty ? nil : wanted.rootMeanSquare
    let reached = try waveform.magnitudes(spectrogram, framing: wanted?.framing ?? .published)
    try write(Picture(comparing: wanted, with: reached), stem: stem)
    if overview.count < Self.overviewCount {
      let small = [wanted, reached].compactMap(\.self).map {
        Picture(decibels: $0, mostColumns: 128)
      }
      overview.append(Picture.sideBySide([small], gap: 2).captioned(stem))
    }
    return mastered
  }

  /// Writes the bytes of `clip` as `stem.wav` and `stem.png`; the overview does not show it.
  ///
  /// - Throws: ``SpecGANError`` if one of the files cannot be written.
  package mutating func write(_ clip: PicturedClip, stem: String) throws(SpecGANError) {
    try unsafe AtomicFile.replace("\(folder)/\(stem).wav", with: clip.wav.span.bytes)
    add("\(folder)/\(stem).wav", clip.mastered, clip.gain)
    try unsafe AtomicFile.replace("\(folder)/\(stem).png", with: clip.png.span.bytes)
  }

  private mutating func add(_ file: String, _ mastered: Waveform, _ gain: Float) {
    files.append(file)
    gains.append(gain)
    if joining != nil { joined.append(mastered) }
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
    try AudioFile.write(all, to: "\(folder)/\(joining.stem).wav", format: mastering.format)
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
