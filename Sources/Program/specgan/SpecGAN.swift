import ArgumentParser
import Foundation
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
      var command = try parseAsRoot()
      if let command = command as? any LongCommand { messages = command.progress.messages }
      try command.run()
    } catch {
      guard let status = ExitStatus(error) else { exit(withError: error) }
      messages.fail(error)
      Foundation.exit(status.rawValue)
    }
  }
}
