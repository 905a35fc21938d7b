internal import CSpecGANSndfile
internal import Glibc
internal import SpecGANErrors

/// The bytes that libsndfile reads: the pieces of a stream, one after the other.
///
/// libsndfile has no access to the file itself, so it only sees the samples that were found before:
/// no chunks around them, no tags, no other container.
@safe final class SoundBytes {
  private let file: SharedFile
  private let pieces: [SoundStream.Piece]
  /// The offset of each piece, and the end of the last.
  private let starts: [Int]
  private var position = 0
  /// The first error of a read.
  private(set) var failure: SpecGANError?

  init(of file: SharedFile, _ stream: SoundStream) {
    self.file = file
    pieces = stream.pieces
    starts = pieces.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
  }

  var path: String { file.path }

  private var count: Int { starts[pieces.count] }

  /// Copies the next bytes into `buffer`, until it is full or they end, and returns their number.
  private func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let wanted = min(buffer.count, count - position)
    var filled = 0
    var index = firstPiece
    while filled < wanted {
      let part = min(wanted - filled, starts[index + 1] - position)
      let place = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<filled + part])
      let found = unsafe copy(pieces[index], from: position - starts[index], into: place)
      filled += found
      position += found
      guard found == part else { break }
      index += 1
    }
    return filled
  }

  /// The index of the piece at the position, by bisection.
  private var firstPiece: Int {
    var (low, high) = (0, pieces.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= position { low = middle } else { high = middle }
    }
    return low
  }

  private func copy(
    _ piece: SoundStream.Piece, from offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    switch piece {
    case .made(let bytes):
      unsafe buffer.copyBytes(from: bytes[offset..<offset + buffer.count])
      return buffer.count
    case .file(let range):
      do throws(SpecGANError) {
        return try unsafe file.read(into: buffer, at: range.lowerBound + offset)
      } catch {
        failure = failure ?? error
        return 0
      }
    }
  }

  /// Moves to `offset` relative to `whence` and returns the position; returns −1 and does not move
  /// if that is out of range.
  private func seek(to offset: Int, from whence: CInt) -> Int {
    let origin = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? position : count
    let (place, isTooFar) = origin.addingReportingOverflow(offset)
    guard !isTooFar, (0...count).contains(place) else { return -1 }
    position = place
    return place
  }
}

/// A file that the streams in it share.
@safe final class SharedFile {
  private let file: InputFile

  init(_ file: consuming InputFile) { self.file = file }

  var path: String { file.path }

  func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(SpecGANError) -> Int {
    try unsafe file.read(into: buffer, at: offset)
  }
}

// MARK: - Callbacks of libsndfile

extension SoundBytes {
  /// The functions whose last argument is ``pointer``.
  static var callbacks: SF_VIRTUAL_IO {
    unsafe SF_VIRTUAL_IO(
      get_filelen: { sf_count_t(unsafe SoundBytes.at($0).count) },
      seek: { offset, whence, pointer in
        sf_count_t(unsafe SoundBytes.at(pointer).seek(to: Int(offset), from: whence))
      },
      read: { buffer, count, pointer in
        let buffer = unsafe UnsafeMutableRawBufferPointer(start: buffer, count: max(0, Int(count)))
        return sf_count_t(unsafe SoundBytes.at(pointer).read(into: buffer))
      },
      write: nil,
      tell: { sf_count_t(unsafe SoundBytes.at($0).position) })
  }

  /// An unretained pointer to the object.
  var pointer: UnsafeMutableRawPointer { unsafe Unmanaged.passUnretained(self).toOpaque() }

  private static func at(_ pointer: UnsafeMutableRawPointer?) -> SoundBytes {
    guard let pointer = unsafe pointer else { trap("libsndfile passed no pointer to the bytes") }
    return unsafe Unmanaged<SoundBytes>.fromOpaque(pointer).takeUnretainedValue()
  }
}
