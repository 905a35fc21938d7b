internal import CSndfile
internal import CSoxr

extension AudioFile {
  /// The names and versions of the libraries that read and resample.
  public static var libraryVersions: [String] {
    unsafe [String(cString: sf_version_string()), String(cString: soxr_version())]
  }
}
