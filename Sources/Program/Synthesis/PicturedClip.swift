package import SpecGANErrors
internal import SpecGANPictures
internal import SpecGANSettings
package import Spectra
internal import Waveforms

/// A clip that is written and shown more than once: transformed once, and encoded once.
package struct PicturedClip: Sendable {
  /// The clip.
  package let rendered: RenderedClip
  /// The magnitudes that the clip has, mixed down.
  package let magnitudes: MagnitudeSpectrogram
  /// The bytes of a WAV of 16 bits.
  package let wav: [UInt8]
  /// The bytes of a PNG of what was wanted of the clip, if anything was, and what it has.
  package let png: [UInt8]

  /// Transforms and encodes `clip`, which `name` stands for in errors.
  ///
  /// - Throws: ``SpecGANError`` if a setting is out of range or a sample is not finite.
  package init(
    _ clip: RenderedClip, _ spectrogram: SpectrogramConfiguration, name: String
  ) throws(SpecGANError) {
    rendered = clip
    magnitudes = try clip.waveform.magnitudes(spectrogram)
    wav = try AudioFile.bytes(of: clip.waveform, format: .pcm16, name: name)
    png = try Picture(comparing: clip.wanted, with: magnitudes).png()
  }
}

extension Picture {
  /// What was `wanted` of a clip, if anything was, beside what it has.
  init(comparing wanted: MagnitudeSpectrogram?, with reached: MagnitudeSpectrogram) {
    let pictures = [wanted, reached].compactMap(\.self).map {
      Picture(decibels: $0, mostColumns: 1024)
    }
    self = Picture.sideBySide([pictures])
  }
}
