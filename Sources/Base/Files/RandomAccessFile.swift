internal import CSpecGANLinux
import Glibc
package import SpecGANErrors

/// A file that several threads read and write at any offset at once.
///
/// It is written under its final name: use it for files of a folder that no other process reads
/// yet.
package final class RandomAccessFile: Sendable {
  /// The path of the file.
  package let path: String
  private let descriptor: CInt

  /// Opens the file at `path` for reading.
  ///
  /// - Throws: ``SpecGANError`` if it is missing, not a regular file, or cannot be read.
  package init(reading path: String) throws(SpecGANError) {
    descriptor = uninterrupted {
      unsafe open(path.inSystem, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    }
    self.path = path
    guard descriptor >= 0 else { throw .reading(path) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .reading(path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(path: path, reason: "it is not a regular file")
    }
  }

  /// Opens the file at `path` for writing and reading, and creates it if it is missing.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be opened or created.
  package init(writing path: String) throws(SpecGANError) {
    descriptor = uninterrupted {
      unsafe open(path.inSystem, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    }
    self.path = path
    guard descriptor >= 0 else { throw .writing(path) }
  }

  /// Opens the existing file at `path` for writing and reading.
  ///
  /// - Throws: ``SpecGANError`` if it is missing or cannot be opened.
  package init(updating path: String) throws(SpecGANError) {
    descriptor = uninterrupted { unsafe open(path.inSystem, O_RDWR | O_CLOEXEC) }
    self.path = path
    guard descriptor >= 0 else { throw .writing(path) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Reads from `offset` on until `bytes` is full or the file ends, and returns the number of bytes
  /// read.
  ///
  /// - Throws: ``SpecGANError`` if the read fails.
  package func read(into bytes: inout [UInt8], at offset: Int) throws(SpecGANError) -> Int {
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(into: $0, at: offset) }
    guard let count else { throw .reading(path) }
    return count
  }

  /// Calls `body` with all bytes of the file, block by block, and returns their number.
  ///
  /// - Throws: ``SpecGANError`` if a read fails.
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

  /// Reads `numbers`, or the elements in `range`, from `offset` on.
  ///
  /// - Throws: ``SpecGANError`` if the read fails or the file ends too early.
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
  /// - Throws: ``SpecGANError`` if the write fails, for instance on a full disk.
  package func write(_ bytes: RawSpan, at offset: Int) throws(SpecGANError) {
    let count = unsafe bytes.withUnsafeBytes { buffer in
      transfer(buffer.count) { done in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[done...])
        return unsafe pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
      }
    }
    guard count == bytes.byteCount else { throw .writing(path) }
  }

  /// Allocates disk space for `range`, which will be written: the file system then allocates once,
  /// not page by page.
  ///
  /// Source: Linux man-pages, fallocate(2). A failure is ignored: without space, the write fails.
  package func reserve(_ range: Range<Int>) {
    _ = specgan_fallocate(descriptor, 0, Int64(range.lowerBound), Int64(range.count))
  }

  /// Starts to write the cached bytes in `range`, or all, to disk, and does not wait for the end.
  ///
  /// Source: Linux man-pages, sync_file_range(2). The call guarantees nothing, so its failure is
  /// ignored.
  package func startFlushing(_ range: Range<Int> = 0..<0) {
    let (start, count) = (Int64(range.lowerBound), Int64(range.count))  // a count of 0 means all
    _ = sync_file_range(descriptor, start, count, UInt32(specgan_sync_file_range_write))
  }

  /// Flushes the written bytes to disk.
  ///
  /// - Throws: ``SpecGANError`` if the flush fails.
  package func flush() throws(SpecGANError) {
    guard uninterrupted({ fsync(descriptor) }) == 0 else { throw .writing(path) }
  }
}

/// Repeats `step`, which gets the number of bytes done, until `count` are done or `step` returns 0;
/// returns nil if it fails, with the reason in `errno`.
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
