internal import Foundation
internal import Glibc

/// The built program, run as a user runs it: from its file, with arguments, in a folder.
public enum Program {
  /// The path of the program, beside the tests.
  public static let path = Folders.executable + "/specgan"

  /// Runs the program to its end.
  public static func run(
    _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:]
  ) throws -> ProgramResult {
    try RunningProgram(path, arguments, in: folder, environment: environment).wait()
  }

  /// Starts the program and returns at once.
  public static func start(
    _ arguments: [String], in folder: TemporaryFolder
  ) throws -> RunningProgram {
    try RunningProgram(path, arguments, in: folder)
  }

  /// Runs the program with files limited to `bytes`: as on a full disk, the write beyond it fails.
  public static func run(
    _ arguments: [String], in folder: TemporaryFolder, largestFile bytes: Int
  ) throws -> ProgramResult {
    try RunningProgram(path, arguments, in: folder, after: "ulimit -f \(bytes / 512); ").wait()
  }

  /// Whether the program was built with MPI.
  public static let hasMPI: Bool = {
    let program = FileManager.default.contents(atPath: path) ?? Data()
    return ["libmpi.so", "libmpich.so"].contains { program.range(of: Data($0.utf8)) != nil }
  }()

  private enum Folders {
    static let executable: String = {
      let executable = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
      return URL(fileURLWithPath: executable ?? "").deletingLastPathComponent().path
    }()
  }
}

/// The result of a program.
public struct ProgramResult: Equatable, Sendable {
  /// The exit status; 128 plus the signal's number if a signal ended it, as in shells.
  public var status: Int32
  /// Whether a signal ended it.
  public var isKilled: Bool
  /// The standard output.
  public var output: String
  /// The standard error.
  public var messages: String
}

/// A running program, killed when the last reference is released.
public final class RunningProgram {
  private let process: pid_t
  private let output = NSTemporaryDirectory() + "specgan-\(UUID().uuidString)"
  private let patience: Duration
  private var result: ProgramResult?

  /// Starts the program at `path`, its standard input empty, its signals as in a new shell, which
  /// does `preparation` and then becomes the program.
  public init(
    _ path: String, _ arguments: [String], in folder: TemporaryFolder,
    environment: [String: String] = [:], after preparation: String = "",
    patience: Duration = .seconds(180)
  ) throws {
    self.patience = patience
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    unsafe sigfillset(&signals)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

    let settings = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let script =
      "cd \"$0\" && \(preparation) exec \"$@\" </dev/null >\(output).out 2>\(output).err"
    var words =
      unsafe (["/bin/sh", "-c", script, folder.path, path] + arguments).map { unsafe strdup($0) }
      + [nil]
    var variables = unsafe settings.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
    defer { unsafe (words + variables).forEach { unsafe free($0) } }
    var process = pid_t()
    let code = unsafe posix_spawn(&process, "/bin/sh", nil, &attributes, &words, &variables)
    guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .ENOENT) }
    self.process = process
  }

  deinit {
    kill(SIGKILL)
    _ = wait()
  }

  /// The number of the process.
  public var identifier: Int32 { process }

  /// Sends `signal` to the program, unless it has ended.
  public func kill(_ signal: CInt) {
    if isRunning { Glibc.kill(process, signal) }
  }

  /// Whether the program has not ended yet.
  public var isRunning: Bool {
    if result == nil { poll() }
    return result == nil
  }

  /// The standard error so far.
  public var messages: String { text(".err") }

  /// The standard output so far.
  public var outputSoFar: String { result?.output ?? text(".out") }

  /// Waits until `condition` holds or the program ends, at most a minute; returns whether it held.
  public func wait(until condition: () -> Bool) -> Bool {
    let end = ContinuousClock.now + .seconds(60)
    while isRunning && ContinuousClock.now < end {
      if condition() { return true }
      usleep(1000)
    }
    return condition()
  }

  /// Waits for the end of the program; kills it if that takes longer than its patience.
  public func wait() -> ProgramResult {
    let end = ContinuousClock.now + patience
    while true {
      if !isRunning, let result { return result }
      if ContinuousClock.now > end { kill(SIGKILL) }
      usleep(1000)
    }
  }

  private func poll() {
    var status: CInt = 0
    guard unsafe waitpid(process, &status, WNOHANG) == process else { return }
    let signal = status & 0x7F
    result = ProgramResult(
      status: signal == 0 ? (status >> 8) & 0xFF : 128 + signal, isKilled: signal != 0,
      output: text(".out"), messages: text(".err"))
    for suffix in [".out", ".err"] { unsafe unlink(output + suffix) }
  }

  private func text(_ suffix: String) -> String {
    let bytes = FileManager.default.contents(atPath: output + suffix) ?? Data()
    return String(decoding: bytes, as: UTF8.self)
  }
}
