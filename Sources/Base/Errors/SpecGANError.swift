/// The error that every library of this package throws.
///
/// ``kind`` is the cause, by which a program chooses its exit status; ``code`` names the place that
/// threw it, by which tests and callers recognize one error; ``sentence`` is for people. The others
/// are the parts of the sentence that a caller may need, so that nobody has to parse it.
///
/// ```swift
/// do {
///   _ = try Waveform.read(from: "kick.wav")
/// } catch where error.kind == .missing {
///   print("No file at \(error.path ?? "?")")
/// }
/// ```
public struct SpecGANError: Error, Sendable {
  /// The cause of an error.
  public enum Kind: String, CaseIterable, Sendable {
    /// A file's contents, or data that a caller passed, cannot be used.
    case badData
    /// A setting is out of range, or settings contradict each other.
    case badSetting
    /// A request contradicts itself or asks for something that is not there.
    case misuse
    /// There is no such file, folder, or part of one.
    case missing
    /// A file is there and cannot be read.
    case unreadable
    /// A file or folder cannot be written.
    case unwritable
    /// What is there already would be overwritten, or another process uses it.
    case occupied
    /// The caller asked to stop.
    case interrupted
    /// Training diverged.
    case diverged
    /// There is not enough memory.
    case noMemory
  }

  /// The name of one error, such as `files.notFound`: the room that throws it, and what it is.
  public struct Code: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
    /// The name.
    public let rawValue: String

    /// The code with the name `rawValue`.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The code with the name `value`.
    public init(stringLiteral value: String) { rawValue = value }

    /// The part before the dot.
    package var room: Substring { rawValue.prefix { $0 != "." } }
  }

  /// One pointer, so that a function that throws costs its callers no more than one.
  private let storage: Storage

  /// An error.
  ///
  /// - Parameters:
  ///   - kind: the cause.
  ///   - code: the name of this error.
  ///   - statement: what happened, and where; with the full stop if there is no advice.
  ///   - advice: what to do, with the full stop.
  ///   - path: the file or folder that it is about.
  ///   - key: the setting or tensor that it is about.
  ///   - line: the line of the file, from 1.
  ///   - found: the value that was found.
  ///   - allowed: the values that are allowed, as they complete "use …".
  ///   - errno: the number of the system's error.
  ///   - cause: the error that led to this one.
  package init(
    _ kind: Kind, _ code: Code, _ statement: String, advice: String? = nil,
    path: String? = nil, key: String? = nil, line: Int? = nil, found: String? = nil,
    allowed: String? = nil, errno: Int32? = nil, cause: SpecGANError? = nil
  ) {
    storage = Storage(
      kind: kind, code: code, statement: statement, advice: advice, path: path, key: key,
      line: line, found: found, allowed: allowed, errno: errno, cause: cause)
  }

  /// The cause.
  public var kind: Kind { storage.kind }
  /// The name of this error.
  public var code: Code { storage.code }
  /// The event and its place.
  public var statement: String { storage.statement }
  /// The remedy, in the terms of the library; nil if the statement says all.
  public var advice: String? { storage.advice }
  /// The statement and the advice: what happened, where, and what to do.
  public var sentence: String { advice.map { "\(statement); \($0)" } ?? statement }
  /// The file or folder that it is about.
  public var path: String? { storage.path }
  /// The setting or tensor that it is about.
  public var key: String? { storage.key }
  /// The line of the file, from 1.
  public var line: Int? { storage.line }
  /// The value that was found.
  public var found: String? { storage.found }
  /// The values that are allowed, as they complete "use …".
  public var allowed: String? { storage.allowed }
  /// The number of the system's error.
  public var errno: Int32? { storage.errno }
  /// The error that led to this one.
  public var cause: SpecGANError? { storage.cause }

  /// The same error with `place` before its statement.
  package func located(at place: String) -> SpecGANError {
    changed(statement: "\(place): \(statement)", advice: advice)
  }

  /// The same error with other advice.
  package func advising(_ advice: String) -> SpecGANError {
    changed(statement: statement, advice: advice)
  }

  /// The sentence without the path at its beginning, for a list that names paths itself.
  package var predicate: String {
    guard let path, sentence.utf8.starts(with: path.utf8) else { return sentence }
    let rest = String(decoding: sentence.utf8.dropFirst(path.utf8.count), as: UTF8.self)
    return String(rest.drop { $0 == " " || $0 == ":" })
  }

  private func changed(statement: String, advice: String?) -> SpecGANError {
    SpecGANError(
      kind, code, statement, advice: advice, path: path, key: key, line: line, found: found,
      allowed: allowed, errno: errno, cause: cause)
  }

  private final class Storage: Sendable {
    let kind: Kind
    let code: Code
    let statement: String
    let advice: String?
    let path: String?
    let key: String?
    let line: Int?
    let found: String?
    let allowed: String?
    let errno: Int32?
    let cause: SpecGANError?

    init(
      kind: Kind, code: Code, statement: String, advice: String?, path: String?, key: String?,
      line: Int?, found: String?, allowed: String?, errno: Int32?, cause: SpecGANError?
    ) {
      self.kind = kind
      self.code = code
      self.statement = statement
      self.advice = advice
      self.path = path
      self.key = key
      self.line = line
      self.found = found
      self.allowed = allowed
      self.errno = errno
      self.cause = cause
    }
  }
}

extension SpecGANError: CustomStringConvertible {
  /// The sentence.
  public var description: String { sentence }
}

extension SpecGANError: Equatable {
  /// Whether both have the same kind, code, sentence and parts; the system's error is in the
  /// sentence.
  public static func == (left: SpecGANError, right: SpecGANError) -> Bool {
    left.kind == right.kind && left.code == right.code && left.statement == right.statement
      && left.advice == right.advice
      && left.path == right.path && left.key == right.key && left.line == right.line
      && left.found == right.found && left.allowed == right.allowed && left.cause == right.cause
  }
}
