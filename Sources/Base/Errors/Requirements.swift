/// Stops the program with `sentence` unless `condition` holds, in release builds too.
///
/// `precondition` drops its message in a release build. Use this function for programming errors;
/// for invalid data from a caller, throw a ``SpecGANError``.
///
/// - Parameters:
///   - condition: the requirement.
///   - sentence: the violated requirement, with the values that violate it.
///   - file: the caller's file.
///   - line: the caller's line.
@inlinable
@inline(__always)
package func require(
  _ condition: Bool, _ sentence: @autoclosure () -> String, file: StaticString = #fileID,
  line: UInt = #line
) {
  if !condition { trap(sentence(), file: file, line: line) }
}

/// Stops the program with `sentence`, in release builds too.
///
/// - Parameters:
///   - sentence: the reason.
///   - file: the caller's file.
///   - line: the caller's line.
@usableFromInline
package func trap(
  _ sentence: String, file: StaticString = #fileID, line: UInt = #line
) -> Never {
  fatalError(sentence, file: file, line: line)
}
