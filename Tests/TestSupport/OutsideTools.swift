internal import Foundation

/// External programs that some tests need.
public enum OutsideTools {
  /// Returns whether a test that needs `tool` runs: if it is installed, or if all tests must run.
  public static func isWanted(_ tool: String) -> Bool {
    if mustAllRun { return true }
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)")
    }
  }

  /// Whether no test may be skipped.
  public static var mustAllRun: Bool {
    ProcessInfo.processInfo.environment["SPECGAN_ALL_TESTS"] != nil
  }
}
