internal import SpecGANErrors

extension SpecGANError {
  /// Returns the error that a kit has more labels than MIDI has keys.
  static func moreVoicesThanKeys(count: Int) -> SpecGANError {
    SpecGANError(
      .misuse, "kits.moreVoicesThanKeys",
      "The kit would have \(count) labels, but MIDI has 128 keys",
      advice: "choose some of the labels.", found: "\(count)")
  }

  /// Returns the error that a label has more clips than an SFZ plays in turn.
  static func moreClipsThanPlayed(label: String, count: Int) -> SpecGANError {
    SpecGANError(
      .misuse, "kits.moreClipsThanPlayed",
      "The kit would have \(count) clips of \(label), but SFZ plays at most \(KitMaker.mostClips) "
        + "in turn",
      advice: "use fewer.", found: "\(count)")
  }

  /// Returns the error that the file at `path` is not the card of an earlier kit.
  static func foreignCard(path: String) -> SpecGANError {
    SpecGANError(
      .occupied, "kits.foreignCard",
      "\(path) is not the card of an earlier kit, or has changed, so it stays",
      advice: "move it for a new card.", path: path)
  }

  /// Returns the error that the generator at `path` generates only silence.
  static func onlySilence(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "kits.onlySilence", "\(path): all clips are silent, below -78 dBFS",
      advice: "use a later checkpoint.", path: path)
  }
}
