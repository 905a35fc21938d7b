internal import Glibc
internal import SpecGANChecksums
package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANWireFormat

/// A file that TensorBoard reads a session's course from.
///
/// Its records are TensorFlow's: a length of 8 bytes, its checksum of 4, the data, its checksum of
/// 4, all little-endian. Each is added in one write; a reader leaves out a last one that a kill cut
/// short. Source: TensorFlow guide, "TFRecords format details".
package final class EventFile {
  private let file: AppendedFile

  /// Where it is.
  package var path: String { file.path }

  private static let prefix = "events.out.tfevents."

  /// Starts the file of a session in `folder`; what earlier sessions' files have of `firstStep` and
  /// later ones is void.
  ///
  /// It is named after the time and the host, later than any other there by a second at least,
  /// since TensorBoard reads files in the order of their names.
  /// - Throws: ``SpecGANError`` where the folder cannot be read or written.
  package init(folder: String, firstStep: Int) throws(SpecGANError) {
    let others = try Self.names(in: folder).compactMap(Self.seconds).max() ?? 0
    let seconds = max(Int(Self.now), others + 1)
    file = try AppendedFile(path: "\(folder)/\(Self.prefix)\(seconds).\(Self.host)")
    do {
      try append(.fileVersion, step: 0)
      try append(.sessionStart, step: firstStep)
    } catch {
      // Without its beginning it is of no use, and the next try has a name of its own.
      try? Folder.remove(file: path)
      throw error
    }
  }

  /// The names of the event files in `folder`, in order.
  ///
  /// - Throws: ``SpecGANError`` where the folder cannot be read.
  package static func names(in folder: String) throws(SpecGANError) -> [String] {
    try Folder.entries(of: folder).filter { $0.hasPrefix(prefix) }
  }

  /// Adds what was measured at `step`.
  ///
  /// - Throws: ``SpecGANError``.
  package func append(_ summary: Summary, step: Int) throws(SpecGANError) {
    if !summary.isEmpty { try append(.summary(summary), step: step) }
  }

  /// Brings it to disk.
  ///
  /// - Throws: ``SpecGANError``.
  package func flush() throws(SpecGANError) { try file.flush() }

  private func append(_ content: Event.Content, step: Int) throws(SpecGANError) {
    let event = Event(time: Self.now, step: step, content: content)
    try unsafe file.append(Self.record(of: event.bytes).span.bytes)
  }

  /// `data` between its length and checksums.
  package static func record(of data: [UInt8]) -> [UInt8] {
    var record: [UInt8] = []
    record.reserveCapacity(data.count + 16)
    record.append(littleEndian: UInt64(data.count))
    record.append(littleEndian: maskedChecksum(of: record))
    record += data
    record.append(littleEndian: maskedChecksum(of: data))
    return record
  }

  /// A checksum that is not spoilt by checksums among the data.
  private static func maskedChecksum(of bytes: [UInt8]) -> UInt32 {
    let checksum = unsafe CRC32C(of: bytes.span.bytes).value
    return (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
  }

  /// When the session of the file `name` began, in seconds since 1970.
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
