import ArgumentParser
import Foundation
import SpecGANRuns
import SpecGANSessions

/// The program: parses the command line, runs one command, and leaves with its status.
@main
struct SpecGAN: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "specgan",
    abstract: "Turns a folder of sounds into new sounds.",
    discussion: """
      First steps, from a folder of sounds to new ones:
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
    // A reader of our output that leaves is an error of that write, not the end of the work.
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
