internal import CSpecGANVersion
internal import SpecGANChecksums
internal import SpecGANPictures
internal import Spectra
internal import Waveforms

/// The program's version and those of the libraries it runs with.
package enum Versions {
  /// The program's own.
  package static let program = "0.2.0"

  /// The Git commit that was built, in hexadecimal digits; nil outside a clone.
  package static var commit: String? {
    let commit = unsafe String(cString: specgan_commit())
    return commit.isEmpty ? nil : commit
  }

  /// The libraries', each with its name.
  package static var libraries: [String] {
    [
      STFT.libraryVersion, Picture.libraryVersion, CRC32.libraryVersion,
    ] + AudioFile.libraryVersions
  }

  /// A line for the program and for each library.
  package static var description: String {
    let commit = commit.map { " (\($0.prefix(12)))" } ?? ""
    return (["specgan \(program)\(commit)"] + libraries).joined(separator: "\n")
  }
}
