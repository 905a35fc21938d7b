internal import SpecGANErrors

/// How samples that are not compressed lie in a file.
struct PCMLayout: Equatable {
  enum Number { case unsigned, signed, float }
  enum ByteOrder { case little, big }

  /// The most channels that libsndfile takes.
  static let mostChannels = 1024

  let number: Number
  let byteCount: Int  // of a sample
  let byteOrder: ByteOrder
  let channels: Int
  let sampleRate: Int

  var frameLength: Int { channels * byteCount }

  /// - Throws: ``SpecGANError`` where there are no channels or too many, or the rate is not read.
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
