internal import Glibc
internal import SpecGANChecksums
package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANWireFormat

/// An event file of a session, for TensorBoard.
///
/// Its records are those of TensorFlow: a length of 8 bytes, its checksum of 4, the data, its
/// checksum of 4, all little-endian. If a write fails, the file is cut back to its old length. A
/// reader skips an incomplete last record, which a kill may leave. Source: TensorFlow guide,
/// "TFRecords format details".
package final class EventFile {
  private let file: AppendOnlyFile

  /// The path of the file.
  package var path: String { file.path }

  private static let prefix = "events.out.tfevents."

  /// Creates the file of a session in `folder`; events of `firstStep` and later steps in older
  /// files become invalid.
  ///
  /// The name contains the time and the host. The time is at least a second later than that of any
  /// other file there, because TensorBoard reads files in the order of their names.
  /// - Throws: ``SpecGANError`` if the folder cannot be read or written.
  package init(folder: String, firstStep: Int) throws(SpecGANError) {
    let others = try Self.names(in: folder).compactMap(Self.seconds).max() ?? 0
    let seconds = max(Int(Self.now), others + 1)
    file = try AppendOnlyFile(path: "\(folder)/\(Self.prefix)\(seconds).\(Self.host)")
    do {
      try append(.fileVersion, step: 0)
      try append(.sessionStart, step: firstStep)
    } catch {
      // A file without its first records is useless, and the next attempt has another name.
      try? Folder.remove(file: path)
      throw error
    }
  }

  /// Returns the names of the event files in `folder`, in order.
  ///
  /// - Throws: ``SpecGANError`` if the folder cannot be read.
  package static func names(in folder: String) throws(SpecGANError) -> [String] {
    try Folder.entries(of: folder).filter { $0.hasPrefix(prefix) }
  }

  /// Appends the values of `step`.
  ///
  /// - Throws: ``SpecGANError`` if the write fails.
  package func append(_ summary: Summary, step: Int) throws(SpecGANError) {
    if !summary.isEmpty { try append(.summary(summary), step: step) }
  }

  /// Flushes the file to disk.
  ///
  /// - Throws: ``SpecGANError`` if that fails.
  package func flush() throws(SpecGANError) { try file.flush() }

  private func append(_ content: Event.Content, step: Int) throws(SpecGANError) {
    let event = Event(time: Self.now, step: step, content: content)
    try unsafe file.append(Self.record(of: event.bytes).span.bytes)
  }

  /// Returns `data` as a record, with its length and checksums.
  package static func record(of data: [UInt8]) -> [UInt8] {
    var record: [UInt8] = []
    record.reserveCapacity(data.count + 16)
    record.append(littleEndian: UInt64(data.count))
    record.append(littleEndian: maskedChecksum(of: record))
    record += data
    record.append(littleEndian: maskedChecksum(of: data))
    return record
  }

  /// Returns TensorFlow's masked checksum, which stays strong if the data contain checksums.
  private static func maskedChecksum(of bytes: [UInt8]) -> UInt32 {
    let checksum = unsafe CRC32C(of: bytes.span.bytes).value
    return (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
  }

  /// Returns the time of the file `name`, in s since 1970.
  private static func seconds(of name: String) -> Int? {
    Int(name.dropFirst(prefix.count).prefix { $0 != "." }).flatMap { $0 < 1 << 40 ? $0 : nil }
  }

  private static var now: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private static var host: String {
    var name = [CChar](repeating: 0, count: 256)
    guard unsafe gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
