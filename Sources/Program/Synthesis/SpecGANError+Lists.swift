internal import SpecGANErrors

extension SpecGANError {
  /// Returns the error that a line of a list of clips is not UTF-8.
  static func listEncoding(path: String, line: Int) -> SpecGANError {
    SpecGANError(
      .badData, "synthesis.listEncoding", "\(path), line \(line): not UTF-8",
      advice: "save the list as plain text in UTF-8.", path: path, line: line)
  }

  /// Returns the error that a line of a list names no clip.
  static func listLine(path: String, line: Int, found: String) -> SpecGANError {
    let shown = String(found.prefix(40).map { $0.isWhitespace ? " " : $0 })
    return SpecGANError(
      .badData, "synthesis.listLine",
      "\(path), line \(line): \"\(shown)\" is not the number of a clip",
      advice: "write one number per line, such as 17, or a number, a tab and a name.",
      path: path, line: line, found: found)
  }

  /// Returns the error that a list has a clip twice.
  static func repeatedClip(path: String, line: Int, number: Int, first: Int) -> SpecGANError {
    SpecGANError(
      .badData, "synthesis.repeatedClip",
      "\(path), line \(line): clip \(number) is listed in line \(first), too",
      advice: "remove one of the lines.", path: path, line: line, found: "\(number)")
  }

  /// Returns the error that a list has no clip.
  static func emptyList(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "synthesis.emptyList", "\(path) lists no clip",
      advice: "write one number per line, or star clips on a page and save the list.", path: path)
  }

  /// Returns the error that the comment with the source of a list is damaged.
  static func listSource(path: String, line: Int) -> SpecGANError {
    SpecGANError(
      .badData, "synthesis.listSource",
      "\(path), line \(line): the comment that identifies the latents is damaged",
      advice: "save the list again, or remove the line to use the numbers unchecked.", path: path,
      line: line)
  }

  /// Returns the error that a list is one of other latents than those of the files `latents`.
  static func listOfOtherLatents(path: String, line: Int, latents: String) -> SpecGANError {
    SpecGANError(
      .badData, "synthesis.listOfOtherLatents",
      "\(path), line \(line): the list is of other latents than \(latents)",
      advice:
        "give the latents.safetensors of its clips, or remove the line to use the numbers unchecked.",
      path: path, line: line, found: latents)
  }

  /// Returns the error that a list is one of the clips of another generator.
  static func listOfOtherGenerator(path: String, line: Int, checkpoint: String) -> SpecGANError {
    SpecGANError(
      .badData, "synthesis.listOfOtherGenerator",
      "\(path), line \(line): the list is of clips by another checkpoint than \(checkpoint)",
      advice: "give the checkpoint of its clips, or remove the line to use the numbers unchecked.",
      path: path, line: line, found: checkpoint)
  }

  /// Returns the error that a list has a clip that the files `latents` do not have.
  static func unlistedClip(
    path: String, line: Int, number: Int, latents: String, known: String
  ) -> SpecGANError {
    SpecGANError(
      .badData, "synthesis.unlistedClip",
      "\(path), line \(line): clip \(number) is not in \(latents), which has \(known)",
      advice: "correct the number, or give the latents of the clips.", path: path, line: line,
      found: "\(number)")
  }

  /// Returns the error that two latents of a file have the same file number.
  static func repeatedFileNumber(path: String, number: Int) -> SpecGANError {
    SpecGANError(
      .badData, "synthesis.repeatedFileNumber",
      "\(path): tensor 'file_numbers' has \(number) twice",
      advice: "use the file that generate wrote, unchanged.", path: path, found: "\(number)")
  }
}
