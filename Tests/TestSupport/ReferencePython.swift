/// A Python environment of one of the programs that tests compare with.
///
/// `tools/python-environment` creates it below `.build`. A test run installs it only if all tests
/// must run, because that needs Python with venv and the network.
public struct ReferencePython: Sendable {
  /// TensorBoard with its reader and server.
  public static let tensorBoard = ReferencePython(
    "tensorboard", requirements: "reference/tensorboard-requirements.txt")
  /// ONNX Runtime.
  public static let onnx = ReferencePython(
    "onnx", requirements: "reference/onnx-requirements.txt")
  /// NumPy, for `tools/experiments/measure.py`.
  public static let measure = ReferencePython(
    "measure", requirements: "experiments/measure-requirements.txt")
  /// PyTorch with safetensors.
  public static let pyTorch = ReferencePython(
    "pytorch", requirements: "bridges/pytorch-requirements.txt")
  /// TensorFlow with safetensors, the environment of `tools/bridges/convert-tensorflow`.
  public static let tensorFlow = ReferencePython(
    "tensorflow", requirements: "bridges/tensorflow-requirements.txt")

  /// The path of the interpreter; nil if it is not installed.
  public let path: String?

  /// The environment `name` with the packages of `requirements`, a file below `tools`.
  private init(_ name: String, requirements: String) {
    let tools = "\(Fixtures.repository)/tools"
    let isInstalling = OutsideTools.mustAllRun
    guard let folder = try? TemporaryFolder() else {
      path = nil
      return
    }
    defer { folder.remove() }
    let result = try? RunningProgram(
      "\(tools)/python-environment",
      (isInstalling ? [] : ["--cached"]) + [name, "\(tools)/\(requirements)"], in: folder,
      patience: .seconds(1800)
    ).wait()
    path = result?.status == 0 ? result?.output.split(separator: "\n").first.map(String.init) : nil
    if isInstalling, path == nil {
      print(
        "no Python environment \(name): \(result?.messages ?? "tools/python-environment failed")")
    }
  }
}
