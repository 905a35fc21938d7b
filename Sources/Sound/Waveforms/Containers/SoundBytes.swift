internal import CSpecGANSndfile
internal import Glibc
internal import SpecGANErrors

/// The bytes that libsndfile gets to see: a few of ours, and then a range of a file.
///
/// It never has the file itself, so it finds nothing but what we have found: no chunks around the
/// samples, no tags, no other container further on.
@safe final class SoundBytes {
  private let file: InputFile
  private let prefix: [UInt8]
  private let extent: Range<Int>
  private var position = 0
  /// Why bytes that should be there were not, if that has happened.
  private(set) var failure: SpecGANError?

  init(of file: consuming InputFile, _ extent: Range<Int>, after prefix: [UInt8] = []) {
    self.file = file
    self.extent = extent
    self.prefix = prefix
  }

  var path: String { file.path }

  private var count: Int { prefix.count + extent.count }

  /// Copies as many of the next bytes as there are into `buffer`, and says how many.
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

  /// Goes to `offset` from where `whence` says; −1, and nowhere, where that is not in the bytes.
  private func seek(to offset: Int, from whence: CInt) -> Int {
    let origin = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? position : count
    let (place, isTooFar) = origin.addingReportingOverflow(offset)
    guard !isTooFar, (0...count).contains(place) else { return -1 }
    position = place
    return place
  }
}

// MARK: - As libsndfile asks for them

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

  /// Points to the object without keeping it.
  var pointer: UnsafeMutableRawPointer { unsafe Unmanaged.passUnretained(self).toOpaque() }

  private static func at(_ pointer: UnsafeMutableRawPointer?) -> SoundBytes {
    guard let pointer = unsafe pointer else { trap("libsndfile lost our pointer") }
    return unsafe Unmanaged<SoundBytes>.fromOpaque(pointer).takeUnretainedValue()
  }
}
