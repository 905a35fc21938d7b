internal import SpecGANErrors

/// What stands before the tensors of a safetensors file, brought to a length of one's choice.
///
/// A file whose tensors are written before it is known how many there will be gets its header last;
/// the tensors lie behind the room that was left for it.
package enum SafetensorsPreamble {
  /// The header's length and the header, with spaces after it: `length` bytes for `tensors`, which
  /// follow each other in the file.
  ///
  /// - Precondition: names are different, shapes have a size, and the header has room.
  package static func bytes(
    _ tensors: [(name: String, type: SafetensorsType, shape: [Int])], length: Int
  ) -> [UInt8] {
    var entries: [(name: String, SafetensorsEntry)] = []
    for (name, type, shape) in tensors {
      let start = entries.last?.1.byteRange.upperBound ?? 0
      guard let entry = SafetensorsEntry(type: type, shape: shape, from: start) else {
        trap("tensor \(name) of shape \(shape) has no size")
      }
      entries.append((name, entry))
    }
    let json = SafetensorsHeader.json(entries: entries)
    require(json.count + 8 <= length, "a header of \(json.count) bytes has \(length - 8)")
    let count = unsafe withUnsafeBytes(of: UInt64(length - 8).littleEndian) { unsafe Array($0) }
    return count + json + [UInt8](repeating: UInt8(ascii: " "), count: length - 8 - json.count)
  }
}
