internal import SpecGANChecksums
internal import SpecGANPictures
internal import Spectra
internal import Waveforms

/// The program's version and those of the libraries it runs with.
package enum Versions {
  /// The program's own.
  package static let program = "0.1.0"

  /// The libraries', each with its name.
  package static var libraries: [String] {
    [
      STFT.libraryVersion, Picture.libraryVersion, CRC32.libraryVersion,
    ] + AudioFile.libraryVersions
  }

  /// A line for the program and for each library.
  package static var description: String {
    (["specgan \(program)"] + libraries).joined(separator: "\n")
  }
}
