internal import Foundation
internal import SpecGANPages
internal import SpecGANReports

extension EvaluationReport {
  /// Some sounds of every set.
  var soundTable: HTML {
    HTML(.section) {
      HTML(.h2) { "Sounds" }
      HTML(.p, .class("soft")) {
        "The first of each set in an order by chance that the seed decides: nobody has chosen them."
      }
      HTML(.div, .class("wide")) {
        HTML(.table, .class("sounds")) {
          HTML(.tbody) {
            for (heading, shown) in zip(headings, shown) {
              Self.row(
                heading,
                shown.sounds.enumerated().map { ($1, "sound \($0 + 1) of \(heading)", nil) })
            }
          }
        }
      }
    }
  }

  /// Sounds that are not of the training set, and below each the nearest that is.
  var nearestTable: HTML {
    HTML(.section) {
      HTML(.h2) { "Nearest real sounds" }
      HTML(.p, .class("soft")) {
        "Below each sound the real one that is nearest to it, of all that are not held out, by the paper's log-mel spectrograms: "
        "where a model remembers its training set the two are alike, and the distance is far below that of held-out sounds."
      }
      HTML(.div, .class("wide")) {
        HTML(.table, .class("sounds")) {
          HTML(.tbody) {
            for (heading, shown) in zip(headings, shown) where !shown.nearest.isEmpty {
              Self.row(
                heading,
                zip(shown.sounds, shown.nearest).enumerated().map { index, pair in
                  (pair.0, "sound \(index + 1) of \(heading)", nil)
                })
              Self.row(
                "nearest to these",
                shown.nearest.enumerated().map { index, near in
                  (
                    near.sound, "real sound nearest to sound \(index + 1) of \(heading)",
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
