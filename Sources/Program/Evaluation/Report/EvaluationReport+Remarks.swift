internal import Scores

extension EvaluationReport {
  /// Returns a remark on a classifier with a low test accuracy `accuracy`, or on a missing one.
  static func remarks(on accuracy: Double?, _ request: EvaluationRequest) -> [String] {
    guard let accuracy else { return [noClassifier] }
    guard accuracy < poorAccuracy, let path = request.classifier else { return [] }
    return [
      "\(path) has a test accuracy of only \(Score.percentage(accuracy)): its scores of classes, and those on its features, mean little."
    ]
  }

  /// The test accuracy below which a remark is made.
  private static let poorAccuracy = 0.8

  private static let noClassifier =
    "Without --classifier, scores of classes are missing and features are log-mel spectrograms. "
    + "specgan classifier train CACHE --output FILE trains one."

  /// Returns remarks on scores of a part of the clips, and on missing scores.
  static func remarks(on sets: [EvaluatedSet]) -> [String] {
    countRemarks(sets) + firstRemarks(sets)
      + sets.flatMap {
        tooFewRemarks($0, sets[0]) + labelRemarks($0) + silenceRemarks($0) + missingRemarks($0)
      }
  }

  /// Returns a remark on each group of runs.
  static func remarks(on groups: [SeedGroup]) -> [String] {
    groups.map { group in
      let steps = group.steps.map(String.init).joined(separator: ", ")
      let others = group.steps.isEmpty ? "" : " and in their steps (\(steps))"
      return "\(group.names.joined(separator: ", ")) differ only in training.seed\(others); their "
        + "last column has means and deviations over the \(group.names.count) runs."
    }
  }

  /// Returns remarks on scores that depend on the number of clips.
  private static func countRemarks(_ sets: [EvaluatedSet]) -> [String] {
    let real = sets[0].count
    let others = sets.dropFirst().filter { $0.count != real }
    guard !others.isEmpty else { return [] }
    let counts = others.map { "\($0.name) has \(clips($0.count))" }.joined(separator: ", ")
    return [
      "\(counts); the number of real ones is \(real). Precision, recall, density and coverage use equally many of both. "
        + "Fewer clips make the Fréchet distance and the inception score worse, and NDB better."
    ]
  }

  /// Returns remarks on scores that use only the first clips of a set.
  private static func firstRemarks(_ sets: [EvaluatedSet]) -> [String] {
    func remarks(_ scores: String, _ count: (EvaluatedSet) -> Int, _ why: (Int) -> String)
      -> [String]
    {
      let fewer = sets.filter { $0.count > count($0) && count($0) > 0 }
      return Set(fewer.map(count)).sorted().map { number in
        let names = fewer.filter { count($0) == number }.map(\.name).joined(separator: ", ")
        return "\(scores) of \(names) use the first \(clips(number))\(why(number))."
      }
    }
    let heldOut = sets[1].count
    return remarks("|D| self and |D| train", \.neighborCount) {
      $0 == heldOut ? ", as many as are held out" : ""
    } + remarks("Consistency and the cost of inversion", \.spectralCount) { _ in "" }
  }

  /// Returns remarks on a set that is too small for some scores, or is compared to too few real
  /// clips.
  private static func tooFewRemarks(_ set: EvaluatedSet, _ real: EvaluatedSet) -> [String] {
    var scores: [String] = []
    if set.scores[.precision]?.isOfFew == true {
      scores.append(
        "precision, recall, density and coverage need \(SetScorer.leastForNeighbors) in each set"
      )
    }
    if let clusters = set.clusters, set.scores[.differentBins]?.isOfFew == true {
      scores.append("NDB and JSD need \(SetScorer.soundsPerBin * clusters.binCount)")
    }
    guard !scores.isEmpty else { return [] }
    return [
      "\(set.name) has \(clips(set.count)), and the number of real ones is \(real.count): too few for the "
        + "scores with \(Score.markOfFew) (\(scores.joined(separator: "; ")))."
    ]
  }

  private static func clips(_ count: Int) -> String { count == 1 ? "1 clip" : "\(count) clips" }

  private static func labelRemarks(_ set: EvaluatedSet) -> [String] {
    guard let labeled = set.labeledCount, labeled < set.count else { return [] }
    let unknown = set.unknownLabels.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
    let more = set.unknownLabels.count > 3 ? " and others" : ""
    guard labeled > 0 else {
      return unknown == ""
        ? []
        : [
          "\(set.name) has no accuracy, because none of its labels is a class (\(unknown)\(more))."
        ]
    }
    let none = unknown == "" ? "" : " Other labels: \(unknown)\(more)."
    return [
      "\(set.name): \(labeled) of \(clips(set.count)) have a label that is a class; accuracy uses these.\(none)"
    ]
  }

  private static func silenceRemarks(_ set: EvaluatedSet) -> [String] {
    guard set.silentCount > 0 else { return [] }
    return [
      "\(set.name): \(set.silentCount) of \(set.spectralCount) spectrograms are silent or too small, and have no consistency."
    ]
  }

  private static func missingRemarks(_ set: EvaluatedSet) -> [String] {
    Set(set.missing.values).sorted().map { reason in
      let names = ScoreKind.allCases.filter { set.missing[$0] == reason }.map(\.name)
      return "\(set.name) has no \(names.joined(separator: ", ")): \(reason)"
    }
  }
}
