internal import Foundation
internal import Networks
package import SpecGANDatasets
internal import SpecGANFiles
internal import SpecGANModels
package import SpecGANRuns
internal import SpecGANSettings
internal import Waveforms

/// A description of a run, or of clips that it generated, for those who get them: the training data
/// with authors and licenses, and the distances of the clips from it. The text is Markdown, without
/// paths outside the dataset.
package struct RunCard: Sendable {
  /// A clip, and the training clip that is closest to it.
  package struct Clip: Equatable, Sendable {
    /// The file of the clip, as the card names it.
    package let file: String
    /// The file of the closest training clip.
    package let nearest: String
    /// The distance of the two in dB.
    package let distance: Double
    /// Whether the clip counts as a copy.
    package let isCopy: Bool

    package init(file: String, nearest: String, distance: Double, isCopy: Bool) {
      (self.file, self.nearest) = (file, nearest)
      (self.distance, self.isCopy) = (distance, isCopy)
    }
  }

  /// The text.
  package let text: String
  /// The number of sounds that the run was trained on; nil if its cache is not known.
  package let soundCount: Int?

  /// The text for rights that were not read.
  private static let notRecorded = "not recorded"
  /// The largest number of sounds that are named.
  private static let mostNames = 1_000

  /// Creates the card of a run or, with a title, of clips that it generated.
  ///
  /// - Parameters:
  ///   - checkpoint: the checkpoint that generates.
  ///   - run: the name of the run.
  ///   - session: the last session of training; nil if it is not known.
  ///   - sources: the rows of the cache; nil if it is not known.
  ///   - title: the name of the clips, which is the heading; nil for that of the run.
  ///   - clips: the clips to list; nil for none.
  ///   - copyDistance: the distance in dB below which a clip is a copy.
  package init(
    of checkpoint: Checkpoint, run: String, session: SessionRecord?, sources: [Source]?,
    title: String? = nil, clips: [Clip]? = nil, copyDistance: Double = 0
  ) {
    let used = sources?.filter { $0.slices > 0 }
    soundCount = used?.count
    var parts = [
      "# \(Self.escaped(title ?? run))",
      Self.model(checkpoint, of: title == nil ? nil : run, session),
    ]
    parts.append("## Training data")
    if let used, let sources {
      parts += [Self.rights(of: used, among: sources), Self.names(of: used)]
    } else {
      parts.append("Not known: the cache of the run was not found, or has changed.")
    }
    if let clips { parts += ["## Clips", Self.table(of: clips, copyDistance)] }
    parts.append("## Privacy")
    parts.append(
      "specgan opens no connection to other computers, unless MPI starts it on several, which then "
        + "train together. Sounds, weights and clips stay there unless somebody copies them.")
    text = parts.joined(separator: "\n\n") + "\n"
  }

  // MARK: - Sections

  /// Returns a table of the model; with the name of its run unless `run` is nil.
  private static func model(
    _ checkpoint: Checkpoint, of run: String?, _ session: SessionRecord?
  ) -> String {
    let configuration = checkpoint.configuration
    let audio = configuration.audio
    let seconds = Double(audio.sliceLength) / Double(audio.sampleRate)
    let kind = configuration.model.samplesAreSpectrograms ? "SpecGAN" : "WaveGAN"
    let weights = checkpoint.gan.generator.layout.count.grouped
    var rows = run.map { [("run", escaped($0))] } ?? []
    rows += [
      ("model", "\(kind); its generator has \(weights) weights"),
      ("steps of training", checkpoint.step.grouped),
      (
        "clips",
        "\(String(format: "%.2f", seconds)) s at \(audio.sampleRate.grouped) Hz"
          + (audio.channels == 1 ? "" : ", \(audio.channels) channels")
      ),
    ]
    if !checkpoint.labels.isEmpty {
      rows.append(("labels", checkpoint.labels.map(escaped).joined(separator: ", ")))
    }
    if let session {
      rows.append(("program", "specgan \(session.program)"))
      rows.append(("processor", escaped(session.machine.processor)))
    }
    if let fingerprint = checkpoint.fingerprint { rows.append(("fingerprint", fingerprint)) }
    return table(["", ""], rows.map { [$0.0, $0.1] })
  }

  /// Returns a table of the texts about rights in the files, and the files that may have more.
  private static func rights(of used: [Source], among all: [Source]) -> String {
    let counts = Dictionary(grouping: used, by: \.rights).mapValues(\.count)
    let texts = counts.map { rights, count in
      let texts = rights.map { [$0.artist, $0.copyright, $0.license].map { escaped($0 ?? "–") } }
      return (count, texts ?? [notRecorded, notRecorded, notRecorded])
    }.sorted { first, second in
      first.0 == second.0 ? first.1.lexicographicallyPrecedes(second.1) : first.0 > second.0
    }
    var text =
      "\(used.count) \(used.count == 1 ? "sound" : "sounds"). Rights that the files state (– if none):\n\n"
    text += table(
      ["sounds", "artist", "copyright", "license"], texts.map { ["\($0.0)"] + $0.1 })
    if counts[nil] != nil {
      text +=
        "\n\nA cache of an earlier version has no rights; preprocess the sounds into a new folder."
    }
    let others = all.filter { $0.slices == 0 && isLicense($0.path) }.map(\.path)
    if !others.isEmpty {
      text +=
        "\n\nOther files that may state rights: "
        + others.map(quoted).joined(separator: ", ") + "."
    }
    return text
  }

  private static func isLicense(_ path: String) -> Bool {
    let name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
    return ["license", "licence", "copying", "copyright", "readme"].contains { name.hasPrefix($0) }
  }

  private static func names(of used: [Source]) -> String {
    let named = used.prefix(mostNames)
    let groups = Dictionary(grouping: named, by: \.label).sorted { $0.key < $1.key }
    let lines = groups.map { label, rows in
      (label.isEmpty ? "- " : "- **\(escaped(label))**: ")
        + rows.map { quoted($0.path) }.joined(separator: ", ")
    }
    let rest = used.count - named.count
    let more = rest > 0 ? ["- and \(rest) more, which sources.jsonl in the cache lists"] : []
    return (lines + more).joined(separator: "\n")
  }

  private static func table(of clips: [Clip], _ copyDistance: Double) -> String {
    let copies = clips.count { $0.isCopy }
    let verdict = copies == 0 ? "None does." : "\(copies) of \(clips.count) do."
    return """
      The distance is the root mean square difference of levels in 32 × 32 ranges of time and \
      frequency; ranges that are silent in both clips do not count. A clip counts as a copy if its \
      distance is less than \(decibels(copyDistance)) dB, half the median distance of a training \
      clip to its nearest neighbor. \(verdict)


      """
        + table(
          ["clip", "nearest training clip", "distance in dB"],
          clips.map { clip in
            [
              quoted(clip.file), quoted(clip.nearest),
              decibels(clip.distance) + (clip.isCopy ? " (copy)" : ""),
            ]
          })
  }

  // MARK: - Markdown

  private static func decibels(_ value: Double) -> String { String(format: "%.1f", value) }

  private static func table(_ heads: [String], _ rows: [[String]]) -> String {
    ([heads, heads.map { _ in "---" }] + rows)
      .map { "| " + $0.joined(separator: " | ") + " |" }
      .joined(separator: "\n")
  }

  /// Returns `text` with the characters that Markdown would interpret escaped.
  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { escaped, character in
      if "\\`*_[]<>|#&".contains(character) { escaped.append("\\") }
      escaped.append(character.isNewline ? " " : character)
    }
  }

  /// Returns `name` as code; backticks and bars cannot stand there.
  private static func quoted(_ name: String) -> String {
    name.contains { "`|".contains($0) || $0.isNewline } ? escaped(name) : "`\(name)`"
  }
}
