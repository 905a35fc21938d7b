import ArgumentParser
internal import SpecGANErrors
import SpecGANFiles
import SpecGANSettings

struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a complete configuration, with a comment on every key.",
    discussion: """
      The defaults are the paper's settings, which take days on a GPU. --small writes settings with \
      which two CPU cores learn in an hour.

      Example: specgan init specgan.yaml --small
      """)

  @Argument(help: "The file to write. It must not exist yet.")
  var file: String

  @Flag(
    help: """
      Write settings for a small machine: narrow networks, small batches, the loss rpgan, and \
      spectrograms normalized by range.
      """)
  var small = false

  @OptionGroup var results: OutputOptions

  func run() throws {
    guard try !Folder.exists(file) else {
      throw SpecGANError.configurationExists(path: file)
    }
    try AtomicFile.replace(file, with: (small ? Configuration.small : Configuration()).commented)
    if results.json { try Console.json(["file": file]) }
    Console.message(
      "Wrote \(file). Edit it, then run: specgan preprocess SOUNDS --config \(file)")
  }
}
