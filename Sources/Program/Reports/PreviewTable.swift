internal import Foundation
package import SpecGANErrors
internal import SpecGANFiles
package import SpecGANPages
package import SpecGANRuns
internal import SpecGANSettings
package import SpecGANSynthesis
package import Spectra

/// A table of a run's previews: real clips and selected steps as columns, the newest first; latents
/// as rows.
package struct PreviewTable {
  /// A column: the clips of a folder; nil for missing ones.
  package struct Column {
    /// The step; nil for the real clips.
    let step: Int?
    let sounds: [PlayableSound?]
  }

  /// All steps with a preview, rising.
  package let madeSteps: [Int]
  package let columns: [Column]
  /// The step with the best score; nil if none has one.
  package let best: Int?

  /// The largest number of columns of steps; fewer if the clips are long, which bounds the page's
  /// size.
  package static let mostSteps = 10
  /// The largest number of audio bytes in a page.
  private static let mostBytes = 7 << 20

  /// Reads the previews of `run` up to `lastStep`, of which step `best` has the best score.
  ///
  /// - Throws: ``SpecGANError`` if the system fails.
  package init(
    of run: RunFolder, upTo lastStep: Int, best: Int?, _ spectrogram: SpectrogramConfiguration?,
    pictures: PreviewPictures
  ) throws(SpecGANError) {
    self.best = best
    madeSteps = try run.previewSteps().filter { $0 <= lastStep }
    let real = try pictures.sounds(in: run.realExamplesFolder, spectrogram)
    let bytes = max(1, real.reduce(0) { $0 + ($1?.byteCount ?? 0) })
    let room = max(2, min(Self.mostSteps, Self.mostBytes / bytes - 1))
    let steps = Self.chosen(room, of: madeSteps, and: best)
    let made = try steps.map { (step) throws(SpecGANError) in
      Column(
        step: step, sounds: try pictures.sounds(in: run.previewFolder(step: step), spectrogram))
    }
    pictures.keep([run.realExamplesFolder] + steps.map(run.previewFolder))
    columns = (real.isEmpty ? [] : [Column(step: nil, sounds: real)]) + made.reversed()
  }

  /// Returns at most `count` of the rising `steps`, including the last and `best`, and the first if
  /// there is room for three, evenly by their logarithms.
  package static func chosen(_ count: Int, of steps: [Int], and best: Int? = nil) -> [Int] {
    if let best, steps.contains(best), best != steps.last, steps.count > count {
      let others = count > 2 ? chosen(count - 1, of: steps) : [steps[steps.count - 1]]
      return Set(others + [best]).sorted()
    }
    guard steps.count > count, count > 1, let first = steps.first, let last = steps.last else {
      return steps
    }
    let ratio = Double(last) / Double(first)
    let chosen = (0..<count).compactMap { index in
      let goal = log(Double(first)) + log(ratio) * Double(index) / Double(count - 1)
      return steps.min { abs(log(Double($0)) - goal) < abs(log(Double($1)) - goal) }
    }
    return Array(Set(chosen)).sorted()
  }

  package var html: HTML {
    HTML(.section) {
      HTML(.h2) { "Previews" }
      if columns.isEmpty {
        HTML(.p) { "No previews yet." }
      } else {
        HTML(.p, .class("soft")) {
          explanation
        }
        HTML(.div, .class("wide")) { table }
      }
    }
  }

  private var explanation: String {
    let shown = columns.compactMap(\.step)
    let hidden = madeSteps.filter { !shown.contains($0) }.map(String.init)
    let names =
      hidden.count > Self.mostNames
      ? hidden.prefix(Self.mostNames - 1).joined(separator: ", ") + ", … and \(hidden.last ?? "")"
      : hidden.joined(separator: ", ")
    let rest =
      switch hidden.count {
      case 0: ""
      case 1: " The preview of step \(names) is not shown."
      default: " \(hidden.count) previews are not shown, those of steps \(names)."
      }
    return """
      Each row has one latent, the same at every step; the newest step is first. Real clips are for \
      comparison and do not belong to a row.\(rest)
      """
  }

  /// The largest number of steps without a column that are named.
  private static let mostNames = 12

  private var table: HTML {
    let rows = columns.map(\.sounds.count).max() ?? 0
    return HTML(.table, .class("sounds")) {
      HTML(.thead) {
        HTML(.tr) {
          for column in columns {
            if let step = column.step {
              HTML(.th, Attribute("scope", "col")) { "step \(step)\(step == best ? ", best" : "")" }
            } else {
              HTML(.th, .class("real"), Attribute("scope", "col")) { "real" }
            }
          }
        }
      }
      HTML(.tbody) {
        for row in 0..<rows {
          HTML(.tr) {
            for column in columns { cell(column, row) }
          }
        }
      }
    }
  }

  private func cell(_ column: Column, _ row: Int) -> HTML {
    let name = column.step.map { "clip \(row + 1) after step \($0)" } ?? "real clip \(row + 1)"
    guard column.sounds.indices.contains(row), let sound = column.sounds[row] else {
      return HTML(.td, .class("soft")) { "–" }
    }
    let content = sound.player(named: name)
    return column.step == nil
      ? HTML(.td, .class("real")) { content } : HTML(.td) { content }
  }
}

/// A cache of preview clips with their pictures.
package final class PreviewPictures {
  package init() {}

  private var kept: [String: [PlayableSound?]] = [:]

  /// Returns the clips of `folder`, in the order of their numbers; nil for one that cannot be read.
  ///
  /// A folder is read once, because its clips do not change when it is complete.
  ///
  /// - Throws: ``SpecGANError`` if the system fails.
  package func sounds(
    in folder: String, _ spectrogram: SpectrogramConfiguration?
  ) throws(SpecGANError) -> [PlayableSound?] {
    if let sounds = kept[folder] { return sounds }
    let names = try ifUsable { () throws(SpecGANError) in try Folder.entries(of: folder) }
    let sounds = try (names ?? []).filter { $0.hasSuffix(".wav") }
      .map { (name) throws(SpecGANError) in
        try PlayableSound(file: "\(folder)/\(name)", spectrogram)
      }
    kept[folder] = sounds
    return sounds
  }

  /// Drops all clips that are not in `folders`.
  package func keep(_ folders: [String]) { kept = kept.filter { folders.contains($0.key) } }

  /// Takes `clips` in as the sounds of `folder`, whose files need not be read then.
  ///
  /// - Throws: ``SpecGANError`` if a picture cannot be encoded.
  package func add(_ clips: [PicturedClip], of folder: String) throws(SpecGANError) {
    kept[folder] = try clips.map { (clip) throws(SpecGANError) in try PlayableSound(clip) }
  }
}
