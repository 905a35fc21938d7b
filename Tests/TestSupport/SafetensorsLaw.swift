internal import Safetensors
public import SpecGANErrors

/// The law for every file, whatever its bytes: it is refused with a sentence, or its tensors fill
/// it.
///
/// `tools/fuzz` checks the same law.
public enum SafetensorsLaw {
  /// Opens `path` and reads all of its tensors.
  ///
  /// - Returns: the number of tensors, or the error.
  /// - Throws: ``Violation``.
  public static func check(_ path: String) throws(Violation) -> Result<Int, SpecGANError> {
    let file: SafetensorsFile
    do throws(SpecGANError) { file = try SafetensorsFile(path: path) } catch {
      try check(error, of: path)
      return .failure(error)
    }
    try require(Set(file.names).count == file.names.count, path, "a name twice")
    for name in file.names { try check(name, of: file) }
    let ranges = file.names.compactMap { file.entry($0)?.byteRange }
      .sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
    let isTiled = zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound }
    try require(isTiled && ranges.first?.lowerBound ?? 0 == 0, path, "a gap or an overlap")
    return .success(file.names.count)
  }

  /// A violation of the law.
  public struct Violation: Error, CustomStringConvertible {
    /// The file and the violation.
    public var description: String
  }

  private static func check(_ name: String, of file: SafetensorsFile) throws(Violation) {
    guard let entry = file.entry(name) else {
      throw Violation(description: "\(file.path): “\(name)” has no entry")
    }
    let path = file.path
    let count = entry.shape.reduce(1, *)
    try require(count == entry.count, path, "\(entry.shape) are not \(entry.count)")
    try require(
      entry.byteRange.count * 8 == count * entry.type.bitWidth, path, "\(entry) has another size")
    let bytes = try? file.withBytes(name) { $0.byteCount }
    try require(bytes == entry.byteRange.count, path, "\(entry) has other bytes")
    let floats = try? file.floats(name)
    try require(floats?.count == (entry.type == .float32 ? count : nil), path, "other floats")
    let integers = try? file.integers(name)
    try require(integers?.count == (entry.type == .int32 ? count : nil), path, "other integers")
  }

  private static func check(
    _ error: SpecGANError, of path: String
  ) throws(Violation) {
    let sentence = error.description
    let isPlain = sentence.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    let isWhole = sentence.hasPrefix(path) && sentence.hasSuffix(".")
    // Two names of 80 characters, each escaped by ten at most, and the words between them.
    let isShort = sentence.utf8.count < path.utf8.count + 2 * 80 * 10 + 300
    try require(isPlain && isWhole && isShort, path, "“\(sentence)” is not a sentence")
  }

  private static func require(
    _ condition: Bool, _ path: String, _ violation: @autoclosure () -> String
  ) throws(Violation) {
    if !condition { throw Violation(description: "\(path): \(violation())") }
  }
}
