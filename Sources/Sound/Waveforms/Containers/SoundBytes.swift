internal import CSpecGANSndfile
internal import Glibc
internal import SpecGANErrors

/// The bytes that libsndfile reads: a prefix, and then a range of a file.
///
/// libsndfile has no access to the file itself, so it only sees the samples that were found before:
/// no chunks around them, no tags, no other container.
@safe final class SoundBytes {
  private let file: InputFile
  private let prefix: [UInt8]
  private let extent: Range<Int>
  private var position = 0
  /// The first error of a read.
  private(set) var failure: SpecGANError?

  init(of file: consuming InputFile, _ extent: Range<Int>, after prefix: [UInt8] = []) {
    self.file = file
    self.extent = extent
    self.prefix = prefix
  }

  var path: String { file.path }

  private var count: Int { prefix.count + extent.count }

  /// Copies the next bytes into `buffer`, until it is full or they end, and returns their number.
  private func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, count - position)
    let own = prefix.dropFirst(position).prefix(count)
    unsafe buffer.copyBytes(from: own)
    let start = extent.lowerBound + max(0, position - prefix.count)
    do throws(SpecGANError) {
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[own.count..<count])
      let found = own.count + (try unsafe file.read(into: rest, at: start))
      position += found
      return found
    } catch {
      failure = failure ?? error
      return 0
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
