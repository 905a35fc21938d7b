import Foundation
import SpecGANTestSupport
import Testing

/// A column of an evaluation in JSON.
struct EvaluatedSet {
  let values: [String: Any]
  var name: String { values["name"] as? String ?? "" }
  var scores: [String: Any] { values["scores"] as? [String: Any] ?? [:] }
  var histogram: [Int] { values["histogram"] as? [Int] ?? [] }

  func score(_ key: String) -> [String: Any]? { scores[key] as? [String: Any] }

  subscript(key: String) -> Double {
    get throws { try #require(score(key)?["value"] as? Double, "\(name) has no \(key)") }
  }
}

/// Returns the columns in the output of `evaluate --json`.
func evaluatedSets(_ report: [String: Any]) throws -> [EvaluatedSet] {
  let sets = try #require(report["sets"] as? [[String: Any]]).map(EvaluatedSet.init)
  for set in sets { #expect(set.scores.count == 22, "every key is there, if null") }
  return sets
}

/// Calls `body` with a workshop that has `real`, a cache of synthetic clips, `held`, others that
/// are held out, and `judge`, a small classifier of them.
func withJudge(_ body: (Workshop) throws -> Void) throws {
  try withWorkshop { shop in
    try SyntheticSounds.write(60, seed: 1, to: "known", shop)
    try SyntheticSounds.write(20, seed: 2, to: "held", shop)
    try shop.made("preprocess", "known", "--output", "real")
    try shop.made(
      "classifier", "train", "real", "--output", "judge", "--channels", "6", "--epochs", "12")
    try body(shop)
  }
}
