import SpecGANDatasets
import SpecGANFiles

extension Messages {
  /// Warns of skipped files: a line for each unusable audio file and each folder, one for each
  /// unsupported format, with a command that converts all of its files below `folders`, and one for
  /// all files that are not audio.
  func warn(skipped files: [SkippedSource], in folders: [String]) {
    for file in files where [.sound, .emptyFolder].contains(file.kind) {
      warn("skipped \(file.shownPath): \(file.reason)", word: "")
    }
    let formats = Dictionary(grouping: files.filter { $0.kind == .format }) { $0.format ?? "" }
    for (format, files) in formats.sorted(by: { $0.key < $1.key }) {
      warn(sentence(format, files, in: folders), word: "")
    }
    let others = files.filter { $0.kind == .other }
    if !others.isEmpty { warn(sentence(others), word: "") }
  }

  /// The usual extensions of files that can be read.
  private static let readable: Set<String> = [
    "wav", "wave", "bwf", "rf64", "w64", "aif", "aiff", "aifc", "caf", "au", "snd", "sph", "flac",
    "ogg", "oga", "opus", "mp3",
  ]

  private func sentence(
    _ format: String, _ files: [SkippedSource], in folders: [String]
  ) -> String {
    let more = files.count > 1 ? " and \(files.count - 1) more" : ""
    let what = files.count == 1 ? "1 file holds" : "\(files.count) files hold"
    return
      "skipped \(files[0].shownPath)\(more): \(what) \(format), which is not supported; convert "
      + "\(files.count == 1 ? "it" : "them") with: \(command(files, in: folders))"
  }

  /// Returns the shell command that converts `files`: by their names if others that can be read may
  /// have the same extension, otherwise all with these extensions below `folders`.
  private func command(_ files: [SkippedSource], in folders: [String]) -> String {
    if files.contains(where: { Self.readable.contains($0.path.fileExtension) }) {
      let names = files.map { $0.path.pathInShell }
      if names.count == 1 { return "ffmpeg -nostdin -i \(names[0]) \(names[0]).wav" }
      let list = names.joined(separator: " ")
      return "for f in \(list); do ffmpeg -nostdin -i \"$f\" \"$f.wav\"; done"
    }
    let tests = Set(files.map(\.path.fileExtension)).sorted().map { name in
      name.isEmpty ? "! -name '*.*'" : "-iname \(("*." + name).inShell)"
    }
    let names = tests.count == 1 ? tests[0] : #"\( "# + tests.joined(separator: " -o ") + #" \)"#
    let places = folders.filter { folder in
      let start = folder.hasSuffix("/") ? folder : folder + "/"
      return files.contains { $0.path == folder || $0.path.hasPrefix(start) }
    }.map(\.pathInShell).joined(separator: " ")
    return "find \(places) -type f \(names) -exec ffmpeg -nostdin -i {} {}.wav \\;"
  }

  private func sentence(_ others: [SkippedSource]) -> String {
    let counts = Dictionary(grouping: others) { $0.path.fileExtension }.mapValues(\.count)
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let kinds = counts.map { name, count in
      "\(count) " + (name.isEmpty ? "without extension" : ".\(name)")
    }
    let most = 12
    let rest = counts.dropFirst(most).reduce(0) { $0 + $1.value }
    let list = kinds.prefix(most).joined(separator: ", ") + (rest > 0 ? " and \(rest) others" : "")
    return others.count == 1
      ? "skipped \(others[0].shownPath): it is not audio."
      : "skipped \(others.count) files that are not audio: \(list)."
  }
}
