internal import CSpecGANSndfile
internal import SpecGANErrors
internal import Synchronization

/// An audio file opened in libsndfile.
///
/// Source: <https://libsndfile.github.io/libsndfile/api.html>.
@safe struct SoundHandle: ~Copyable {
  /// The format as libsndfile reports it. Its frame count may be an estimate.
  let info: SF_INFO
  private let bytes: SoundBytes
  private let pointer: OpaquePointer
  /// Whether samples are the lower three of four bytes.
  private let isLowered: Bool

  /// The lock for opening: libsndfile stores the error of a failed open in a global variable.
  private static let opening = Mutex(())

  /// Opens a stream of `file`: samples by their layout, other streams by their first bytes.
  init(_ file: SharedFile, _ stream: SoundStream) throws(SpecGANError) {
    let bytes = SoundBytes(of: file, stream)
    var info = stream.layout.map(Self.info) ?? SF_INFO()
    unsafe pointer = try Self.open(bytes, &info)
    self.info = info
    self.bytes = bytes
    isLowered = stream.layout?.isLowered ?? false
  }

  deinit { unsafe sf_close(pointer) }

  /// Returns the next `frames` frames, interleaved, or as many as can be decoded.
  func read(frames: Int) throws(SpecGANError) -> [Float] {
    let channels = Int(info.channels)
    let pointer = unsafe pointer
    let samples = unsafe [Float](unsafeUninitializedCapacity: frames * channels) { buffer, filled in
      let read = unsafe sf_readf_float(pointer, buffer.baseAddress, sf_count_t(frames))
      filled = min(max(0, Int(read)), frames) * channels
    }
    if let failure = bytes.failure { throw failure }
    return isLowered ? samples.map(Self.raised) : samples
  }

  /// Returns the sample in the lower three bytes of what was decoded as four.
  private static func raised(_ sample: Float) -> Float {
    guard let value = Int32(exactly: Double(sample) * 0x1p31) else { return 0 }
    return Float(value << 8) * 0x1p-31
  }

  /// Throws if libsndfile has reported an error so far.
  func check() throws(SpecGANError) { try unsafe Self.check(pointer, path: bytes.path) }

  private static func info(of layout: PCMLayout) -> SF_INFO {
    let integers = [SF_FORMAT_PCM_S8, SF_FORMAT_PCM_16, SF_FORMAT_PCM_24, SF_FORMAT_PCM_32]
    let subtype =
      switch layout.number {
      case .float: layout.byteCount == 4 ? SF_FORMAT_FLOAT : SF_FORMAT_DOUBLE
      case .unsigned: SF_FORMAT_PCM_U8
      case .muLaw: SF_FORMAT_ULAW
      case .aLaw: SF_FORMAT_ALAW
      case .signed: integers[layout.byteCount - 1]
      }
    let order = layout.byteOrder == .little ? SF_ENDIAN_LITTLE : SF_ENDIAN_BIG
    var info = SF_INFO()
    info.format = CInt(SF_FORMAT_RAW | order | subtype)
    info.channels = CInt(layout.channels)
    info.samplerate = CInt(layout.sampleRate)
    return info
  }

  private static func open(
    _ bytes: SoundBytes, _ info: inout SF_INFO
  ) throws(SpecGANError) -> OpaquePointer {
    var callbacks = SoundBytes.callbacks
    var found = info
    var handle: OpaquePointer?
    var failure: SpecGANError?
    opening.withLock { _ in
      unsafe handle = sf_open_virtual(&callbacks, CInt(SFM_READ), &found, bytes.pointer)
      guard unsafe handle == nil else { return }
      do throws(SpecGANError) { try unsafe check(nil, path: bytes.path) } catch {
        failure = error
      }
    }
    info = found
    guard let handle = unsafe handle else {
      throw bytes.failure ?? failure
        ?? .damaged(path: bytes.path, reason: "libsndfile cannot open it")
    }
    return unsafe handle
  }

  /// Throws if libsndfile's status, of `handle` or of the last open, is an error.
  private static func check(_ handle: OpaquePointer?, path: String) throws(SpecGANError) {
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
