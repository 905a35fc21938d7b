internal import Foundation

/// Programs that a test needs and a user may not have.
public enum OutsideTools {
  /// Whether a test that needs `tool` is to run: where it is installed, or where all tests must run.
  public static func isWanted(_ tool: String) -> Bool {
    let environment = ProcessInfo.processInfo.environment
    if environment["SPECGAN_ALL_TESTS"] != nil { return true }
    return (environment["PATH"] ?? "").split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)")
    }
  }
}
