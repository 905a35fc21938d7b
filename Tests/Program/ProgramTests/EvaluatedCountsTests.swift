import Foundation
import SpecGANTestSupport
import Testing

/// `specgan evaluate` with sets of different size, loudness or kind.
@Suite(.serialized, .slow) struct EvaluatedCountsTests {
  private static let cover = ["precision", "recall", "density", "coverage"]
  private static let distances = ["distance_self", "distance_train", "copies"]

  /// The first clips of a set do not depend on their number. Scores that depend on the number use
  /// equal numbers: distances at most as many clips as are held out, neighborhoods as many as both
  /// sets have.
  @Test func scoresThatDependOnCountsAreOfAsManyOfBoth() throws {
    try withJudge { shop in
      try SyntheticSounds.write(6, seed: 3, to: "few", shop)
      try SyntheticSounds.write(6, seed: 4, to: "fewHeld", shop)
      try SyntheticSounds.write(30, seed: 5, to: "many", shop)
      func evaluated(_ sample: String, _ heldOut: String, _ count: Int) throws -> [String: Any] {
        try shop.json(
          "evaluate", sample, "--real", "real", "--held-out", heldOut, "--classifier", "judge",
          "--splits", "2", "--count", "\(count)")
      }
      let report = try evaluated("many", "fewHeld", 120)
      let (many, fewer) = (
        try evaluatedSets(report)[2], try evaluatedSets(evaluated("many", "fewHeld", 24))[2]
      )
      for key in Self.distances { #expect(try many[key] == fewer[key], "\(key)") }
      #expect(many.values["count"] as? Int == 120 && many.values["distance_count"] as? Int == 24)
      let remarks = try #require(report["remarks"] as? [String])
      #expect(
        remarks.contains {
          $0.contains("of real, many use the first 24 clips, as many as are held out")
        })

      let (few, one) = (
        try evaluatedSets(evaluated("few", "held", 240))[2],
        try evaluatedSets(evaluated("few", "held", 24))[2]
      )
      for key in Self.cover { #expect(try few[key] == one[key], "\(key)") }
      #expect(try few["frechet_distance"] != one["frechet_distance"], "of all real sounds")
    }
  }

  /// A clip outside of folders has no label; the others still have an accuracy.
  @Test func accuracyIsOfSoundsWithALabel() throws {
    try withJudge { shop in
      try SyntheticSounds.write(5, seed: 3, to: "mixed", shop)
      for number in 0..<4 {
        try SyntheticSounds.write(
          SyntheticSounds.sound("low", number, seed: 8), as: "mixed/\(number).wav", shop)
      }
      let report = try shop.json(
        "evaluate", "mixed", "--real", "mixed", "--held-out", "held", "--classifier", "judge",
        "--splits", "2")
      for set in try evaluatedSets(report).filter({ $0.name != "held-out" }) {
        #expect(set.values["labelled"] as? Int == 20 && set.values["count"] as? Int == 24)
        #expect(try set["accuracy"] > 0.9 && set["am_score"] < 1)
      }
      let remarks = try #require(report["remarks"] as? [String])
      #expect(
        remarks.contains { $0.hasPrefix("mixed: 20 of 24 clips have a label that is a class") })
    }
  }

  /// Real clips in stereo, without labels, each scaled to a peak of 1; a generated set is not
  /// scaled.
  @Test func theLoudnessOfASetIsItsOwn() throws {
    try withWorkshop { shop in
      for number in 0..<20 {
        let sound = SyntheticSounds.sound(SyntheticSounds.kinds[number % 4], number, seed: 1)
        let peak = sound.map { abs(Double($0)) }.max() ?? 1
        for (folder, level) in [("loud", 32_767.0), ("quiet", 8_192.0)] {
          try SyntheticSounds.write(
            sound.flatMap { value in
              let left = Int16(Double(value) / peak * level)
              return [left, left / 2]
            }, as: "\(folder)/\(number).wav", channels: 2, shop)
        }
      }
      try shop.made(
        "preprocess", "loud", "--output", "stereo", "--set", "audio.channels=2", "--set",
        "audio.normalize=true")
      let sets = try evaluatedSets(
        shop.json("evaluate", "loud", "quiet", "--real", "stereo", "--splits", "2"))
      #expect(sets[0].values["count"] as? Int == 18 && sets[1].values["count"] as? Int == 2)
      let (loud, quiet) = (sets[2], sets[3])
      #expect(try loud["distance_train"] < 0.5 * quiet["distance_train"])
      #expect(try loud["frechet_distance"] < 0.5 * quiet["frechet_distance"])
    }
  }
}
