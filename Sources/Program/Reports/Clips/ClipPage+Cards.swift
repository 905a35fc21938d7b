internal import Foundation
internal import SpecGANFiles
internal import SpecGANPages
internal import SpecGANSynthesis
internal import Waveforms

extension ClipPage {
  /// Returns the clip on the page, with its players and figures.
  func card(
    _ clip: Clip, _ waveform: Waveform, _ sound: DataURI, _ picture: DataURI, _ stem: String
  ) -> HTML {
    let number = SoundMaker.stem(clip.number)
    let spoken = [number, clip.label].compactMap(\.self).joined(separator: ", ")
    return HTML(
      .li, .class("clip"), Attribute("data-number", "\(clip.number)"),
      Attribute("data-name", clip.name ?? ""), Attribute("data-label", clip.label ?? ""),
      Attribute("data-score", clip.score.flatMap { $0.isFinite ? "\($0)" : nil } ?? ""),
      Attribute("data-distance", clip.neighbor.map { "\($0.distance)" } ?? ""),
      Attribute("data-sound", sound)
    ) {
      HTML(
        .button, .class("play"), Attribute("type", "button"),
        Attribute("aria-label", "Play \(spoken)")
      ) {
        HTML(
          .img, Attribute("loading", "lazy"), Attribute("decoding", "async"),
          Attribute("alt", ""), .source(picture))
        HTML(.span, .class("head"))
      }
      HTML(.div, .class("line")) {
        HTML(.span, .class("number"), Attribute("title", "\(stem).wav")) { number }
        HTML(
          .button, .class("name"), Attribute("type", "button"),
          Attribute("data-spoken", spoken)
        ) { clip.name ?? "+ name" }
        HTML(
          .button, .class("star"), Attribute("type", "button"),
          Attribute("aria-label", "Star \(spoken)"), Attribute("aria-pressed", "false")
        ) { "★" }
      }
      HTML(.p, .class("figures-line")) { Self.figures(of: clip, waveform) }
      if let neighbor = clip.neighbor { nearest(neighbor) }
    }
  }

  private static func figures(of clip: Clip, _ waveform: Waveform) -> String {
    let audible = ClipEdges(of: waveform, trimsStart: false, trimsEnd: true).frameCount
    let seconds = Double(audible) / Double(waveform.sampleRate)
    let isSilent = waveform.peak <= OutputLevel.silence
    let score = clip.score.map { score in
      score.isFinite ? String(format: "%.2f", score).replacing("-", with: "−") : "undefined"
    }
    return [
      clip.label, isSilent ? "silent" : String(format: "%.2f s", seconds),
      score.map { "critic \($0)" },
    ].compactMap { $0?.replacing(" ", with: "\u{A0}") }.joined(separator: " · ")
  }

  private func nearest(_ neighbor: Neighbor) -> HTML {
    let distance = String(format: "%.1f\u{A0}dB", neighbor.distance)
    let name = Folder.name(of: neighbor.file)
    return HTML(.p, .class("nearest")) {
      if reals[neighbor.slice] != nil {
        HTML(
          .button, .class("real"), Attribute("type", "button"),
          Attribute("data-slice", "\(neighbor.slice)"), Attribute("title", neighbor.file),
          Attribute("aria-label", "Play the nearest training clip, \(neighbor.file)")
        ) { name }
      } else {
        HTML(.span, .class("real"), Attribute("title", neighbor.file)) { name }
      }
      HTML(.span, .class("distance")) { distance }
      if neighbor.isCopy { HTML(.span, .class("copy-mark")) { "copy" } }
    }
  }
}
