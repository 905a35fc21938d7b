internal import Foundation

/// A folder for one test's files.
public struct TemporaryFolder: Sendable {
  /// The path of the folder.
  public let path: String

  /// Creates an empty folder, which exists until it is removed; ``withTemporaryFolder(_:)`` removes
  /// it automatically.
  public init() throws {
    path = NSTemporaryDirectory() + "specgan-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  /// Deletes the folder and its contents.
  public func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// Returns the path of `name` in the folder.
  public func path(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes `bytes` to the file `name` in the folder, and returns that file's path.
  @discardableResult public func write(_ bytes: [UInt8], as name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }

  /// Returns the bytes of the file `name` in the folder.
  public func bytes(of name: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(fileURLWithPath: path(name))))
  }

  /// Returns the names in the folder, sorted.
  public func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }
}

/// Calls `body` with an empty folder, and removes it afterwards.
public func withTemporaryFolder<Result>(
  _ body: (TemporaryFolder) throws -> Result
) throws -> Result {
  let folder = try TemporaryFolder()
  defer { folder.remove() }
  return try body(folder)
}

/// Calls the asynchronous `body` with an empty folder, and removes it afterwards.
public func withTemporaryFolder<Result>(
  isolation: isolated (any Actor)? = #isolation,
  _ body: (TemporaryFolder) async throws -> Result
) async throws -> Result {
  let folder = try TemporaryFolder()
  defer { folder.remove() }
  return try await body(folder)
}
