internal import CKernels

/// The samples of a sound that is not compressed, as they lie in its file.
///
/// Integers are divided by their full scale, so they lie in `[-1, 1)`, and each is rounded once.
struct PCMReader: ~Copyable {
  private let file: InputFile
  private let extent: Range<Int>
  private let layout: PCMLayout

  init(of file: consuming InputFile, _ extent: Range<Int>, as layout: PCMLayout) {
    self.file = file
    self.extent = extent
    self.layout = layout
  }

  /// Up to `frames` frames from frame `first` on, interleaved; none at the end.
  func read(frames: Int, from first: Int) throws(AudioFileError) -> [Float] {
    let start = extent.lowerBound + first * layout.frameLength
    let room = min(frames * layout.frameLength, extent.upperBound - start)
    let bytes = try file.bytes(at: start, count: room)
    let count = bytes.count / layout.frameLength * layout.channels
    let (type, isBigEndian) = (layout.number.type, layout.byteOrder == .big)
    return unsafe [Float](unsafeUninitializedCapacity: count) { samples, filled in
      unsafe specgan_read_samples(
        bytes, type, isBigEndian, CInt(layout.byteCount), count, samples.baseAddress)
      filled = count
    }
  }
}

extension PCMLayout.Number {
  fileprivate var type: specgan_sample_type {
    switch self {
    case .unsigned: specgan_unsigned_sample
    case .signed: specgan_signed_sample
    case .float: specgan_float_sample
    }
  }
}
