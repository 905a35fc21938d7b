import Foundation
import SpecGANModels
import SpecGANRandomness
import SpecGANTestSupport
import Testing

/// `specgan evaluate`: properties of scores, of the evaluated clips, and of the output.
@Suite(.serialized, .training) struct EvaluateTests {
  // MARK: - Facts

  @Test func scoresOrderAsTheyShould() throws {
    try withJudge { shop in
      try SyntheticSounds.write(20, seed: 3, to: "same", shop)
      try SyntheticSounds.write(40, of: ["high", "low"], seed: 4, to: "half", shop)
      let chance = RandomStream(seed: 5, stream: 0)
      for number in 0..<80 {
        let noise = (0..<6_000).map { index in
          Int16(40_000 * (chance.uniform(at: UInt64(6_000 * number + index)) - 0.5))
        }
        try SyntheticSounds.write(noise, as: "noise/\(number).wav", shop)
        let clip = SyntheticSounds.sound("rise", 7, seed: 6)
        try SyntheticSounds.write(clip, as: "repeated/rise/\(number).wav", shop)
      }
      let report = try shop.json(
        "evaluate", "same", "half", "noise", "repeated", "real", "--real", "real", "--held-out",
        "held", "--classifier", "judge", "--count", "80", "--splits", "4", "--output", "out")
      let sets = try evaluatedSets(report)
      #expect(
        sets.map(\.name) == ["real", "held-out", "same", "half", "noise", "repeated", "real"])
      try expectClassScores(sets)
      try expectFeatureScores(sets)
      try expectNeighborScores(sets)
      try expectCopiesAreNearest(shop)
      try expectScoresWithoutClasses(shop)
      try expectPublishedScores(shop)
      #expect(report["feature_set"] as? String == "audible")
      #expect(report["classes"] as? [String] == SyntheticSounds.kinds)
      #expect(report["features"] as? String == "classifier")
    }
  }

  private func expectClassScores(_ sets: [EvaluatedSet]) throws {
    let (real, heldOut, same, half) = (sets[0], sets[1], sets[2], sets[3])
    let (noise, repeated) = (sets[4], sets[5])
    for key in ["inception_score", "modified_inception_score"] {
      let values = try [same, half, repeated].map { try $0[key] }
      #expect(values == values.sorted(by: >), "\(key) \(values)")
      #expect(try same[key] > noise[key])
    }
    #expect(try repeated["inception_score"] < 1.001 && same["inception_score"] > 3)
    #expect(try same["am_score"] < half["am_score"] && half["am_score"] < repeated["am_score"])
    #expect(try same["am_score"] < noise["am_score"])
    #expect(
      try [real, heldOut, same, half, repeated].map { try $0["classes_reached"] }
        == [4, 4, 4, 2, 1])
    for set in [real, heldOut, same, half] { #expect(try set["accuracy"] > 0.9) }
    #expect(noise.score("accuracy") == nil, "no folders, no labels")
    #expect(same.histogram.reduce(0, +) == 80 && half.histogram[0] + half.histogram[3] < 8)
  }

  private func expectFeatureScores(_ sets: [EvaluatedSet]) throws {
    let (heldOut, same, half, noise, repeated) = (sets[1], sets[2], sets[3], sets[4], sets[5])
    for key in ["frechet_distance", "frechet_distance_extrapolated", "kernel_distance", "jsd"] {
      for good in [heldOut, same] {
        for bad in [half, noise, repeated] { #expect(try good[key] < bad[key], "\(key)") }
      }
      #expect(sets[0].score(key) == nil, "the real sounds are what \(key) is measured against")
    }
    let kernel = try #require(same.score("kernel_distance"))
    let interval = try #require(kernel["interval"] as? [Double])
    #expect(try interval[0] < same["kernel_distance"] && same["kernel_distance"] < interval[1])
    #expect(kernel["standard_error"] is Double && kernel["deviation"] == nil)
    try expectRealSoundsAreThemselves(sets)
    let precisions = try [same, noise, half].map { try $0["precision"] }
    #expect(
      precisions[0] > 0.8 && precisions[1] < precisions[0] && precisions[2] > 0.7,
      "\(precisions)")
    #expect(try same["recall"] > half["recall"] && half["recall"] > repeated["recall"])
    #expect(try same["coverage"] > half["coverage"] && half["coverage"] > repeated["coverage"])
    #expect(try abs(same["density"] - 1) < 0.4 && noise["density"] < 0.3)
    #expect(try same["ndb"] < half["ndb"] && repeated["ndb"] > same["ndb"])
    let line = try #require(same.values["frechet_extrapolation"] as? [String: Any])
    #expect((line["sizes"] as? [Int])?.last == 80 && (line["distances"] as? [Double])?.count == 15)
  }

  /// The last set contains the same clips as the real set.
  private func expectRealSoundsAreThemselves(_ sets: [EvaluatedSet]) throws {
    let (same, itself) = (sets[2], sets[6])
    for key in ["precision", "recall", "coverage"] { #expect(try itself[key] == 1, "\(key)") }
    for key in ["ndb", "jsd"] { #expect(try itself[key] == 0, "\(key)") }
    #expect(
      try itself["density"] > 1 && itself["frechet_distance"] < 1e-3 * same["frechet_distance"])
    #expect(try itself["kernel_distance"] < same["kernel_distance"])
    let clusters = try #require(same.values["clusters"] as? [String: [Double]])
    #expect(clusters["real"]?.count == 8 && clusters["generated"]?.count == 8)
    for shares in clusters.values { #expect(abs(shares.reduce(0, +) - 1) < 1e-9) }
  }

  private func expectNeighborScores(_ sets: [EvaluatedSet]) throws {
    let (real, heldOut, same, noise) = (sets[0], sets[1], sets[2], sets[4])
    try expectDistances(sets)
    #expect(same.score("distance_self_2048") == nil, "audible features have one definition")
    // Clips of a kind are alike, and those of some kinds more than of others.
    let copies = try [sets[6], same, heldOut, noise].map { try $0["copies"] }
    #expect(copies[0] == 1 && copies[1] < 0.5 && copies[2] < 0.5 && copies[3] == 0, "\(copies)")
    #expect(try real["consistency"] > 0.3 && real["inversion_spectral_convergence_db"] < -15)
    #expect(
      same.score("consistency") == nil && noise.score("inversion_spectral_convergence_db") == nil)
  }

  private func expectDistances(_ sets: [EvaluatedSet], _ suffix: String = "") throws {
    let (real, heldOut, same, noise, repeated) = (sets[0], sets[1], sets[2], sets[4], sets[5])
    let (toOthers, toTraining) = ("distance_self\(suffix)", "distance_train\(suffix)")
    #expect(try heldOut[toOthers] == 1 && heldOut[toTraining] == 1)
    #expect(try abs(same[toOthers] - 1) < 0.15 && abs(same[toTraining] - 1) < 0.15)
    #expect(try repeated[toOthers] == 0 && real[toTraining] == 0)
    #expect(try sets[6][toTraining] == 0, "a copy of the training set")
    #expect(try noise[toTraining] > 1.5)
  }

  /// The published features have two definitions of distances.
  private func expectPublishedScores(_ shop: Workshop) throws {
    let report = try shop.json(
      "evaluate", "same", "half", "noise", "repeated", "real", "--real", "real", "--held-out",
      "held", "--count", "80", "--features", "published")
    let sets = try evaluatedSets(report)
    for suffix in ["", "_2048"] { try expectDistances(sets, suffix) }
    let same = sets[2]
    #expect(
      try same["distance_self"] != same["distance_self_2048"], "other frames, other distances")
    #expect(report["feature_set"] as? String == "published")
  }

  /// The nearest neighbors of training clips are these clips themselves; held-out clips have
  /// others.
  private func expectCopiesAreNearest(_ shop: Workshop) throws {
    let page = String(decoding: try shop.folder.bytes(of: "out/scores.html"), as: UTF8.self)
    let section = page.components(separatedBy: "Nearest real clips")[1]
      .components(separatedBy: "Meaning of the scores")[0]
    let sounds = section.components(separatedBy: "src=\"data:audio").dropFirst().map {
      $0.prefix { $0 != "\"" }
    }
    // Held-out clips and five sets, four clips of each above their neighbors.
    #expect(sounds.count == 48)
    #expect(sounds.suffix(8).prefix(4) == sounds.suffix(4), "real sounds as a sample")
    #expect(Set(sounds.suffix(4)).count == 4)
    #expect(Set(sounds.prefix(4)).isDisjoint(with: sounds[4..<8]))
    #expect(section.components(separatedBy: ">distance 0.0<").count == 5)
  }

  /// The means of log-mel spectrograms distinguish the sets, too; 128 dimensions are too many to
  /// extrapolate from 80 clips.
  private func expectScoresWithoutClasses(_ shop: Workshop) throws {
    let report = try shop.json(
      "evaluate", "same", "half", "noise", "repeated", "--real", "real", "--held-out", "held",
      "--count", "80")
    let sets = try evaluatedSets(report)
    let (heldOut, same, half, noise, repeated) = (sets[1], sets[2], sets[3], sets[4], sets[5])
    for key in ["frechet_distance", "kernel_distance", "jsd"] {
      for good in [heldOut, same] {
        for bad in [half, noise, repeated] { #expect(try good[key] < bad[key], "\(key)") }
      }
    }
    #expect(try same["precision"] > 0.7 && noise["precision"] == 0)
    #expect(try same["recall"] > half["recall"] && half["recall"] > repeated["recall"])
    #expect(try same["coverage"] > half["coverage"] && half["coverage"] > repeated["coverage"])
    #expect(report["features"] as? String == "log-mel")
    #expect(same.score("inception_score") == nil && same.score("accuracy") == nil)
    #expect(same.score("frechet_distance_extrapolated") == nil)
    let remarks = try #require(report["remarks"] as? [String])
    #expect(
      remarks.contains {
        $0.hasPrefix("same has no Fréchet distance, N → ∞: Too few clips (80); give at least 512.")
      })
  }

  // MARK: - Runs

  /// A run's clips have the same bits as those of `generate`; scores do not depend on the number of
  /// threads.
  @Test(arguments: ModelKind.allCases) func aRunIsItsFolder(_ kind: ModelKind) throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--model", kind.rawValue, "--steps", "1")
      try shop.made(
        "generate", "run", "--output", "written", "--count", "24", "--seed", "7", "--pictures")
      try SyntheticSounds.write(15, seed: 1, to: "known", shop)
      let command = [
        "evaluate", "run", "written", "--real", "known", "--count", "24", "--seed", "7", "--json",
        "--threads",
      ]
      let one = try shop.run(command + ["1"])
      #expect(one.status == 0 && !one.messages.contains("skipped"), "\(one.messages)")
      #expect(try shop.run(command + ["3"]).output == one.output)
      let sets = try evaluatedSets(shop.object(one.output))
      #expect(sets[2].values["kind"] as? String == "generated")
      #expect(sets[3].values["kind"] as? String == "sounds")
      var compared = 0
      for (key, score) in sets[3].scores {
        guard let score = score as? [String: Any] else { continue }
        let other = sets[2].score(key) ?? [:]
        #expect(score.mapValues { "\($0)" } == other.mapValues { "\($0)" }, "\(key)")
        compared += 1
      }
      #expect(compared >= 9)
      #expect((sets[2].score("consistency") != nil) == (kind == .specgan))
      #expect(one.messages.contains("classifier train") && one.messages.contains("held out"))
    }
  }

  /// Two inversion methods are two columns of one generator.
  @Test func aWayOfInversionIsAColumn() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "1")
      let both = try evaluatedSets(
        shop.json(
          "evaluate", "run", "run@reference", "--real", "cache", "--count", "16", "--splits", "2"))
      let key = "inversion_spectral_convergence_db"
      #expect(both[2].name == "run" && both[3].name == "run@reference")
      #expect(try both[2][key] < both[3][key] - 3)
      #expect(try both[2]["consistency"] == both[3]["consistency"])
      let loss = "inversion_log_spectral_distance_db"
      #expect(try both[2][loss] < both[3][loss] - 0.1 && both[2][loss] > 0)
      let asked = try evaluatedSets(
        shop.json(
          "evaluate", "run", "--real", "cache", "--count", "16", "--splits", "2", "--inversion",
          "reference"))
      #expect(try asked[2][key] == both[3][key])
      #expect(try asked[0][key] > both[0][key], "real spectrograms are inverted alike")
    }
  }

  /// Runs that differ only in their seed have a column of means; checkpoints of one run have none.
  @Test func seedsHaveMeansAndDeviations() throws {
    try withWorkshop { shop in
      for (seed, run) in [(0, "run"), (1, "run-1"), (2, "run-2")] {
        try shop.made(
          "train", "tiny.yaml", "--steps", "2", "--run", run, "--set", "training.seed=\(seed)")
      }
      try shop.made(
        "train", "tiny.yaml", "--steps", "2", "--run", "other", "--set", "network.latent=7")
      let report = try shop.json(
        "evaluate", "run", "run-1", "other", "run-2", "run/checkpoints/step-00000002.safetensors",
        "--real", "cache", "--count", "16", "--splits", "2")
      #expect((report["groups"] as? [Any])?.isEmpty == true, "two of one seed")
      let command = ["evaluate", "run", "run-1", "other", "run-2", "--real", "cache"]
      let options = ["--count", "16", "--splits", "2"]
      let seeds = try shop.object(shop.run(command + options + ["--json"]).output)
      let groups = try #require(seeds["groups"] as? [[String: Any]])
      try #require(groups.count == 1)
      #expect(groups[0]["names"] as? [String] == ["run", "run-1", "run-2"])
      let sets = try evaluatedSets(seeds)
      let values = try [2, 3, 5].map { try sets[$0]["frechet_distance"] }
      let mean = values.reduce(0, +) / 3
      let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2).squareRoot()
      let scores = try #require(groups[0]["scores"] as? [String: [String: Any]])
      let found = try #require(scores["frechet_distance"])
      #expect(abs((found["value"] as? Double ?? 0) / mean - 1) < 1e-9)
      #expect(abs((found["deviation"] as? Double ?? 0) / deviation - 1) < 1e-6)
      let table = try shop.run(command + options)
      #expect(table.output.contains("run, 3 seeds"))
      #expect(table.messages.contains("run, run-1, run-2 differ only in training.seed;"))
      // Other steps are said, and another cache is another training.
      try shop.made("train", "run-1", "--steps", "3", "--resume")
      try shop.made("preprocess", "sounds/one", "--output", "less")
      try shop.made(
        "train", "tiny.yaml", "--cache", "less", "--steps", "2", "--run", "run-3", "--set",
        "training.seed=3")
      let mixed = try shop.run(
        ["evaluate", "run", "run-1", "run-3", "--real", "cache"] + options)
      let words = "run, run-1 differ only in training.seed and in their steps (2, 3);"
      #expect(mixed.messages.contains(words), "\(mixed.messages)")
    }
  }

  /// Labels in turn, by the names in the classifier.
  @Test func aConditionalRunHasAnAccuracy() throws {
    try withJudge { shop in
      try shop.made(
        "train", "tiny.yaml", "--cache", "real", "--steps", "1", "--set",
        "network.conditional=true")
      let report = try shop.json(
        "evaluate", "run", "--real", "real", "--classifier", "judge", "--count", "20", "--splits",
        "2")
      let found = try evaluatedSets(report)
      // An untrained generator makes the same clip for all labels.
      #expect(try found[2]["accuracy"] < 0.6 && found[0]["accuracy"] > 0.9)
      // Of 240 clips those are held out that the classifier was not trained on, a tenth of each
      // kind.
      #expect([0, 1].map { found[$0].values["available"] as? Int } == [216, 24])
      let remarks = try #require(report["remarks"] as? [String])
      #expect(remarks.contains { $0.contains("They are the test part of the classifier.") })
    }
  }

  // MARK: - Pages and tables

  @Test func aTableIsForPeopleAndAFolderHasTheRest() throws {
    try withWorkshop { shop in
      try SyntheticSounds.write(3, seed: 1, to: "known", shop)
      let command = ["evaluate", "sounds", "--real", "known", "--count", "10", "--splits", "2"]
      let table = try shop.run(command + ["--output", "out/deep"])
      #expect(table.status == 0, "\(table.messages)")
      let rows = table.output.split(separator: "\n").map { $0.split(separator: "  ") }
      #expect(
        rows[0].map { $0.trimmingCharacters(in: .whitespaces) } == [
          "score", "real", "held-out", "sounds",
        ])
      #expect(table.output.contains("|D| train") && table.output.contains("→ 1"))
      #expect(table.output.contains("kernel distance") && table.output.contains("["))
      let deep = try shop.run(["evaluate", "./sounds", "--real", "known", "--splits", "1"])
      #expect(deep.output.prefix { $0 != "\n" }.hasSuffix(" sounds"))
      #expect(try shop.names(in: "out/deep") == ["manifest.jsonl", "scores.html", "scores.json"])
      let scores = try JSONSerialization.jsonObject(
        with: Data(shop.folder.bytes(of: "out/deep/scores.json")))
      let json = try shop.run(command + ["--json"])
      let object = try shop.object(json.output)
      #expect(NSDictionary(dictionary: object).isEqual(scores as? NSDictionary))
      // Twelve clips, four of them held out, are too few for bins.
      #expect(json.messages.contains("has no NDB / K, JSD: Too few real clips ("))
    }
  }
}
