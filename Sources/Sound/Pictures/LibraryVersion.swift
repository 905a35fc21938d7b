internal import CSpecGANPNG

extension Picture {
  /// The name and version of the library that writes pictures.
  package static var libraryVersion: String { "libpng-\(PNG_LIBPNG_VER_STRING)" }
}
