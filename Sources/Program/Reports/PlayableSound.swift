package import SpecGANErrors
internal import SpecGANFiles
package import SpecGANPages
internal import SpecGANPictures
internal import SpecGANSettings
package import SpecGANSynthesis
package import Spectra
package import Waveforms

/// A sound as a page carries it, with a picture of its spectrogram.
package struct PlayableSound: Sendable {
  private let audio: DataURI
  /// Nil where none could be made.
  private let picture: DataURI?
  package let byteCount: Int

  /// The sound in the file `path`; nil where it cannot be read.
  package init?(file path: String, _ spectrogram: SpectrogramConfiguration?) {
    guard let bytes = try? MappedFile(path: path).contents else { return nil }
    var picture: [UInt8]?
    if let spectrogram, let waveform = try? AudioFile.read(path) {
      picture = try? Self.picture(of: waveform, spectrogram)
    }
    self.init(bytes, picture)
  }

  /// `waveform`, called `name` where it cannot be stored.
  ///
  /// - Throws: ``SpecGANError`` where a setting is out of range or a sample is no number.
  package init(
    _ waveform: Waveform, _ spectrogram: SpectrogramConfiguration, name: String
  ) throws(SpecGANError) {
    let bytes: [UInt8]
    bytes = try AudioFile.bytes(of: waveform, format: .pcm16, name: name)
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

  /// What plays it, called `name` aloud.
  package func player(named name: String) -> HTML {
    .player(of: audio, picture: picture, name: name)
  }

  /// Its own spectrogram, a pixel a number: small, and alike for real and generated sounds.
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
