// Source: Cakewalk, "sfz File Format", 2010, and <https://sfzformat.com>: opcodes of SFZ 1 alone. The
// value of `sample` ends with the line, so that spaces in it need no quotes.
internal import Foundation

extension Kit {
  /// The kit as an SFZ instrument beside its folders: a group per voice, whose clips play in turn
  /// and to their end, and a hi-hat silences the other ones.
  ///
  /// - Parameter writer: the program, for a comment.
  /// - Returns: the text.
  package func sfz(by writer: String) -> String {
    var lines = ["// \(name), by \(writer)", "", "<global>", "loop_mode=one_shot"]
    for voice in voices {
      lines += ["", "<group> // \(VoiceName.plain(voice.label))", "key=\(voice.key)"]
      if voice.isHat { lines += ["group=1", "off_by=1"] }
      for layer in voice.layers {
        for (place, (clip, gain)) in layer.clips.enumerated() {
          lines += [
            "", "<region>",
            "lovel=\(layer.velocities.lowerBound) hivel=\(layer.velocities.upperBound)",
            "seq_length=\(layer.clips.count) seq_position=\(place + 1)",
            "volume=\(String(format: "%.2f", gain))", "sample=\(clip.file)",
          ]
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
