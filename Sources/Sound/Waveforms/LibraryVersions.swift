internal import CSpecGANLinux
internal import CSpecGANSndfile
internal import CSpecGANSoxr
internal import Glibc
internal import SpecGANFiles

extension AudioFile {
  /// The names and versions of the libraries that read and resample.
  ///
  /// First those that we call; then the files of those that libsndfile calls, whose names end with
  /// their versions. What is not seen: a decoder that is built into libsndfile itself, and a
  /// distribution's patch that leaves the version alone.
  package static var libraryVersions: [String] {
    unsafe [String(cString: sf_version_string()), String(cString: soxr_version())]
      + ["FLAC__stream_decoder_new", "vorbis_info_init", "opus_decoder_create", "mpg123_new"]
      .compactMap(fileName(ofFunction:))
  }

  /// The name of the file that the function `symbol` was loaded from, links followed.
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
