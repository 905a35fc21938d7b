import ArgumentParser
import Files
import Training

struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a complete configuration, every key at its default with a comment.",
    discussion: "Example: specgan init specgan.yaml")

  @Argument(help: "The file to write; it must not be there yet.")
  var file: String

  @OptionGroup var results: OutputOptions

  func run() throws {
    guard !Folder.exists(file) else {
      throw FileError.unwritable(path: file, reason: "it is there already")
    }
    try AtomicFile.replace(file, with: Configuration.commented)
    if results.json { try Console.json(["file": file]) }
    Console.message(
      "Wrote \(file); read it, change it, and go on: specgan preprocess SOUNDS --config \(file)")
  }
}
