internal import SpecGANModels
internal import SpecGANSettings
internal import Waveforms

extension Configuration {
  /// Frames of silence between clips that are written one after the other, as the published code's previews
  /// have: half a second for WaveGAN, and for SpecGAN half a slice, which are 8192 of its 16384.
  ///
  /// The published code has them behind the last clip, too.
  package var silenceBetweenClips: Int {
    switch model {
    case .specgan: audio.sliceLength / 2
    case .wavegan: audio.sampleRate / 2
    }
  }
}
