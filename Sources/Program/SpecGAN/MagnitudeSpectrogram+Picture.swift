public import SpecGANErrors
internal import SpecGANPictures
internal import SpecGANSynthesis
public import Spectra

extension MagnitudeSpectrogram {
  /// Writes the spectrogram as a PNG picture: time to the right, frequency upwards, in dB.
  ///
  /// - Parameter path: the file; an existing one is replaced.
  /// - Throws: ``SpecGANError`` if there are no frames, or the file cannot be written; an existing
  ///   one is then unchanged.
  public func writePicture(to path: String) throws(SpecGANError) {
    guard frameCount > 0 else { throw .noFrames }
    try Picture(decibels: self, mostColumns: 1024).write(to: path)
  }
}
