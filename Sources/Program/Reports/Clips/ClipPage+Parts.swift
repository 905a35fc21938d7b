internal import SpecGANChecksums
internal import SpecGANPages
internal import SpecGANRuns
internal import SpecGANSynthesis

extension ClipPage {
  /// The page without its clips.
  var page: Page {
    Page(title: description.title, style: clipPageStyle, script: clipPageScript) {
      HTML(.header) {
        HTML(.h1) { description.title }
        HTML(.p, .class("soft")) { description.statement }
        HTML(.p, .class("use")) {
          "Star clips with "
          HTML(.kbd) { "s" }
          " and save the list with "
          HTML(.kbd) { "e" }
          ". Move the list to the folder in which you ran generate. This command, run there, writes only its clips:"
        }
        HTML(.pre, .class("command"), Attribute("tabindex", "0")) { description.command }
        HTML(.noscript) { HTML(.p) { "This page needs JavaScript, which is turned off." } }
      }
      bar
      HTML(
        .ol, .class("clips"), Attribute("aria-label", "Clips"),
        Attribute("data-key", digest.hexadecimal),
        Attribute("data-source", description.source.comment),
        Attribute("data-command", description.command),
        Attribute("data-list", description.listName)
      ) { HTML.gap }
      HTML(.p, .class("nothing soft"), Attribute("hidden")) { "No clip is starred." }
      HTML(.section) {
        HTML(.h2) { "The list" }
        HTML(.pre, .class("list"), Attribute("tabindex", "0"), Attribute("aria-label", "The list"))
      }
      meanings
      help
      HTML(.div, .class("reals"), Attribute("hidden")) {
        for (slice, sound) in reals.sorted(by: { $0.key < $1.key }) {
          HTML(
            .span, Attribute("data-slice", "\(slice)"), Attribute("data-sound", sound))
        }
      }
      HTML(.p, .class("message"), Attribute("role", "status"))
      HTML(.footer) { "Written by specgan \(Versions.program). This page needs no network." }
    }
  }

  private var bar: HTML {
    HTML(
      .div, .class("bar"), Attribute("role", "toolbar"), Attribute("aria-label", "Selection")
    ) {
      HTML(.output, .class("count")) { "\(clips.count) clips" }
      Self.button("save", "Save list", "e")
      Self.button("copy", "Copy list", "c")
      Self.button("filter", "Starred only", "f", isPressed: false)
      Self.button("auto", "Play when selected", "a", isPressed: true)
      HTML(.select, .class("order"), Attribute("aria-label", "Order")) {
        for (value, name) in orders {
          HTML(.option, Attribute("value", value)) { name }
        }
      }
      Self.button("help-button", "Keys", "?")
    }
  }

  private static func button(
    _ name: StaticString, _ text: String, _ key: String, isPressed: Bool? = nil
  ) -> HTML {
    let content: () -> HTML = {
      var content = HTML(text: "\(text) ")
      content.append(HTML(.kbd, Attribute("aria-hidden", "true")) { key })
      return content
    }
    guard let isPressed else {
      return HTML(
        .button, .class(name), Attribute("type", "button"), Attribute("aria-keyshortcuts", key),
        content: content)
    }
    return HTML(
      .button, .class(name), Attribute("type", "button"), Attribute("aria-keyshortcuts", key),
      Attribute("aria-pressed", "\(isPressed)"), content: content)
  }

  /// The orders that the clips can have.
  private var orders: [(value: String, name: String)] {
    [("", "As generated")]
      + (clips.contains { $0.label != nil } ? [("label", "By label")] : [])
      + (clips.contains { $0.score != nil } ? [("score", "By critic score")] : [])
      + (clips.contains { $0.neighbor != nil } ? [("distance", "By distance")] : [])
  }

  private var meanings: HTML {
    HTML(.section) {
      HTML(.h2) { "The figures" }
      HTML(.ul, .class("notes")) {
        HTML(.li) {
          "Pictures show time to the right, and frequency upwards on the mel scale. The duration ends 5 ms after the last sample within 60 dB of the peak; soft sounds after silence do not count."
        }
        HTML(.li) {
          "Critic: the score of the network that was trained to distinguish real clips from generated ones. A higher score means more like real ones. Only differences are meaningful, in a conditional run only between clips of one label."
        }
        if clips.contains(where: { $0.neighbor != nil }) {
          HTML(.li) {
            "Nearest: the training clip with the smallest distance. The distance is the root mean square difference of the levels in 32 × 32 ranges of time and frequency, before phase reconstruction; ranges that are silent in both clips do not count. A clip is marked as a copy if the distance is less than half the median distance of a training clip to its nearest neighbor."
          }
          if Set(clips.compactMap { $0.neighbor?.slice }).count > reals.count {
            HTML(.li) { "Only the nearest \(reals.count) training clips can be played." }
          }
        } else {
          HTML(.li) {
            "Nearest training clips are not known: the cache of the run was not found."
          }
        }
      }
    }
  }

  private static let keys = [
    ("→ or j", "next clip"), ("← or k", "previous clip"), ("↑ ↓", "clip above or below"),
    ("Home, End", "first or last clip"), ("Space", "play the clip from its start"),
    ("r", "play its nearest training clip"), ("Escape", "stop"), ("s", "star"),
    ("n", "name; Enter keeps the name, Escape discards it"), ("f", "show only starred clips"),
    ("a", "turn on or off: play each clip when it is selected"), ("e", "save the list"),
    ("c", "copy the list"),
    ("?", "this help"),
  ]

  private var help: HTML {
    HTML(.dialog, .class("help"), Attribute("aria-labelledby", "keys")) {
      HTML(.h2, Attribute("id", "keys")) { "Keys" }
      HTML(.table) {
        HTML(.tbody) {
          for (key, effect) in Self.keys {
            HTML(.tr) {
              HTML(.th, Attribute("scope", "row")) { key }
              HTML(.td) { effect }
            }
          }
        }
      }
      HTML(.p, .class("soft storage")) {
        "This browser keeps stars and names for this page. Save the list to use them elsewhere."
      }
      HTML(.button, .class("close"), Attribute("type", "button")) { "Close" }
    }
  }
}
