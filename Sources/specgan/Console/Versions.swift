import Files
import Pictures
import Spectra
import Tensors
import Waveforms

/// The program's version and those of the libraries it runs with.
enum Versions {
  static let program = "0.1.0"

  static var description: String {
    """
    specgan \(program)
    \(STFT.libraryVersion)
    \(MatrixProductPace.libraryVersion)
    \(Picture.libraryVersion)
    \(CRC32.libraryVersion)
    \(AudioFile.libraryVersions.joined(separator: "\n"))
    """
  }
}
