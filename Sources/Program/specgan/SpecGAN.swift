import ArgumentParser
import CSpecGANLinux
import Foundation
import SpecGANFiles
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
        specgan init specgan.yaml
        specgan preprocess sounds --config specgan.yaml
        specgan train specgan.yaml --minutes 60
        specgan generate run --output new-sounds --pictures
      """,
    version: Versions.description,
    subcommands: [
      Init.self, Preprocess.self, Train.self, Generate.self, Interpolate.self,
      Preview.self, Invert.self, Score.self, Evaluate.self, ClassifierCommand.self, Report.self,
      Export.self, Components.self, Benchmark.self, Info.self,
    ])

  static func main() {
    keepFreedMemory()
    openManyFiles()
    // If the reader of the output closes it, that write fails; the work continues.
    signal(SIGPIPE, SIG_IGN)
    var messages = Messages()
    do {
      var command = try parseAsRoot(arguments)
      if let command = command as? any LongCommand { messages = command.progress.messages }
      try command.run()
    } catch {
      guard let status = ExitStatus(error) else { exit(withError: error) }
      messages.fail(error)
      Foundation.exit(status.rawValue)
    }
  }
}

/// The arguments of the command, which may be paths that are not UTF-8.
private var arguments: [String] {
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
