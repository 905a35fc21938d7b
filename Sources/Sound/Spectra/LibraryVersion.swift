internal import CSpecGANFFTW

extension STFT {
  /// The name and version of the library that transforms.
  package static var libraryVersion: String { unsafe String(cString: specgan_fftwf_version()) }
}
