internal import CSpecGANLinux
internal import CSpecGANSndfile
internal import CSpecGANSoxr
internal import Glibc
internal import SpecGANFiles

extension AudioFile {
  /// The names and versions of the libraries that decode and resample.
  ///
  /// First come the libraries that are called directly, then the file names of the decoders that
  /// libsndfile calls, which end with their versions. Not covered are a decoder that is built into
  /// libsndfile, and a distribution's patch that does not change the version.
  package static var libraryVersions: [String] {
    unsafe [String(cString: sf_version_string()), String(cString: soxr_version())]
      + ["FLAC__stream_decoder_new", "vorbis_info_init", "opus_decoder_create", "mpg123_new"]
      .compactMap(fileName(ofFunction:))
  }

  /// Returns the name of the file from which the function `symbol` was loaded, with links resolved.
  ///
  /// Source: Linux man-pages, dlsym(3) and dladdr(3).
  private static func fileName(ofFunction symbol: String) -> String? {
    var place = unsafe specgan_symbol_place()
    guard let function = unsafe dlsym(nil, symbol), unsafe specgan_dladdr(function, &place) != 0,
      let path = unsafe place.file
    else { return nil }
    return Folder.realPath(unsafe String(cString: path)).map(Folder.name(of:))
  }
}
