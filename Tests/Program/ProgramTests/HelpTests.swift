import Foundation
import SpecGANTestSupport
import Testing

/// The program's help and version.
///
/// The texts are those of `Fixtures/help`, which `tools/record-help` records.
@Suite struct HelpTests {
  private static let commands = [
    "init", "preprocess", "train", "generate", "kit", "interpolate", "vary", "like", "directions",
    "studio", "preview", "invert", "score",
    "benchmark", "info", "report", "card", "export", "components", "evaluate", "classifier",
    "classifier train",
  ]

  @Test(arguments: commands) func aCommandsHelpIsTheAgreedText(_ command: String) throws {
    let expected = try text(command)
    let words = command.split(separator: " ").map(String.init)
    for arguments in [words + ["--help"], ["help"] + words, words + ["-h"]] {
      let result = try run(arguments)
      #expect(result.status == 0 && result.messages.isEmpty)
      #expect(result.output == expected)
    }
    #expect(expected.contains("Example: specgan \(command) "))
    #expect(expected.contains("--help"))
    let lines = expected.split(separator: "\n").filter { !$0.hasPrefix("USAGE: ") }
    #expect(lines.allSatisfy { $0.count <= 80 }, "wrapped to the terminal's width")
  }

  @Test func theProgramsHelpNamesEveryCommand() throws {
    for arguments in [["help"], ["--help"], []] {
      let result = try run(arguments)
      #expect(result.status == 0 && result.messages.isEmpty)
      #expect(try result.output == text("specgan"))
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: Fixtures.path("help")).sorted()
        == (Self.commands + ["specgan"]).map { Self.file($0) }.sorted())
    for command in Self.commands where !command.contains(" ") {
      #expect(try text("specgan").contains("  \(command) "))
    }
  }

  @Test func theVersionNamesTheLibraries() throws {
    let result = try run(["--version"])
    #expect(result.status == 0 && result.messages.isEmpty)
    #expect(result.output.hasPrefix("specgan "))
    for library in ["fftw-3", "libsndfile-", "libsoxr-", "libmpg123.so"] {
      #expect(result.output.contains(library), "\(result.output)")
    }
  }

  /// The file from `specgan init` is complete and has the defaults.
  @Test func aNewConfigurationIsReadBackAndNotWrittenOver() throws {
    try withTemporaryFolder { folder in
      let result = try Program.run(["init", "new.yaml"], in: folder)
      #expect(result.status == 0 && result.output.isEmpty)
      let text = String(decoding: try folder.bytes(of: "new.yaml"), as: UTF8.self)
      for section in ["paths:", "audio:", "spectrogram:", "network:", "training:", "inversion:"] {
        #expect(text.contains("\n\(section)\n"))
      }
      try Program.run(["init", "new.yaml"], in: folder).expectError(
        73, "new.yaml", "exists already")
      try Program.run(["init", "no/new.yaml"], in: folder).expectError(73, "no/new.yaml")
      #expect(try folder.names() == ["new.yaml"])
      #expect(try Program.run(["init", "small.yaml", "--small"], in: folder).status == 0)
      let small = try String(contentsOfFile: folder.path("small.yaml"), encoding: .utf8)
      #expect(small.contains("dimension: 16 ") && small.contains("learning_rate: 0.0008 "))
    }
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: Fixtures.path("help/" + Self.file(name)), encoding: .utf8)
  }

  private static func file(_ name: String) -> String {
    name.replacingOccurrences(of: " ", with: "-") + ".txt"
  }

  private func run(_ arguments: [String]) throws -> ProgramResult {
    try withTemporaryFolder {
      try Program.run(arguments, in: $0, environment: ["COLUMNS": "80"])
    }
  }
}
