internal import Foundation

/// Programs that a test needs and a user may not have.
public enum OutsideTools {
  /// Whether a test that needs `tool` is to run: where it is installed, or where all tests must
  /// run.
  public static func isWanted(_ tool: String) -> Bool {
    if mustAllRun { return true }
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)")
    }
  }

  /// Whether no test may be left out.
  public static var mustAllRun: Bool {
    ProcessInfo.processInfo.environment["SPECGAN_ALL_TESTS"] != nil
  }
}
