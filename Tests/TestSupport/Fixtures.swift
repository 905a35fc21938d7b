/// The paths of the files that tests read.
public enum Fixtures {
  /// The root of the repository.
  public static let repository = parent(parent(parent(#filePath)))

  /// Returns the path of `name` below `Fixtures`.
  public static func path(_ name: String) -> String { "\(repository)/Fixtures/\(name)" }

  private static func parent(_ path: String) -> String {
    String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }
}
