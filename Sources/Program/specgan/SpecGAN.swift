import ArgumentParser
import CSpecGANFatalErrors
import CSpecGANLinux
import Foundation
internal import SpecGANErrors
import SpecGANFiles
import SpecGANRanks
import SpecGANRuns
import SpecGANSessions

/// The `specgan` program: parses the command line, runs one command, and exits with its status.
@main
struct SpecGAN: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "specgan",
    abstract: "Learn from a folder of audio, and generate new clips.",
    discussion: """
      First steps:
        specgan train --sounds sounds --minutes 60
        specgan generate run --output new-sounds --pictures
      """,
    version: Versions.description,
    subcommands: [
      Init.self, Preprocess.self, Train.self, Generate.self, MakeKit.self, Interpolate.self,
      Vary.self, Like.self, Directions.self, StudioCommand.self, Preview.self, Invert.self,
      Score.self, Evaluate.self, ClassifierCommand.self, Report.self, Card.self, Export.self,
      Components.self, Benchmark.self, Info.self,
    ])

  static func main() {
    specgan_install_fatal_errors()
    openStandardFiles()
    keepFreedMemory()
    openManyFiles()
    // If the reader of the output closes it, or a file reaches the limit of its size, that write
    // fails; the work continues.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    // Swift's own handler prints a backtrace, and the program goes on.
    signal(SIGQUIT, SIG_DFL)
    var messages = Messages()
    do {
      let arguments = systemArguments.map(withHome)
      try refuseSingleDashes(arguments)
      var command = try parseAsRoot(arguments)
      if let command = command as? any LongCommand { messages = command.progress.messages }
      specgan_report_fatal_errors_as_json(messages.form == .json)
      if !(command is Train) { try Launcher.refuseRanks() }
      try command.run()
    } catch {
      guard let status = ExitStatus(error) else { exit(withError: error) }
      if let error = error as? SpecGANError, Launcher.index > 0 {
        // The launcher could end the first rank before its report, or after it this one.
        if error.isOfAllRanks { Foundation.exit(0) }
        if error.isUsuallyOfAllRanks { sleep(5) }
      }
      messages.fail(error)
      Foundation.exit(status.rawValue)
    }
  }
}

/// Opens the standard files that are closed, as `>&-` leaves them, so that no file of the program
/// gets their numbers. A write to standard output then fails.
private func openStandardFiles() {
  for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
  where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
    // The lowest free number is `descriptor`.
    _ = unsafe open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY)
  }
}

/// Returns `argument`, in which `~/folder`, also as the value of `--name=~/folder`, begins with the
/// home folder; shells replace `~` only at the start of a word without quotes.
private func withHome(_ argument: String) -> String {
  if argument.hasPrefix("~/") { return Folder.expandingHome(argument) }
  guard argument.hasPrefix("--"), let equals = argument.utf8.firstIndex(of: UInt8(ascii: "="))
  else { return argument }
  let start = argument.utf8.index(after: equals)
  return argument[..<start] + Folder.expandingHome(String(argument[start...]))
}

/// Refuses options with one dash, such as `-threads`: the parser would read them as a row of short
/// options, and print the help because of an h.
private func refuseSingleDashes(_ arguments: [String]) throws {
  for argument in arguments.prefix(while: { $0 != "--" })
  where argument.hasPrefix("-") && !argument.hasPrefix("--") && argument.count > 2 {
    let name = argument.dropFirst()
    guard name.allSatisfy({ $0.isLetter || $0 == "-" || $0 == "=" || $0.isNumber }),
      name.first?.isLetter == true
    else { continue }
    throw ValidationError("\(argument) has one dash; use --\(name).")
  }
}

/// The arguments of the command, which may be paths that are not UTF-8.
private var systemArguments: [String] {
  (1..<max(1, Int(CommandLine.argc))).compactMap { index -> String? in
    guard let argument = unsafe CommandLine.unsafeArgv[index] else { return nil }
    return unsafe String(
      systemBytes: UnsafeRawBufferPointer(start: argument, count: strlen(argument)))
  }
}

/// Lets the C library keep up to 32 MiB of freed memory for the next allocation.
///
/// Each file that is read allocates and frees buffers of many sizes, from a few to a few hundred
/// KiB. By default the library returns them to the system, which must clear each page before it
/// hands it out again.
///
/// Source: Linux man-pages, mallopt(3).
private func keepFreedMemory() {
  mallopt(M_TRIM_THRESHOLD, 32 << 20)
  mallopt(M_MMAP_THRESHOLD, 32 << 20)
  // Each further arena reserves 64 MiB of addresses, which `ulimit -v` counts.
  var limit = rlimit()
  if unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0,
    limit.rlim_cur < rlim_t(Int.max)
  {
    mallopt(M_ARENA_MAX, 1)
  }
}

/// Raises the limit of open files to the largest that the system allows.
///
/// When a cache is updated, the shards with its known clips are open files. Long clips, in hundreds
/// of shards each, soon exceed the usual limit of 1024. Source: Linux man-pages, setrlimit(2).
private func openManyFiles() {
  var limit = rlimit()
  guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
  limit.rlim_cur = limit.rlim_max
  unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}
