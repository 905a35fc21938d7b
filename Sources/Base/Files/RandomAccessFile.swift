internal import CSpecGANLinux
import Glibc
package import SpecGANErrors

/// A file that is read and written at places of one's choice, by several threads at once.
///
/// It is written under its own name: for the files of a folder that nobody looks into yet.
package final class RandomAccessFile: Sendable {
  /// Where it is.
  package let path: String
  private let descriptor: CInt

  /// Opens the file at `path` to read.
  ///
  /// - Throws: ``SpecGANError`` where it is missing, not a regular file, or cannot be read.
  package init(reading path: String) throws(SpecGANError) {
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    self.path = path
    guard descriptor >= 0 else { throw .reading(path) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .reading(path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(path: path, reason: "it is not a regular file")
    }
  }

  /// Opens the file at `path` to write and to read; it is made where it is missing.
  ///
  /// - Throws: ``SpecGANError``.
  package init(writing path: String) throws(SpecGANError) {
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    self.path = path
    guard descriptor >= 0 else { throw .writing(path) }
  }

  /// Opens the file at `path`, which is there, to write and to read.
  ///
  /// - Throws: ``SpecGANError``, also where it is missing.
  package init(updating path: String) throws(SpecGANError) {
    descriptor = unsafe open(path, O_RDWR | O_CLOEXEC)
    self.path = path
    guard descriptor >= 0 else { throw .writing(path) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Reads from `offset` on until `bytes` are full or the file ends, and returns how many it read.
  ///
  /// - Throws: ``SpecGANError``.
  package func read(into bytes: inout [UInt8], at offset: Int) throws(SpecGANError) -> Int {
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(into: $0, at: offset) }
    guard let count else { throw .reading(path) }
    return count
  }

  /// Calls `body` with all of its bytes, block by block, and returns how many there are.
  ///
  /// - Throws: ``SpecGANError``.
  func forEachBlock(_ body: (RawSpan) -> Void) throws(SpecGANError) -> Int {
    var block = [UInt8](repeating: 0, count: 1 << 16)
    var offset = 0
    while true {
      let count = try read(into: &block, at: offset)
      if count == 0 { return offset }
      unsafe body(block.span.extracting(first: count).bytes)
      offset += count
    }
  }

  /// Fills `numbers`, or those of `range`, with what lies at `offset`.
  ///
  /// - Throws: ``SpecGANError``, also where the file ends before.
  package func read(
    into numbers: inout [Float], _ range: Range<Int>? = nil, at offset: Int
  ) throws(SpecGANError) {
    let range = range ?? numbers.indices
    let count = unsafe numbers.withUnsafeMutableBufferPointer { numbers in
      unsafe read(
        into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: numbers[range])),
        at: offset)
    }
    guard let count else { throw .reading(path) }
    guard count == range.count * MemoryLayout<Float>.stride else {
      throw .unreadable(path: path, reason: "it ends too early")
    }
  }

  private func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int? {
    transfer(buffer.count) { done in
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      return unsafe pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
    }
  }

  /// Writes `bytes` from `offset` on.
  ///
  /// - Throws: ``SpecGANError``, for instance on a full disk.
  package func write(_ bytes: RawSpan, at offset: Int) throws(SpecGANError) {
    let count = unsafe bytes.withUnsafeBytes { buffer in
      transfer(buffer.count) { done in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[done...])
        return unsafe pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
      }
    }
    guard count == bytes.byteCount else { throw .writing(path) }
  }

  /// Asks the system for room on the disk for `range`, which will be written: it then does so once,
  /// not page by page.
  ///
  /// Source: Linux man-pages, fallocate(2). Where there is no room, or no such call, writing will
  /// tell.
  package func reserve(_ range: Range<Int>) {
    _ = specgan_fallocate(descriptor, 0, Int64(range.lowerBound), Int64(range.count))
  }

  /// Asks the system to bring what was written in `range`, or anywhere, to disk, and does not wait
  /// for it.
  ///
  /// Source: Linux man-pages, sync_file_range(2). It promises nothing, so no failure matters.
  package func startFlushing(_ range: Range<Int> = 0..<0) {
    let (start, count) = (Int64(range.lowerBound), Int64(range.count))  // no bytes: all there are
    _ = sync_file_range(descriptor, start, count, UInt32(specgan_sync_file_range_write))
  }

  /// Brings what was written to disk.
  ///
  /// - Throws: ``SpecGANError``.
  package func flush() throws(SpecGANError) {
    guard fsync(descriptor) == 0 else { throw .writing(path) }
  }
}

/// Repeats `step`, which is told how much is done, until `count` is done or there is no more; nil
/// where it fails, and `errno` says why.
private func transfer(_ count: Int, _ step: (_ done: Int) -> Int) -> Int? {
  var done = 0
  while done < count {
    let moved = step(done)
    if moved < 0 && errno == EINTR { continue }
    if moved < 0 { return nil }
    if moved == 0 { break }
    done += moved
  }
  return done
}
