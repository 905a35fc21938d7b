internal import Foundation
internal import Glibc

/// The built program, run as people run it: by its file, with arguments, in a folder.
public enum Program {
  /// Where it is: beside the tests.
  public static let path = Folders.executable + "/specgan"

  /// Runs it to its end.
  public static func run(
    _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:]
  ) throws -> ProgramResult {
    try RunningProgram(path, arguments, in: folder, environment: environment).wait()
  }

  /// Starts it and goes on.
  public static func start(
    _ arguments: [String], in folder: TemporaryFolder
  ) throws -> RunningProgram {
    try RunningProgram(path, arguments, in: folder)
  }

  /// Runs it where no file may grow beyond `bytes`: as on a full disk, the write that would fails,
  /// or, when `isKilled`, the program ends there.
  public static func run(
    _ arguments: [String], in folder: TemporaryFolder, largestFile bytes: Int,
    isKilled: Bool = false
  ) throws -> ProgramResult {
    let limit = "ulimit -f \(bytes / 512); " + (isKilled ? "" : "trap '' XFSZ; ")
    return try RunningProgram(path, arguments, in: folder, after: limit).wait()
  }

  private enum Folders {
    static let executable: String = {
      let executable = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
      return URL(fileURLWithPath: executable ?? "").deletingLastPathComponent().path
    }()
  }
}

/// What a program left.
public struct ProgramResult: Equatable, Sendable {
  /// Its exit status; 128 and the signal's number where a signal ended it, as shells say.
  public var status: Int32
  /// Whether a signal ended it.
  public var isKilled: Bool
  /// What it wrote to standard output.
  public var output: String
  /// What it wrote to standard error.
  public var messages: String
}

/// A program on its way; one that nobody waits for is killed.
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

  /// Sends it `signal`, unless it has ended.
  public func kill(_ signal: CInt) {
    if isRunning { Glibc.kill(process, signal) }
  }

  /// Whether it has not ended yet.
  public var isRunning: Bool {
    if result == nil { poll() }
    return result == nil
  }

  /// What it has written to standard error so far.
  public var messages: String { text(".err") }

  /// Waits until `condition` holds or it ends, for a minute at most, and says whether it held.
  public func wait(until condition: () -> Bool) -> Bool {
    let end = ContinuousClock.now + .seconds(60)
    while isRunning && ContinuousClock.now < end {
      if condition() { return true }
      usleep(1000)
    }
    return condition()
  }

  /// Waits for its end; kills it if that takes longer than its patience.
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
