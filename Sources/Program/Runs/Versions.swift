internal import CSpecGANVersion
internal import SpecGANChecksums
internal import SpecGANPictures
internal import Spectra
internal import Waveforms

/// The program's version and those of the libraries it runs with.
package enum Versions {
  /// The program's version.
  package static let program = "0.3.0"

  /// The Git commit of the build, in hexadecimal digits; nil if it was built outside a clone.
  package static var commit: String? {
    let commit = unsafe String(cString: specgan_commit())
    return commit.isEmpty ? nil : commit
  }

  /// The libraries' versions, each with its name.
  package static var libraries: [String] {
    [
      STFT.libraryVersion, Picture.libraryVersion, CRC32.libraryVersion,
    ] + AudioFile.libraryVersions
  }

  /// The versions of the program and of each library, one per line.
  package static var description: String {
    let commit = commit.map { " (\($0.prefix(12)))" } ?? ""
    return (["specgan \(program)\(commit)"] + libraries).joined(separator: "\n")
  }
}
