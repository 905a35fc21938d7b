internal import Foundation
internal import Scores
internal import SpecGANErrors
internal import SpecGANPages
internal import SpecGANReports
internal import SpecGANSettings
internal import Spectra
internal import Waveforms

extension EvaluationReport {
  /// The table with some clips of every set.
  var soundTable: HTML {
    HTML(.section) {
      HTML(.h2) { "Clips" }
      HTML(.p, .class("soft")) {
        "The first clips of each set in a random order given by the seed. They were not selected."
      }
      HTML(.div, .class("wide")) {
        HTML(.table, .class("sounds")) {
          HTML(.tbody) {
            for (heading, shown) in zip(headings, shown) {
              Self.row(
                heading,
                shown.sounds.enumerated().map { ($1, "clip \($0 + 1) of \(heading)", nil) })
            }
          }
        }
      }
    }
  }

  /// The table with clips of the other sets, and the nearest training clip below each.
  var nearestTable: HTML {
    HTML(.section) {
      HTML(.h2) { "Nearest real clips" }
      HTML(.p, .class("soft")) {
        "Below each clip: its nearest real clip that is not held out, by the paper's log-mel spectrograms. "
        "If a model copies its training set, both are alike and the distance is far below that of held-out clips."
      }
      HTML(.div, .class("wide")) {
        HTML(.table, .class("sounds")) {
          HTML(.tbody) {
            for (heading, shown) in zip(headings, shown) where !shown.nearest.isEmpty {
              Self.row(
                heading,
                zip(shown.sounds, shown.nearest).enumerated().map { index, pair in
                  (pair.0, "clip \(index + 1) of \(heading)", nil)
                })
              Self.row(
                "nearest real clips",
                shown.nearest.enumerated().map { index, near in
                  (
                    near.sound, "nearest real clip to clip \(index + 1) of \(heading)",
                    String(format: "distance %.1f", near.distance)
                  )
                })
            }
          }
        }
      }
    }
  }

  private typealias Cell = (sound: PlayableSound, name: String, caption: String?)

  private static func row(_ name: String, _ cells: [Cell]) -> HTML {
    HTML(.tr) {
      HTML(.th, .class("set real"), Attribute("scope", "row")) { name }
      for cell in cells {
        HTML(.td) {
          cell.sound.player(named: cell.name)
          if let caption = cell.caption { HTML(.small) { caption } }
        }
      }
    }
  }
}

/// Some clips of a set, with their nearest real clips, for a page.
struct ShownSounds: Sendable {
  /// The number of nearest clips that are shown.
  static let nearestCount = 4

  /// The first clips, in a random order.
  let sounds: [PlayableSound]
  /// The nearest real clips to the first ones, with their distances; none for the real set.
  let nearest: [(sound: PlayableSound, distance: Float)]

  /// Creates the clips of `column`, with pictures by the settings of `training`.
  ///
  /// - Throws: ``SpecGANError`` if a clip cannot be shown.
  init(
    _ column: SoundColumn, _ gathered: GatheredSounds, _ neighbors: TrainingNeighbors,
    _ training: CachedSounds
  ) throws(SpecGANError) {
    func playable(_ waveform: Waveform) throws(SpecGANError) -> PlayableSound {
      return try PlayableSound(waveform, training.spectrogram, name: column.path)
    }
    sounds = try gathered.shown.map(playable)
    let count = column.kind == .real ? 0 : min(Self.nearestCount, sounds.count)
    nearest = try (0..<count).map { (row) throws(SpecGANError) in
      (
        try playable(training.waveform(neighbors.places[row])),
        neighbors.squaredDistances[row].squareRoot()
      )
    }
  }
}
