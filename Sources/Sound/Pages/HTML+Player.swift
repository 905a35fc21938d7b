extension HTML {
  /// A player of `sound` below its picture, where there is one; `name` is what it is called aloud.
  package static func player(of sound: DataURI, picture: DataURI?, name: String) -> HTML {
    HTML(.div) {
      if let picture {
        HTML(.img, .source(picture), Attribute("alt", "Spectrogram of \(name)"))
      }
      HTML(
        .audio, Attribute("controls"), Attribute("preload", "metadata"),
        Attribute("aria-label", name), .source(sound))
    }
  }
}
