internal import CSndfile
internal import Files
internal import Glibc
internal import Synchronization

/// A file open in libsndfile.
///
/// Source: <https://libsndfile.github.io/libsndfile/api.html>.
@safe struct SoundHandle: ~Copyable {
  /// What libsndfile found. Its frame count may be an estimate.
  let info: SF_INFO
  private let path: String
  private let pointer: OpaquePointer

  /// Opening without success leaves its reason in a variable of the whole process.
  private static let opening = Mutex(())

  /// Opens `file`, by its header or, where that was never finished, as the samples it holds.
  init(_ file: borrowing InputFile, unclosed: RawSamples?) throws(AudioFileError) {
    var info = unclosed.map(Self.info) ?? SF_INFO()
    let pointer = try unsafe Self.open(file, &info)
    if let unclosed { try unsafe Self.start(pointer, at: unclosed.start, path: file.path) }
    unsafe self.pointer = pointer
    self.info = info
    path = file.path
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
  func check() throws(AudioFileError) { try unsafe Self.check(pointer, path: path) }

  private static func info(of samples: RawSamples) -> SF_INFO {
    let integers = [SF_FORMAT_PCM_U8, SF_FORMAT_PCM_16, SF_FORMAT_PCM_24, SF_FORMAT_PCM_32]
    let subtype =
      samples.isFloat
      ? (samples.byteCount == 4 ? SF_FORMAT_FLOAT : SF_FORMAT_DOUBLE)
      : integers[samples.byteCount - 1]
    var info = SF_INFO()
    info.format = CInt(SF_FORMAT_RAW | SF_ENDIAN_LITTLE | subtype)
    info.channels = CInt(samples.channels)
    info.samplerate = CInt(clamping: samples.sampleRate)
    return info
  }

  private static func open(
    _ file: borrowing InputFile, _ info: inout SF_INFO
  ) throws(AudioFileError) -> OpaquePointer {
    // libsndfile closes what it could not open, also where it is told not to: it gets its own.
    let descriptor = fcntl(file.descriptor, F_DUPFD_CLOEXEC, 0)
    let path = file.path
    guard descriptor >= 0 else { throw .file(.reading(path)) }
    var found = info
    var handle: OpaquePointer?
    var failure: AudioFileError?
    opening.withLock { _ in
      unsafe handle = sf_open_fd(descriptor, CInt(SFM_READ), &found, CInt(SF_TRUE))
      guard unsafe handle == nil else { return }
      do throws(AudioFileError) { try unsafe check(nil, path: path) } catch { failure = error }
    }
    info = found
    guard let handle = unsafe handle else {
      throw failure ?? .damaged(path: path, reason: "libsndfile cannot open it")
    }
    return unsafe handle
  }

  /// Sets where samples without a header begin; closes what cannot be set.
  private static func start(
    _ handle: OpaquePointer, at start: Int, path: String
  ) throws(AudioFileError) {
    var start = sf_count_t(start)
    let size = CInt(MemoryLayout.size(ofValue: start))
    do throws(AudioFileError) {
      unsafe sf_command(handle, CInt(SFC_SET_RAW_START_OFFSET), &start, size)
      try unsafe check(handle, path: path)
      unsafe sf_seek(handle, 0, SEEK_SET)  // only now does it go there
      try unsafe check(handle, path: path)
    } catch {
      unsafe sf_close(handle)
      throw error
    }
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
