internal import SpecGANErrors

/// The layout of samples in a file that are stored one by one.
struct PCMLayout: Equatable {
  enum Number { case unsigned, signed, float, muLaw, aLaw }
  enum ByteOrder { case little, big }

  /// The largest number of channels that libsndfile supports.
  static let mostChannels = 1024

  let number: Number
  let byteCount: Int  // of a sample
  let byteOrder: ByteOrder
  let channels: Int
  let sampleRate: Int
  /// Whether the samples are the lower three of four bytes; the highest is ignored.
  var isLowered = false

  var frameLength: Int { channels * byteCount }

  /// Creates a layout.
  ///
  /// - Throws: ``SpecGANError`` if there are no channels or too many, or the sample rate is not
  ///   supported.
  init(
    _ number: Number, byteCount: Int, _ byteOrder: ByteOrder, channels: Int, sampleRate: Int,
    path: String
  ) throws(SpecGANError) {
    self.number = number
    self.byteCount = byteCount
    self.byteOrder = byteOrder
    self.channels = channels
    self.sampleRate = sampleRate
    guard channels <= Self.mostChannels else {
      throw .unsupported(path: path, encoding: "\(channels) channels")
    }
    try SoundFormat.check(channels: channels, sampleRate: sampleRate, path: path)
  }

  /// The stream of the samples in `range`.
  func stream(_ range: Range<Int>) -> SoundStream {
    SoundStream(
      container: .pcm, pieces: [.file(range)], layout: self,
      promisedFrames: range.count / frameLength)
  }

  /// Finds out in which three of their four bytes the samples in `range` are.
  ///
  /// The specification says the upper ones. Some recorders write the lower ones, with the sign or
  /// zeros above them.
  mutating func findPadding(
    in range: Range<Int>, of file: borrowing InputFile
  ) throws(SpecGANError) {
    let (low, sign, high) = byteOrder == .little ? (0, 2, 3) : (3, 1, 0)
    var (isUpper, isLower, isZero) = (true, true, true)
    var place = range.lowerBound
    while place < range.upperBound, isLower || isZero {
      let bytes = try file.bytes(at: place, count: min(1 << 16, range.upperBound - place))
      for start in stride(from: 0, to: bytes.count - 3, by: 4) {
        let top = bytes[start + high]
        isUpper = isUpper && bytes[start + low] == 0
        isLower = isLower && top == (bytes[start + sign] >= 0x80 ? 0xFF : 0)
        isZero = isZero && top == 0
      }
      guard !bytes.isEmpty else { break }
      place += bytes.count
    }
    isLowered = !isUpper && (isLower || isZero)
  }
}

extension [UInt8] {
  /// Returns the unsigned number in the `count` bytes at `offset`.
  func number(at offset: Int, count: Int, _ order: PCMLayout.ByteOrder) -> Int {
    order == .little
      ? littleEndian(at: offset, count: count) : bigEndian(at: offset, count: count)
  }
}
