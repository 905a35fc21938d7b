internal import Foundation

/// A Python with what `tools/reference` names in one of its files of requirements.
///
/// It is installed into `.build` where it is not there yet and all tests must run, which takes Python and the
/// network.
public enum ReferencePython {
  /// The Python that has `requirements`, such as `tensorboard-requirements`; nil where it cannot be had.
  public static func path(_ requirements: String) -> String? {
    let folder = "\(Fixtures.repository)/.build/\(requirements)"
    let python = "\(folder)/bin/python"
    let file = "\(Fixtures.repository)/tools/reference/\(requirements).txt"
    let stamp = "\(folder)/\(requirements).txt"
    let manager = FileManager.default
    if manager.contentsEqual(atPath: file, andPath: stamp) { return python }
    guard OutsideTools.mustAllRun else { return nil }
    let steps = [
      ["python3", "-m", "venv", "--clear", folder],
      [python, "-m", "pip", "install", "--quiet", "--requirement", file],
      ["cp", file, stamp],
    ]
    guard let here = try? TemporaryFolder() else { return nil }
    defer { here.remove() }
    for step in steps {
      let result = try? RunningProgram("/usr/bin/env", step, in: here).wait()
      guard result?.status == 0 else {
        print("no Python with \(requirements): \(result?.messages ?? "it cannot be started")")
        return nil
      }
    }
    return python
  }
}
