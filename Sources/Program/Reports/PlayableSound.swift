package import SpecGANErrors
internal import SpecGANFiles
package import SpecGANPages
internal import SpecGANPictures
internal import SpecGANSettings
package import SpecGANSynthesis
package import Spectra
package import Waveforms

/// A clip embedded in a page, with a picture of its spectrogram.
package struct PlayableSound: Sendable {
  private let audio: DataURI
  /// The picture; nil if it could not be drawn.
  private let picture: DataURI?
  package let byteCount: Int

  /// Reads the audio file at `path`; nil if it is damaged or may not be read.
  ///
  /// - Throws: ``SpecGANError`` if the system fails.
  package init?(file path: String, _ spectrogram: SpectrogramConfiguration?) throws(SpecGANError) {
    let contents = try ifUsable { () throws(SpecGANError) in try MappedFile(path: path).contents }
    guard let bytes = contents else { return nil }
    var picture: [UInt8]?
    let read = try ifUsable { () throws(SpecGANError) in try AudioFile.read(path) }
    if let spectrogram, let waveform = read {
      picture = try? Self.picture(of: waveform, spectrogram)
    }
    self.init(bytes, picture)
  }

  /// Creates a clip from `waveform`, which errors call `name`. A peak above −1 dBFS is turned down
  /// to it.
  ///
  /// - Throws: ``SpecGANError`` if a setting is out of range or a sample is not finite.
  package init(
    _ waveform: Waveform, _ spectrogram: SpectrogramConfiguration, name: String
  ) throws(SpecGANError) {
    let bytes = try AudioFile.bytes(of: waveform.leveled(), format: .pcm16, name: name)
    self.init(bytes, try Self.picture(of: waveform, spectrogram))
  }

  /// The sound of `clip`, whose spectrum is known.
  ///
  /// - Throws: ``SpecGANError`` if its picture cannot be encoded.
  package init(_ clip: PicturedClip) throws(SpecGANError) {
    self.init(clip.wav, try Self.picture(of: clip.magnitudes))
  }

  private init(_ bytes: [UInt8], _ picture: [UInt8]?) {
    audio = DataURI(.wav, bytes)
    self.picture = picture.map { DataURI(.png, $0) }
    byteCount = bytes.count
  }

  /// Returns a player with the accessible name `name`.
  package func player(named name: String) -> HTML {
    .player(of: audio, picture: picture, name: name)
  }

  /// Returns a picture of its spectrogram, one pixel per value: small, and drawn alike for real and
  /// generated clips.
  private static func picture(
    of waveform: Waveform, _ spectrogram: SpectrogramConfiguration
  ) throws(SpecGANError) -> [UInt8] {
    try picture(of: try waveform.magnitudes(spectrogram))
  }

  private static func picture(
    of magnitudes: MagnitudeSpectrogram
  ) throws(SpecGANError) -> [UInt8] {
    try Picture(decibels: magnitudes, mostColumns: 256, scale: 1).png()
  }
}
