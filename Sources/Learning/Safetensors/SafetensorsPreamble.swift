internal import SpecGANErrors

/// The start of a safetensors file, up to its tensors, padded to a given length.
///
/// If the tensors are written before their sizes are known, the header is written last, into space
/// that was reserved for it at the start of the file.
package enum SafetensorsPreamble {
  /// Returns `length` bytes for `tensors`, which follow each other in the file: the header's
  /// length, the header, and spaces.
  ///
  /// - Precondition: The names differ, the shapes are valid, and the header fits.
  package static func bytes(
    _ tensors: [(name: String, type: SafetensorsType, shape: [Int])], length: Int
  ) -> [UInt8] {
    var entries: [(name: String, SafetensorsEntry)] = []
    for (name, type, shape) in tensors {
      let start = entries.last?.1.byteRange.upperBound ?? 0
      guard let entry = SafetensorsEntry(type: type, shape: shape, from: start) else {
        trap("tensor \(name) of shape \(shape) has no valid size")
      }
      entries.append((name, entry))
    }
    let json = SafetensorsHeader.json(entries: entries)
    require(
      json.count + 8 <= length, "a header of \(json.count) bytes does not fit into \(length - 8)")
    let count = unsafe withUnsafeBytes(of: UInt64(length - 8).littleEndian) { unsafe Array($0) }
    return count + json + [UInt8](repeating: UInt8(ascii: " "), count: length - 8 - json.count)
  }
}
