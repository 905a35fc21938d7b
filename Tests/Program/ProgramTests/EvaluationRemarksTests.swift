import Foundation
import SpecGANTestSupport
import Testing

/// The remarks of `specgan evaluate` on misleading and on missing scores.
@Suite(.serialized, .training) struct EvaluationRemarksTests {
  private func remarks(_ report: [String: Any]) throws -> [String] {
    try #require(report["remarks"] as? [String])
  }

  /// Folders with other names than the classifier's labels.
  @Test func labelsThatAreNoClassAreNamed() throws {
    try withJudge { shop in
      try SyntheticSounds.write(3, of: ["high", "low"], seed: 3, to: "named", shop)
      try FileManager.default.moveItem(
        atPath: shop.folder.path("named/high"), toPath: shop.folder.path("named/hoch"))
      try SyntheticSounds.write(2, of: ["low"], seed: 3, to: "other", shop)
      try FileManager.default.moveItem(
        atPath: shop.folder.path("other/low"), toPath: shop.folder.path("other/hoch"))
      let report = try shop.json(
        "evaluate", "named", "other", "--real", "real", "--held-out", "held", "--classifier",
        "judge", "--splits", "2")
      let sets = try evaluatedSets(report)
      #expect(sets[2].values["labelled"] as? Int == 3 && sets[3].values["labelled"] as? Int == 0)
      #expect(try sets[2]["accuracy"] > 0.6 && sets[3].score("accuracy") == nil)
      let remarks = try remarks(report)
      #expect(
        remarks.contains {
          $0.hasPrefix("named: 3 of 6 clips have a label that is a class")
            && $0.hasSuffix("Other labels: 'hoch'.")
        })
      #expect(
        remarks.contains("other has no accuracy, because none of its labels is a class ('hoch')."))
    }
  }

  /// Twelve silent clips, which resemble no real clip, whatever their scores.
  @Test func setsThatAreTooSmallToTellAreNamed() throws {
    try withJudge { shop in
      for number in 0..<12 {
        try SyntheticSounds.write(
          [Int16](repeating: 0, count: 6_000), as: "silent/\(number).wav", shop)
      }
      try shop.made("preprocess", "silent", "--output", "silence")
      let report = try shop.json(
        "evaluate", "silent", "--real", "real", "--held-out", "silence", "--splits", "2")
      let remarks = try remarks(report)
      for name in ["silent", "held-out"] {
        #expect(
          remarks.contains {
            $0.hasPrefix(
              "\(name) has 12 clips, and the number of real ones is 240: too few for the scores with *"
            )
              && $0.contains("need 50 in each set") && $0.contains("NDB and JSD need 240")
          })
      }
      let sets = try evaluatedSets(report)
      let marked = ["precision", "recall", "density", "coverage", "ndb", "jsd"]
      for set in sets.dropFirst() {
        let found = set.scores.filter { ($0.value as? [String: Any])?["too_few"] as? Bool == true }
        #expect(found.keys.sorted() == marked.sorted(), "\(set.name)")
      }
      let heldOut = sets[1]
      #expect(heldOut.values["silent_count"] as? Int == 12 && heldOut.score("consistency") == nil)
      #expect(
        remarks.contains {
          $0.hasPrefix(
            "held-out: 12 of 12 spectrograms are silent or too small, and have no consistency")
        })
    }
  }

  /// Too few held-out clips are not a property of a set; a single clip is a set, too.
  @Test func whatIsMissingIsSaidOfWhatLacksIt() throws {
    try withWorkshop { shop in
      try SyntheticSounds.write(6, seed: 1, to: "known", shop)
      let clip = SyntheticSounds.sound("rise", 7, seed: 6)
      try SyntheticSounds.write(clip, as: "one.wav", shop)
      let report = try shop.json(
        "evaluate", "known", "one.wav", "--real", "known", "--held-out", "one.wav", "--splits", "1")
      let sets = try evaluatedSets(report)
      #expect(sets.map { $0.values["count"] as? Int } == [24, 1, 24, 1])
      let remarks = try remarks(report)
      #expect(!remarks.contains { $0.contains("first 1 clip") })
      #expect(sets[0].values["distance_count"] as? Int == 0)
      let reason = "Too few held-out clips (1); give at least 2."
      for name in ["real", "known"] {
        #expect(remarks.contains { $0.hasPrefix("\(name) has no |D| self") && $0.contains(reason) })
      }
    }
  }

  /// Remarks on the accuracy of the classifier, and on clips with another level or from its
  /// training.
  @Test func thePoorJudgeIsNamed() throws {
    try withWorkshop { shop in
      try SyntheticSounds.write(12, seed: 1, to: "known", shop)
      try SyntheticSounds.write(12, seed: 2, to: "more", shop)
      try shop.made("preprocess", "known", "--output", "real")
      try shop.made("preprocess", "more", "--output", "scaled", "--set", "audio.normalize=true")
      try shop.made(
        "classifier", "train", "real", "--output", "judge", "--channels", "1", "--epochs", "1",
        "--learning-rate", "1e-7")
      let report = try shop.json(
        "evaluate", "scaled", "--real", "scaled", "--classifier", "judge", "--splits", "2")
      let accuracy = try #require(report["classifier_test_accuracy"] as? Double)
      #expect(accuracy < 0.8)
      let remarks = try remarks(report)
      #expect(
        remarks.contains { $0.hasPrefix("judge has a test accuracy of only ") })
      #expect(
        remarks.contains { $0.hasPrefix("Real clips are scaled to a peak of 1; judge") })
      #expect(remarks.contains { $0.contains("They are not the test part of judge") })
    }
  }
}
