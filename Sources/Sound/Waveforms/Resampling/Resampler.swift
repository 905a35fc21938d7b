internal import CSpecGANSoxr
public import SpecGANErrors

/// A conversion of one clip to another sample rate, block by block, with libsoxr.
///
/// The quality is soxr's HQ, librosa's default: linear phase, 20 bits, so an error of about 2⁻²⁰ of
/// the peak; frequencies up to 0.913 of the lower Nyquist frequency are kept. The result has the
/// same bits for any sizes of blocks. Source: soxr.h of libsoxr 0.1.3,
/// <https://sourceforge.net/p/soxr>.
@safe struct Resampler: ~Copyable {
  private static let blockLength = 16_384  // frames, of soxr's output at a time

  private let rate: Int
  private let wanted: Int
  private let channels: Int
  private let handle: OpaquePointer?  // nil if the rate does not change
  private var inputCount = 0  // frames appended
  private var block: [Float]
  private(set) var output: [Float] = []

  init(from rate: Int, to wanted: Int, channels: Int) throws(SpecGANError) {
    self.rate = rate
    self.wanted = wanted
    self.channels = channels
    if rate == wanted {
      block = []
      unsafe handle = nil
      return
    }
    block = [Float](repeating: 0, count: Self.blockLength * channels)
    var status: soxr_error_t?
    var quality = unsafe soxr_quality_spec(UInt(SOXR_HQ), 0)
    unsafe handle = soxr_create(
      Double(rate), Double(wanted), UInt32(channels), &status, nil, &quality, nil)
    try unsafe check(status)
  }

  deinit { if let handle = unsafe handle { unsafe soxr_delete(handle) } }

  /// Appends interleaved frames.
  mutating func append(_ samples: [Float]) throws(SpecGANError) {
    guard unsafe handle != nil else {
      output += samples
      return
    }
    var taken = 0
    while taken < samples.count {
      let part = min(samples.count - taken, Self.blockLength * channels)
      taken += try process(samples[taken..<taken + part]).taken * channels
    }
    inputCount += samples.count / channels
  }

  /// Ends the clip and returns the result, `⌈frames · wanted / rate⌉` frames as in librosa.
  mutating func finish() throws(SpecGANError) -> [Float] {
    guard unsafe handle != nil else { return output }
    while try process(nil).made > 0 {}
    let length = (inputCount * wanted + rate - 1) / rate * channels
    if output.count > length { output.removeLast(output.count - length) }
    output.append(contentsOf: repeatElement(0, count: length - output.count))
    guard output.firstNonFinite == nil else {
      throw .unresampled(rate: rate, wanted: wanted, reason: "its samples are too large")
    }
    return output
  }

  /// Calls soxr once; nil for `piece` ends the clip. Counts are frames.
  private mutating func process(
    _ piece: ArraySlice<Float>?
  ) throws(SpecGANError) -> (taken: Int, made: Int) {
    var taken = 0
    var made = 0
    let handle = unsafe handle
    let room = Self.blockLength
    let count = (piece?.count ?? 0) / channels
    let status = unsafe block.withUnsafeMutableBufferPointer { block in
      guard let piece else {
        return unsafe soxr_process(handle, nil, 0, nil, block.baseAddress, room, &made)
      }
      return unsafe piece.withUnsafeBufferPointer { piece in
        unsafe soxr_process(
          handle, piece.baseAddress, count, &taken, block.baseAddress, room, &made)
      }
    }
    try unsafe check(status)
    output.append(contentsOf: block.prefix(made * channels))
    return (taken, made)
  }

  /// Throws if soxr's status is an error.
  private func check(_ status: soxr_error_t?) throws(SpecGANError) {
    guard let status = unsafe status else { return }
    throw .unresampled(rate: rate, wanted: wanted, reason: unsafe String(cString: status))
  }
}

extension Waveform {
  /// The highest sample rate to resample to, in Hz; the limit keeps frame counts from overflowing.
  static let highestRate = 1_000_000_000

  /// Returns the waveform at another sample rate, `⌈frameCount · rate / sampleRate⌉` frames.
  ///
  /// The resampler is libsoxr at its quality HQ: an error of about 2⁻²⁰ of the peak.
  ///
  /// - Parameter rate: the wanted sample rate, in Hz; at least 1.
  /// - Returns: the resampled waveform.
  /// - Throws: ``SpecGANError`` of kind `badSetting` if the rate is out of range, of kind `badData`
  ///   if the samples are too large.
  public func resampled(to rate: Int) throws(SpecGANError) -> Waveform {
    guard (1...Self.highestRate).contains(rate) else { throw .rate(found: rate) }
    if rate == sampleRate { return self }
    var resampler = try Resampler(from: sampleRate, to: rate, channels: channels)
    try resampler.append(samples)
    return Waveform(samples: try resampler.finish(), channels: channels, sampleRate: rate)
  }
}
