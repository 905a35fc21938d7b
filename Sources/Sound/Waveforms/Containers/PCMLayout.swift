internal import SpecGANErrors

/// The layout of uncompressed samples in a file.
struct PCMLayout: Equatable {
  enum Number { case unsigned, signed, float }
  enum ByteOrder { case little, big }

  /// The largest number of channels that libsndfile supports.
  static let mostChannels = 1024

  let number: Number
  let byteCount: Int  // of a sample
  let byteOrder: ByteOrder
  let channels: Int
  let sampleRate: Int

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
}
