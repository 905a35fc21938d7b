/// The error that every library of this package throws.
///
/// ``kind`` is the cause; a program derives its exit status from it. ``code`` identifies the error;
/// tests and callers compare it. ``sentence`` is the message for the user. The other properties are
/// the values in that message, so that callers need not parse it.
///
/// ```swift
/// do {
///   _ = try Waveform(contentsOf: "kick.wav")
/// } catch where error.kind == .missing {
///   print("No file at \(error.path ?? "?")")
/// }
/// ```
public struct SpecGANError: Error, Sendable {
  /// The cause of an error.
  public enum Kind: String, CaseIterable, Sendable {
    /// Contents of a file, or data from the caller, that cannot be used.
    case badData
    /// A setting that is out of range, or settings that contradict each other.
    case badSetting
    /// A request that contradicts itself or names something that does not exist.
    case misuse
    /// A missing file or folder, or a missing part of one.
    case missing
    /// An existing file that cannot be read.
    case unreadable
    /// A file or folder that cannot be written.
    case unwritable
    /// An existing file or folder that would be overwritten or is in use by another process.
    case occupied
    /// A stop that the caller requested.
    case interrupted
    /// Training that diverged.
    case diverged
    /// Insufficient memory, or too many open files.
    case noMemory
    /// Another process of a distributed run that cannot be reached.
    case unreachable
  }

  /// The name of one error, such as `files.notFound`: a part of the package, a dot, and the error.
  public struct Code: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
    /// The name.
    public let rawValue: String

    /// Creates the code with the name `rawValue`.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Creates the code with the name `value`.
    public init(stringLiteral value: String) { rawValue = value }

    /// The part before the dot.
    package var room: Substring { rawValue.prefix { $0 != "." } }
  }

  /// A single pointer, which keeps the result of a throwing function small.
  private let storage: Storage

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - kind: the cause.
  ///   - code: the name of this error.
  ///   - statement: the event and its location; ends with a full stop if there is no advice.
  ///   - advice: the remedy; ends with a full stop.
  ///   - path: the file or folder concerned.
  ///   - key: the setting or tensor concerned.
  ///   - line: the line of the file, from 1.
  ///   - found: the value that was found.
  ///   - allowed: the allowed values, in words that complete "use …".
  ///   - errno: the error number of the system.
  ///   - cause: the underlying error.
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
  /// The event and its location.
  public var statement: String { storage.statement }
  /// The remedy, in terms of the library; nil if the statement needs none.
  public var advice: String? { storage.advice }
  /// The message for the user: the statement and the advice.
  public var sentence: String { advice.map { "\(statement); \($0)" } ?? statement }
  /// The file or folder concerned.
  public var path: String? { storage.path }
  /// The setting or tensor concerned.
  public var key: String? { storage.key }
  /// The line of the file, from 1.
  public var line: Int? { storage.line }
  /// The value that was found.
  public var found: String? { storage.found }
  /// The allowed values, in words that complete "use …".
  public var allowed: String? { storage.allowed }
  /// The error number of the system.
  public var errno: Int32? { storage.errno }
  /// The underlying error.
  public var cause: SpecGANError? { storage.cause }

  /// Returns the same error with `place` before its statement.
  package func located(at place: String) -> SpecGANError {
    changed(statement: "\(place): \(statement)", advice: advice)
  }

  /// Returns the same error with other advice.
  package func advising(_ advice: String) -> SpecGANError {
    changed(statement: statement, advice: advice)
  }

  /// The sentence without the path at its beginning, for a list that already names the paths.
  package var predicate: String {
    guard let path, sentence.utf8.starts(with: path.utf8) else { return sentence }
    let rest = String(decoding: sentence.utf8.dropFirst(path.utf8.count), as: UTF8.self)
    return String(rest.drop { $0 == " " || $0 == ":" })
  }

  /// The statement without the path at its beginning.
  package var predicateStatement: String {
    SpecGANError(kind, code, statement, path: path).predicate
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
  /// Returns whether both have the same kind, code, sentence and parts; ``errno`` is not compared.
  public static func == (left: SpecGANError, right: SpecGANError) -> Bool {
    left.kind == right.kind && left.code == right.code && left.statement == right.statement
      && left.advice == right.advice
      && left.path == right.path && left.key == right.key && left.line == right.line
      && left.found == right.found && left.allowed == right.allowed && left.cause == right.cause
  }
}
