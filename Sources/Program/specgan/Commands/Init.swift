import ArgumentParser
internal import SpecGANErrors
import SpecGANFiles
import SpecGANSettings

struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a complete configuration, with a comment on every key.",
    discussion: """
      The defaults are the published settings, which take a GPU's days. With --small the file holds \
      what two processor cores learn something with in an hour.

      Example: specgan init specgan.yaml --small
      """)

  @Argument(help: "The file to write; it must not be there yet.")
  var file: String

  @Flag(help: "Write settings for narrow networks and small batches, not the published ones.")
  var small = false

  @OptionGroup var results: OutputOptions

  func run() throws {
    guard !Folder.exists(file) else {
      throw SpecGANError.unwritable(path: file, reason: "it is there already")
    }
    try AtomicFile.replace(file, with: (small ? Configuration.small : Configuration()).commented)
    if results.json { try Console.json(["file": file]) }
    Console.message(
      "Wrote \(file); read it, change it, and go on: specgan preprocess SOUNDS --config \(file)")
  }
}
