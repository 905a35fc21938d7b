package import SpecGANErrors
internal import SpecGANPictures
internal import SpecGANSettings
package import Spectra
package import Waveforms

/// A clip with its spectrogram, WAV and picture, for repeated use.
package struct PicturedClip: Sendable {
  /// The clip.
  package let rendered: RenderedClip
  /// The magnitudes of the clip; see ``Waveforms/Waveform/magnitudes(_:framing:)``.
  package let magnitudes: MagnitudeSpectrogram
  /// The clip as it is written, at its level.
  package let mastered: Waveform
  /// The factor of the level; 1 if the clip did not change.
  package let gain: Float
  /// The bytes of a 16-bit WAV file of ``mastered``.
  package let wav: [UInt8]
  /// The bytes of a PNG of the requested magnitudes, if any, and the clip's own.
  package let png: [UInt8]

  /// Transforms `clip`, which errors call `name`, and encodes it at `level`.
  ///
  /// - Throws: ``SpecGANError`` if a setting is out of range or a sample is not finite.
  package init(
    _ clip: RenderedClip, _ spectrogram: SpectrogramConfiguration, name: String,
    level: OutputLevel = .protect
  ) throws(SpecGANError) {
    rendered = clip
    magnitudes = try clip.waveform.magnitudes(spectrogram)
    let mastering = Mastering(level: level)
    gain = mastering.gain(peak: clip.waveform.peak)
    mastered = mastering.apply(to: clip.waveform, gain: gain, number: 0)
    wav = try AudioFile.bytes(of: mastered, format: mastering.format, name: name)
    png = try Picture(
      comparing: clip.wanted.isEmpty ? nil : clip.wanted.rootMeanSquare, with: magnitudes
    ).png()
  }
}

extension Picture {
  /// Creates a picture of the requested magnitudes `wanted`, if any, beside those of the clip.
  init(comparing wanted: MagnitudeSpectrogram?, with reached: MagnitudeSpectrogram) {
    let pictures = [wanted, reached].compactMap(\.self).map {
      Picture(decibels: $0, mostColumns: 1024)
    }
    self = Picture.sideBySide([pictures])
  }
}
