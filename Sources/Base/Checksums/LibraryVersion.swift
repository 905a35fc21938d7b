internal import CSpecGANZlib

extension CRC32 {
  /// The name and version of the library that takes checksums.
  package static var libraryVersion: String {
    unsafe zlibVersion().map { unsafe "zlib-\(String(cString: $0))" } ?? "zlib"
  }
}
