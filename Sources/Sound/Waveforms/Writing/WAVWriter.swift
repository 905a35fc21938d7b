public import SpecGANErrors
internal import SpecGANFiles

// Source: Microsoft, "Multimedia Programming Interface and Data Specifications 1.0", chapter 3.

/// The sample format of a WAV file to write.
public enum SampleFormat: String, CaseIterable, Sendable {
  /// 16-bit integers.
  case pcm16 = "pcm16"
  /// 24-bit integers.
  case pcm24 = "pcm24"
  /// 32-bit floating point.
  case float = "float"

  /// The bits of an integer sample; nil for floating point.
  var integerBits: Int? {
    switch self {
    case .pcm16: 16
    case .pcm24: 24
    case .float: nil
    }
  }

  /// The size of a sample, in bytes.
  var byteCount: Int { (integerBits ?? 32) / 8 }

  /// Returns the bits of `sample`, which is not NaN, in the lowest ``byteCount`` bytes.
  fileprivate func bits(of sample: Float) -> Int {
    integerBits.map { quantized(sample, bits: $0) } ?? Int(sample.bitPattern)
  }
}

/// Returns the integer of `bits` bits for `sample`, which is not NaN.
private func quantized(_ sample: Float, bits: Int) -> Int {
  let scale = Float(1 << (bits - 1))
  return Int(max(-scale, min(scale - 1, (sample * scale).rounded(.toNearestOrEven))))
}

extension AudioFile {
  /// Writes `waveform` as a WAV file at `path`, completely or not at all, and returns the number of
  /// clipped samples.
  ///
  /// Nothing is rescaled. `.float` stores every sample unchanged and clips none. `.pcm16` stores
  /// the integer nearest to 2¹⁵ times the sample, an error of at most 2⁻¹⁶; `.pcm24` that nearest
  /// to 2²³ times the sample. Samples beyond ±1 are clipped and counted; those above 1 − 2⁻¹⁶
  /// become 1 − 2⁻¹⁵, the largest value of 16 bits. The bytes depend only on the arguments; those
  /// of `information` follow the samples.
  /// - Throws: ``SpecGANError`` if a sample is not finite, the file would be too large, or it
  ///   cannot be written. An existing file then stays unchanged, unless only the final flush of its
  ///   folder failed: the new file is then in place.
  @discardableResult
  package static func write(
    _ waveform: Waveform, to path: String, format: SampleFormat,
    information: WAVInformation = WAVInformation()
  ) throws(SpecGANError) -> Int {
    if let bad = waveform.samples.firstNonFinite {
      throw .nonFinite(path: path, frame: bad / waveform.channels)
    }
    let end = padding(waveform.samples.count, format) + information.chunk
    let header = try header(of: waveform, format: format, end: end.count, path: path)
    return try write(waveform.samples, header: header, end: end, to: path, format: format)
  }

  /// Returns `waveform` as the bytes of a WAV file, as
  /// ``write(_:to:format:information:)`` writes them.
  ///
  /// - Parameters:
  ///   - waveform: the audio.
  ///   - format: the sample format.
  ///   - name: the name of the audio in errors.
  ///   - information: the texts that follow the samples.
  /// - Returns: the bytes.
  /// - Throws: ``SpecGANError`` if a sample is not finite, or the file would be too large.
  package static func bytes(
    of waveform: Waveform, format: SampleFormat, name: String,
    information: WAVInformation = WAVInformation()
  ) throws(SpecGANError) -> [UInt8] {
    if let bad = waveform.samples.firstNonFinite {
      throw .nonFinite(path: name, frame: bad / waveform.channels)
    }
    let end = padding(waveform.samples.count, format) + information.chunk
    var bytes = try header(of: waveform, format: format, end: end.count, path: name)
    bytes.reserveCapacity(bytes.count + waveform.samples.count * format.byteCount)
    for sample in waveform.samples {
      bytes.append(format.bits(of: sample), bytes: format.byteCount)
    }
    return bytes + end
  }

  private static func write(
    _ samples: [Float], header: [UInt8], end: [UInt8], to path: String, format: SampleFormat
  ) throws(SpecGANError) -> Int {
    let blockLength = 65_536
    let file = try AtomicFile(path: path)
    try unsafe file.write(header.span.bytes)
    for start in stride(from: 0, to: samples.count, by: blockLength) {
      let block = samples[start..<min(start + blockLength, samples.count)]
      try append(block, to: file, format: format)
    }
    try unsafe file.write(end.span.bytes)
    try file.commit()
    return format == .float ? 0 : samples.count { abs($0) > 1 }
  }

  private static func append(
    _ block: ArraySlice<Float>, to file: borrowing AtomicFile, format: SampleFormat
  ) throws(SpecGANError) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(block.count * format.byteCount)
    for sample in block { bytes.append(format.bits(of: sample), bytes: format.byteCount) }
    try unsafe file.write(bytes.span.bytes)
  }

  /// Returns the byte that follows an odd number of bytes in RIFF, if any.
  private static func padding(_ sampleCount: Int, _ format: SampleFormat) -> [UInt8] {
    (sampleCount * format.byteCount).isMultiple(of: 2) ? [] : [0]
  }

  /// Returns the bytes before the samples, which `end` bytes follow: format tag 1, or 3 with its
  /// fact chunk.
  private static func header(
    of waveform: Waveform, format: SampleFormat, end: Int, path: String
  ) throws(SpecGANError) -> [UInt8] {
    let frameLength = waveform.channels * format.byteCount
    let size = waveform.frameCount * frameLength
    let (byteRate, overflow) = waveform.sampleRate.multipliedReportingOverflow(by: frameLength)
    guard frameLength <= UInt16.max, !overflow, byteRate <= UInt32.max,
      size + end <= UInt32.max - 64
    else { throw .unstorable(path: path) }
    var body = Array("WAVEfmt ".utf8)
    body.append(format == .float ? 18 : 16, bytes: 4)
    body.append(format == .float ? 3 : 1, bytes: 2)
    body.append(waveform.channels, bytes: 2)
    body.append(waveform.sampleRate, bytes: 4)
    body.append(byteRate, bytes: 4)
    body.append(frameLength, bytes: 2)
    body.append(8 * format.byteCount, bytes: 2)
    if format == .float {
      body.append(0, bytes: 2)
      body += "fact".utf8
      body.append(4, bytes: 4)
      body.append(waveform.frameCount, bytes: 4)
    }
    body += "data".utf8
    body.append(size, bytes: 4)
    var header = Array("RIFF".utf8)
    header.append(body.count + size + end, bytes: 4)
    return header + body
  }
}

extension Waveform {
  /// Writes the waveform as a WAV file, complete or not at all.
  ///
  /// By default nothing is rescaled. `.float` stores every sample unchanged. `.pcm16` rounds to the
  /// nearest of 16 bits, an error of at most 2⁻¹⁶, and clips samples beyond ±1; `.pcm24` likewise.
  ///
  /// - Parameters:
  ///   - path: the file; an existing one is replaced.
  ///   - format: the sample format.
  ///   - level: the level; `.protect` avoids clipping.
  /// - Returns: the number of clipped samples, 0 for `.float`.
  /// - Throws: ``SpecGANError`` if a sample is not finite, the file would be too large, or it
  ///   cannot be written. An existing file then stays unchanged, unless only the final flush of its
  ///   folder failed: the new file is then in place.
  @discardableResult
  public func write(
    to path: String, format: SampleFormat = .pcm16, level: OutputLevel = .asIs
  ) throws(SpecGANError) -> Int {
    try AudioFile.write(leveled(level), to: path, format: format)
  }

  /// Returns the waveform that reading gives after ``AudioFile/write(_:to:format:)``, bit by bit.
  ///
  /// - Precondition: all samples are finite.
  package func stored(as format: SampleFormat) -> Waveform {
    guard let bits = format.integerBits else { return self }
    let step = 1 / Float(1 << (bits - 1))
    var stored = self
    for index in samples.indices {
      stored.samples[index] = Float(quantized(samples[index], bits: bits)) * step
    }
    return stored
  }
}

extension [UInt8] {
  /// Appends the lowest `bytes` bytes of `number`, lowest first.
  mutating func append(_ number: Int, bytes: Int) {
    for index in 0..<bytes { append(UInt8(truncatingIfNeeded: number >> (8 * index))) }
  }
}
