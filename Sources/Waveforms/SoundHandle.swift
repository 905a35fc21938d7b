internal import CSndfile
internal import Synchronization

/// A file open in libsndfile.
///
/// Source: <https://libsndfile.github.io/libsndfile/api.html>.
@safe struct SoundHandle: ~Copyable {
  /// What libsndfile found. Its frame count may be an estimate.
  let info: SF_INFO
  private let pointer: OpaquePointer
  private let file: InputFile  // libsndfile reads from its descriptor

  /// Opening without success leaves its reason in a variable of the whole process.
  private static let opening = Mutex(())

  init(_ file: consuming InputFile) throws(AudioFileError) {
    var info = SF_INFO()
    unsafe pointer = try Self.open(file, &info)
    self.info = info
    self.file = file
  }

  deinit { unsafe sf_close(pointer) }

  /// The next `frames` frames, interleaved, or as many as can be decoded.
  func read(frames: Int) -> [Float] {
    let channels = Int(info.channels)
    let pointer = unsafe pointer
    return unsafe [Float](unsafeUninitializedCapacity: frames * channels) { buffer, filled in
      let read = unsafe sf_readf_float(pointer, buffer.baseAddress, sf_count_t(frames))
      filled = min(max(0, Int(read)), frames) * channels
    }
  }

  /// Throws what libsndfile has found wrong so far.
  func check() throws(AudioFileError) { try unsafe Self.check(pointer, path: file.path) }

  private static func open(
    _ file: borrowing InputFile, _ info: inout SF_INFO
  ) throws(AudioFileError) -> OpaquePointer {
    let descriptor = file.descriptor
    let path = file.path
    var found = info
    var handle: OpaquePointer?
    var failure: AudioFileError?
    opening.withLock { _ in
      unsafe handle = sf_open_fd(descriptor, CInt(SFM_READ), &found, 0)
      guard unsafe handle == nil else { return }
      do throws(AudioFileError) { try unsafe check(nil, path: path) } catch { failure = error }
    }
    info = found
    guard let handle = unsafe handle else {
      throw failure ?? .damaged(path: path, reason: "libsndfile cannot open it")
    }
    return unsafe handle
  }

  /// Where libsndfile's status, that of `handle` or of the last open, becomes an error.
  private static func check(_ handle: OpaquePointer?, path: String) throws(AudioFileError) {
    guard unsafe sf_error(handle) != SF_ERR_NO_ERROR else { return }
    let reason = unsafe String(cString: sf_strerror(handle))
    throw .damaged(path: path, reason: reason.trimmingSuffix(".").trimmingSuffix(" "))
  }
}

extension String {
  fileprivate func trimmingSuffix(_ suffix: Character) -> String {
    last == suffix ? String(dropLast()) : self
  }
}
