/// The bytes that libsndfile reads for one stream: the samples or frames, and nothing around them.
struct SoundStream {
  /// A run of bytes.
  enum Piece: Equatable {
    /// Bytes of the file.
    case file(Range<Int>)
    /// Bytes that were made here: a header, or a corrected page.
    case made([UInt8])

    var count: Int {
      switch self {
      case .file(let range): range.count
      case .made(let bytes): bytes.count
      }
    }
  }

  var container: Container
  var pieces: [Piece]
  /// The layout of the samples; nil if they are compressed.
  var layout: PCMLayout?
  /// The number of frames, by the file's bytes or its header; nil if it was not found here.
  var promisedFrames: Int?
  /// Whether libsndfile's frame count is only an estimate.
  var isEstimated = false
  /// Whether the decoder may return more frames than ``promisedFrames``, which are padding.
  var isPadded = false
  /// Whether the decoder returns more frames than ``promisedFrames``, the first of which were made
  /// here.
  var hasLead = false
  /// The MD5 digest of the samples and their size in bits, in a FLAC file that has one.
  var digest: (md5: [UInt8], bits: Int)?

  /// Appends bytes of the file, to the last piece if they follow it.
  mutating func append(_ range: Range<Int>) {
    if case .file(let last)? = pieces.last, last.upperBound == range.lowerBound {
      pieces[pieces.count - 1] = .file(last.lowerBound..<range.upperBound)
    } else if !range.isEmpty {
      pieces.append(.file(range))
    }
  }
}
