internal import Files
internal import Pictures
internal import Spectra
internal import Waveforms

/// The program's version and those of the libraries it runs with.
public enum Versions {
  /// The program's own.
  public static let program = "0.1.0"

  /// The libraries', each with its name.
  public static var libraries: [String] {
    [
      STFT.libraryVersion, Picture.libraryVersion, CRC32.libraryVersion,
    ] + AudioFile.libraryVersions
  }

  /// A line for the program and for each library.
  public static var description: String {
    (["specgan \(program)"] + libraries).joined(separator: "\n")
  }
}
