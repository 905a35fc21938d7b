internal import Foundation
package import SpecGANErrors
internal import Waveforms

/// Properties of a dataset from which a model cannot learn, or learns something else than was
/// meant.
package struct DatasetFindings: Equatable, Sendable {
  /// The files in which no sample is beyond ``Waveform/silence``.
  package private(set) var silent: [String] = []
  /// The files that are silent only because their channels cancel each other when mixed down.
  package private(set) var cancelled: [String] = []
  /// The number of last slices that hold less than half a slice of a longer file.
  package private(set) var paddedTails = 0
  private let audio: AudioConfiguration
  private var (fileCount, sliceCount) = (0, 0)
  /// The digests of the files that are not silent.
  private var contents: Set<UInt64> = []
  private var (usedLabels, lostLabels): (Set<String>, Set<String>) = ([], [])
  private var hasForeignNames = false
  /// The duration of the longest file with a padded tail that would fit into a slice of twice the
  /// length, in samples.
  private var longestTailed = 0

  init(_ audio: AudioConfiguration) { self.audio = audio }

  /// Adds the result `row` of the file at the path `location`.
  mutating func add(_ row: Source, at location: String) {
    hasForeignNames = hasForeignNames || row.isEscaped == true
    guard row.slices > 0 else {
      if SkippedSource(row, at: location)?.isOfSound == true { lostLabels.insert(row.label) }
      return
    }
    usedLabels.insert(row.label)
    fileCount += 1
    sliceCount += row.slices
    switch row.silence {
    case .file: silent.append(location)
    case .mix: cancelled.append(location)
    case nil:
      if let digest = row.checksum.flatMap({ UInt64($0, radix: 16) }) { contents.insert(digest) }
    }
    let scale = Double(audio.sampleRate) / Double(max(row.sampleRate, 1))
    let length = Int((Double(row.frames) * scale).rounded(.up))
    if row.slices > 1, 2 * (length - (row.slices - 1) * audio.hop) < audio.sliceLength {
      paddedTails += 1
      if row.slices == 2 { longestTailed = max(longestTailed, length) }
    }
  }

  /// The files that are silent as they are used.
  private var silentCount: Int { silent.count + cancelled.count }
  /// The number of files that differ; all silent ones count as one.
  private var distinctCount: Int { contents.count + (silentCount > 0 ? 1 : 0) }
}

// MARK: - Sentences

extension DatasetFindings {
  /// The warnings about data from which no model learns; these concern training too.
  package var trainingWarnings: [String] {
    var warnings: [String] = []
    if silentCount > 0, silentCount == fileCount {
      warnings.append("All clips are silent, so a model can only learn silence.")
    } else if fileCount > 1, distinctCount == 1 {
      warnings.append(
        "All \(fileCount) clips are the same, so a model can only learn to repeat one.")
    } else if 2 * distinctCount < fileCount {
      warnings.append(
        "Only \(distinctCount) of \(fileCount) clips differ, and the others are copies; "
          + "leave the copies out.")
    }
    return warnings
  }

  /// All warnings, for a dataset with `labels`.
  package func warnings(labels: [String]) -> [String] {
    var warnings: [String] = []
    if !silent.isEmpty {
      warnings.append(
        "\(count(silent.count)) silent (no sample is beyond -90 dBFS): \(list(silent)); "
          + "leave \(silent.count == 1 ? "it" : "them") out.")
    }
    if !cancelled.isEmpty {
      warnings.append(
        "\(count(cancelled.count)) silent after mixing down, because the channels cancel each "
          + "other: \(list(cancelled)); set audio.channels to the number of channels, or invert one "
          + "channel.")
    }
    warnings += trainingWarnings
    if 3 * paddedTails >= sliceCount, paddedTails > 1 {
      warnings.append(tailWarning)
    }
    warnings += similarLabels(labels)
    let lost = lostLabels.subtracting(usedLabels).subtracting([""])
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    if !lost.isEmpty {
      let names = list(lost.map { "'\($0)'" })
      warnings.append(
        lost.count == 1
          ? "The label \(names) has no usable file." : "The labels \(names) have no usable file.")
    }
    if hasForeignNames {
      warnings.append(
        "Names that are not UTF-8 are shown with \\x and two digits for each such byte, also as "
          + "labels; convmv renames them.")
    }
    return warnings
  }

  private var tailWarning: String {
    let more =
      longestTailed > 0
      ? " (\(longestTailed) holds the longest such clip of two slices)" : ""
    return "\(paddedTails) of \(sliceCount) slices are mostly padding, because clips are slightly "
      + "longer than a whole number of slices of \(audio.sliceLength) samples; set "
      + "audio.first_slice_only to true, audio.pad_end to false, or audio.slice_length higher\(more)."
  }

  private func count(_ number: Int) -> String {
    if fileCount == 1 { return "The only clip is" }
    return "\(number) of \(fileCount) clips \(number == 1 ? "is" : "are")"
  }
}

/// Returns the first of `names`, and the number of the others.
private func list(_ names: [String]) -> String {
  let shown = names.prefix(3)
  let rest = names.count - shown.count
  return shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
}

/// Returns a warning for each set of labels that differ only in their case, in spaces around them
/// or in their Unicode form.
private func similarLabels(_ labels: [String]) -> [String] {
  // Swift's strings are equal if they are canonically equivalent.
  func trimmed(_ label: String) -> String { label.trimmingCharacters(in: .whitespaces) }
  let groups = Dictionary(grouping: labels) { trimmed($0).lowercased() }.values
    .filter { $0.count > 1 }
  return groups.sorted { $0[0].utf8.lexicographicallyPrecedes($1[0].utf8) }.map { group in
    var reasons: [String] = []
    if Set(group.map(trimmed)).count > 1 { reasons.append("in case") }
    if Set(group.map { $0.lowercased() }).count > 1 { reasons.append("in spaces") }
    if Set(group).count < group.count {
      reasons.append("in their Unicode form (NFC and NFD)")
    }
    let names = group.map { "'\($0)'" }.joined(separator: ", ")
    return "The labels \(names) differ only \(reasons.joined(separator: " and ")); give their "
      + "folders one name, unless they are meant to be \(group.count) classes."
  }
}

extension Cache {
  /// Reads the rows of the files, and returns what they say of the dataset.
  ///
  /// - Throws: ``SpecGANError`` if a row is damaged, or the cache was replaced.
  package func findings() throws(SpecGANError) -> DatasetFindings {
    var findings = DatasetFindings(audio)
    for row in try sources() { findings.add(row, at: row.path) }
    return findings
  }
}
