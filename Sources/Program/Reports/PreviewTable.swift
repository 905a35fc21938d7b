internal import Foundation
package import SpecGANErrors
internal import SpecGANFiles
package import SpecGANPages
package import SpecGANRuns
internal import SpecGANSettings
package import SpecGANSynthesis
package import Spectra

/// A run's previews as a table: real sounds and then chosen steps across, latents down.
package struct PreviewTable {
  /// A column: a folder of sounds, those that are missing nil.
  package struct Column {
    /// Nil for the real ones.
    let step: Int?
    let sounds: [PlayableSound?]
  }

  /// All the steps that have a preview, rising.
  package let madeSteps: [Int]
  package let columns: [Column]

  /// Columns of steps, at most; fewer where the sounds are long, to keep the page in bounds.
  package static let mostSteps = 10
  /// Bytes of sound that a page carries at most, whatever it shows.
  private static let mostBytes = 7 << 20

  /// The previews of `run` after steps up to `lastStep`.
  package init(
    of run: RunFolder, upTo lastStep: Int, _ spectrogram: SpectrogramConfiguration?,
    pictures: PreviewPictures
  ) {
    madeSteps = run.previewSteps().filter { $0 <= lastStep }
    let real = pictures.sounds(in: run.realExamplesFolder, spectrogram)
    let bytes = max(1, real.reduce(0) { $0 + ($1?.byteCount ?? 0) })
    let room = max(2, min(Self.mostSteps, Self.mostBytes / bytes - 1))
    let steps = Self.chosen(room, of: madeSteps)
    let made = steps.map { step in
      Column(step: step, sounds: pictures.sounds(in: run.previewFolder(step: step), spectrogram))
    }
    pictures.keep([run.realExamplesFolder] + steps.map(run.previewFolder))
    columns = (real.isEmpty ? [] : [Column(step: nil, sounds: real)]) + made
  }

  /// At most `count` of the rising `steps`, the first and the last among them, evenly by their
  /// logarithms.
  package static func chosen(_ count: Int, of steps: [Int]) -> [Int] {
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
        HTML(.p) { "There are none yet." }
      } else {
        HTML(.p, .class("soft")) {
          "A row is a latent, the same at every step; real sounds stand beside them to compare with, and belong to no row."
        }
        HTML(.div, .class("wide")) { table }
      }
    }
  }

  private var table: HTML {
    let rows = columns.map(\.sounds.count).max() ?? 0
    return HTML(.table, .class("sounds")) {
      HTML(.thead) {
        HTML(.tr) {
          for column in columns {
            if let step = column.step {
              HTML(.th, Attribute("scope", "col")) { "step \(step)" }
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
    let name = column.step.map { "sound \(row + 1) after step \($0)" } ?? "real sound \(row + 1)"
    guard column.sounds.indices.contains(row), let sound = column.sounds[row] else {
      return HTML(.td, .class("soft")) { "–" }
    }
    let content = sound.player(named: name)
    return column.step == nil
      ? HTML(.td, .class("real")) { content } : HTML(.td) { content }
  }
}

/// The sounds of previews, with pictures of them: those that have been made are kept.
package final class PreviewPictures {
  package init() {}

  private var kept: [String: [PlayableSound?]] = [:]

  /// The sounds of the folder `folder`, in the order of their numbers; one that cannot be read is
  /// nil.
  ///
  /// A folder's sounds do not change once it is complete, so it is read once.
  package func sounds(in folder: String, _ spectrogram: SpectrogramConfiguration?)
    -> [PlayableSound?]
  {
    if let sounds = kept[folder] { return sounds }
    let names = ((try? Folder.entries(of: folder)) ?? []).filter { $0.hasSuffix(".wav") }
    let sounds = names.map { PlayableSound(file: "\(folder)/\($0)", spectrogram) }
    kept[folder] = sounds
    return sounds
  }

  /// Forgets all but what is in `folders`.
  package func keep(_ folders: [String]) { kept = kept.filter { folders.contains($0.key) } }

  /// Takes `clips` in as the sounds of `folder`, whose files need not be read then.
  ///
  /// - Throws: ``SpecGANError`` if a picture cannot be encoded.
  package func add(_ clips: [PicturedClip], of folder: String) throws(SpecGANError) {
    kept[folder] = try clips.map { (clip) throws(SpecGANError) in try PlayableSound(clip) }
  }
}
