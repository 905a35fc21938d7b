import SpecGANErrors
import SpecGANKits
import Testing

@Suite struct NamesAndKeysTests {
  @Test(arguments: [
    ("kick", "Kick", "kick"), ("hat_open", "Hat open", "hat open"), ("Snare", "Snare", "Snare"),
    ("tom #2", "Tom 2", "tom 2"), ("a/b\\c", "A b c", "a b c"), ("../..", "Sound", "sound"),
    ("x=$1<y>//z", "X 1 y z", "x 1 y z"), ("  clap. ", "Clap", "clap"), ("", "Sound", "sound"),
    ("con", "Con-", "con"), ("élan", "Élan", "élan"), ("lo-fi+1.5", "Lo-fi+1.5", "lo-fi+1.5"),
    ("a\nb\u{0}c", "A b c", "a b c"),
  ]) func namesAreSafeOnEveryFileSystem(_ label: String, _ folder: String, _ stem: String) {
    let name = VoiceName.names(of: [label])[0]
    #expect(name.folder == folder && name.stem == stem)
    #expect(name.file(3, of: 8) == "\(folder)/\(stem) 03.wav")
    #expect(name.file(3, of: 100) == "\(folder)/\(stem) 003.wav")
  }

  @Test func namesThatDifferOnlyInCaseGetNumbers() {
    let names = VoiceName.names(
      of: ["Kick", "kick", "KICK", "kick 2", "drums.sfz"], besides: ["Drums.sfz"])
    #expect(names.map(\.folder) == ["Kick", "Kick 2", "KICK 3", "Kick 2 2", "Drums.sfz 2"])
    let long = VoiceName.names(of: [String](repeating: String(repeating: "é", count: 90), count: 3))
    #expect(Set(long.map(\.folder)).count == 3)
    for name in long { #expect(name.file(1, of: 100).split(separator: "/")[1].utf8.count <= 100) }
  }

  /// The keys of the General MIDI percussion map, in the words that folders of drums have.
  @Test(arguments: [
    (36, ["kick", "KICKS", "Kick Drum", "bass_drum", "BassDrum", "bd", "kick1", "808 kick"]),
    (38, ["snare", "SD", "snares", "sn"]), (37, ["rim", "rimshot", "Rim Shot", "side stick"]),
    (37, ["sidestick", "cross-stick"]), (39, ["clap", "claps", "handclap", "Hand Claps", "cp"]),
    (42, ["hat", "hihat", "hi-hat", "Hi Hat", "hh", "hat_closed", "closed hi-hats", "CH"]),
    (42, ["closedhat", "hihatclosed"]), (46, ["oh", "hat_open", "open hat", "OpenHiHat"]),
    (46, ["Hi-Hat (open)", "openhats"]), (44, ["pedal hat", "pedal hi-hat", "foot hat"]),
    (41, ["floor tom"]), (45, ["low tom", "lt", "tom low", "lowtom"]),
    (47, ["tom", "toms", "mid tom"]),
    (50, ["high tom", "hi-tom"]), (48, ["hi mid tom"]),
    (49, ["crash", "crashes", "cymbal", "cymbals"]), (51, ["ride", "ride cymbal"]),
    (53, ["ride bell"]), (55, ["splash"]), (54, ["tambourine"]), (56, ["cowbell", "cow bell"]),
    (70, ["shaker", "maracas", "shakers"]), (75, ["claves"]), (76, ["woodblock"]),
    (63, ["conga", "congas"]), (60, ["bongo"]), (40, ["electric snare"]),
  ]) func knownDrumsHaveTheirKeys(_ key: Int, _ labels: [String]) {
    for label in labels { #expect(DrumKey.key(of: label) == key, "\(label)") }
  }

  @Test(arguments: ["perc", "fx", "vox", "one", "bass", "what", "chord", "", "42", "atom", "shat"])
  func otherWordsAreNoDrums(_ label: String) { #expect(DrumKey.key(of: label) == nil) }

  @Test func otherLabelsHaveFreeKeysFromMiddleCUp() throws {
    #expect(
      try DrumKey.keys(of: ["perc", "kick", "bd", "bongo", "fx", "snare"])
        == [61, 36, 62, 60, 63, 38])
    let many = (0..<128).map { "x\($0)" }
    let keys = try DrumKey.keys(of: many)
    #expect(keys.first == 60 && keys[67] == 127 && keys[68] == 59 && keys.last == 0)
    #expect(Set(keys).count == 128)
    #expect(throws: SpecGANError.self) { _ = try DrumKey.keys(of: many + ["y"]) }
  }
}
