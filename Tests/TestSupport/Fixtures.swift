/// Where the files that tests read lie.
public enum Fixtures {
  /// The top of the repository.
  public static let repository = parent(parent(parent(#filePath)))

  /// The path of `name` under `Fixtures`.
  public static func path(_ name: String) -> String { "\(repository)/Fixtures/\(name)" }

  private static func parent(_ path: String) -> String {
    String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }
}
