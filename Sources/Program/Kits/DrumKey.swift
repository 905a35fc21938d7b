package import SpecGANErrors

/// The keys of drums by the percussion map of General MIDI, found by the words of a label.
///
/// Source: MIDI Manufacturers Association, "General MIDI System Level 1", 1991, table 3.
package enum DrumKey {
  /// The first key of labels that are no known drum: middle C.
  package static let firstFree = 60
  /// The keys of hi-hats, of which one silences the others.
  package static let hats = 42...46

  /// The keys of MIDI.
  private static let all = 0...127

  /// Returns a key for each of `labels`: that of General MIDI if the label is a known drum and the
  /// first one with that key; otherwise the next free key from 60 up, then from 59 down.
  ///
  /// - Throws: ``SpecGANError`` if there are more than 128 labels.
  package static func keys(of labels: [String]) throws(SpecGANError) -> [Int] {
    guard labels.count <= all.count else { throw .moreVoicesThanKeys(count: labels.count) }
    var taken: Set<Int> = []
    let known = labels.map { label in
      key(of: label).flatMap { taken.insert($0).inserted ? $0 : nil }
    }
    var free = (Array(firstFree...all.upperBound) + (0..<firstFree).reversed())
      .filter { !taken.contains($0) }[...]
    return known.map { $0 ?? free.removeFirst() }
  }

  /// Returns the key of General MIDI for `label`, such as `Hi-Hat (open)` or `oh`; nil if it is no
  /// known drum. Case, numbers, and whether words are separated do not matter.
  package static func key(of label: String) -> Int? {
    let words = Set(label.lowercased().split { !$0.isLetter }.flatMap { parts(of: String($0)) })
    return drums.first { $0.words.allSatisfy(words.contains) }?.key
  }

  /// Returns the known words that `word` consists of, as open and hat in `openhats`; otherwise the
  /// word alone.
  private static func parts(of word: String) -> [String] {
    if vocabulary.contains(word) { return [word] }
    if word.hasSuffix("es"), vocabulary.contains(String(word.dropLast(2))) {
      return [String(word.dropLast(2))]
    }
    if word.hasSuffix("s"), vocabulary.contains(String(word.dropLast())) {
      return [String(word.dropLast())]
    }
    for first in vocabulary.sorted() where first.count > 1 && word.hasPrefix(first) {
      let rest = parts(of: String(word.dropFirst(first.count)))
      if rest.allSatisfy(vocabulary.contains) { return [first] + rest }
    }
    return [word]
  }

  private struct Drum {
    let key: Int
    let words: [String]

    init(_ key: Int, _ words: String) {
      self.key = key
      self.words = words.split(separator: " ").map(String.init)
    }
  }

  /// The words of which all must be in a label; the first line that fits counts.
  private static let drums: [Drum] = [
    Drum(46, "open hat"), Drum(46, "open hihat"), Drum(46, "oh"), Drum(46, "ohh"),
    Drum(46, "hho"), Drum(46, "open hh"),
    Drum(44, "pedal hat"), Drum(44, "pedal hihat"), Drum(44, "pedal hh"), Drum(44, "foot hat"),
    Drum(42, "hat"), Drum(42, "hihat"), Drum(42, "hh"), Drum(42, "ch"), Drum(42, "chh"),
    Drum(42, "hhc"),
    Drum(37, "rim"), Drum(37, "rimshot"), Drum(37, "side stick"), Drum(37, "cross stick"),
    Drum(37, "rs"),
    Drum(40, "electric snare"), Drum(38, "snare"), Drum(38, "sd"), Drum(38, "sn"),
    Drum(39, "clap"), Drum(39, "cp"),
    Drum(36, "kick"), Drum(36, "bass drum"), Drum(36, "bd"), Drum(36, "kik"),
    Drum(41, "floor tom"), Drum(47, "low mid tom"), Drum(48, "high mid tom"),
    Drum(48, "hi mid tom"), Drum(45, "low tom"), Drum(45, "lo tom"), Drum(45, "lt"),
    Drum(50, "high tom"), Drum(50, "hi tom"), Drum(50, "ht"), Drum(47, "tom"), Drum(47, "mt"),
    Drum(49, "crash"), Drum(53, "ride bell"), Drum(51, "ride"), Drum(52, "china"),
    Drum(55, "splash"), Drum(49, "cymbal"), Drum(49, "cym"), Drum(49, "cy"),
    Drum(54, "tambourine"), Drum(54, "tamb"), Drum(56, "cow bell"), Drum(56, "cb"),
    Drum(58, "vibraslap"), Drum(61, "low bongo"), Drum(60, "bongo"),
    Drum(62, "mute conga"), Drum(64, "low conga"), Drum(63, "conga"),
    Drum(66, "low timbale"), Drum(65, "timbale"), Drum(68, "low agogo"), Drum(67, "agogo"),
    Drum(69, "cabasa"), Drum(70, "maraca"), Drum(70, "shaker"), Drum(72, "long whistle"),
    Drum(71, "whistle"), Drum(74, "long guiro"), Drum(73, "guiro"), Drum(75, "clave"),
    Drum(77, "low wood block"), Drum(76, "wood block"), Drum(78, "mute cuica"),
    Drum(79, "cuica"), Drum(80, "mute triangle"), Drum(81, "triangle"),
  ]

  private static let vocabulary: Set<String> = Set(
    drums.flatMap(\.words) + ["hand", "closed", "drum", "shot", "short", "high", "acoustic"])
}
