internal import Scores

extension EvaluationReport {
  /// A sentence on a classifier that is a poor judge; `accuracy` is of its own test sounds.
  static func remarks(on accuracy: Double?, _ request: EvaluationRequest) -> [String] {
    guard let accuracy else { return [noClassifier] }
    guard accuracy < poorAccuracy, let path = request.classifier else { return [] }
    return [
      "\(path) takes only \(Score.percentage(accuracy)) of its own test sounds for what they are: scores of classes say little, and "
        + "those of its features not much more."
    ]
  }

  /// Below it, a classifier is wrong about more than one sound of five.
  private static let poorAccuracy = 0.8

  private static let noClassifier =
    "Without --classifier there are no scores of classes, and those of features are of log-mel spectrograms; "
    + "specgan classifier train CACHE --output FILE makes one from sounds in folders by their class."

  /// Sentences on what scores are not of all sounds, and why some are not there.
  static func remarks(on sets: [EvaluatedSet]) -> [String] {
    countRemarks(sets) + firstRemarks(sets)
      + sets.flatMap {
        tooFewRemarks($0, sets[0]) + labelRemarks($0) + silenceRemarks($0) + missingRemarks($0)
      }
  }

  /// On scores that depend on how many sounds there are.
  private static func countRemarks(_ sets: [EvaluatedSet]) -> [String] {
    let real = sets[0].count
    let others = sets.dropFirst().filter { $0.count != real }
    guard !others.isEmpty else { return [] }
    let counts = others.map { "\($0.name) has \($0.count)" }.joined(separator: ", ")
    return [
      "\(counts) sounds where there are \(real) real ones: precision, recall, density and coverage take as many "
        + "of each; by Fréchet's distance and the inception score fewer are worse, and by NDB better, however good they are."
    ]
  }

  /// On scores that are of a set's first sounds alone.
  private static func firstRemarks(_ sets: [EvaluatedSet]) -> [String] {
    func remarks(_ scores: String, _ count: (EvaluatedSet) -> Int, _ why: (Int) -> String)
      -> [String]
    {
      let fewer = sets.filter { $0.count > count($0) && count($0) > 0 }
      return Set(fewer.map(count)).sorted().map { number in
        let names = fewer.filter { count($0) == number }.map(\.name).joined(separator: ", ")
        return "\(scores) of \(names) are of the first \(number) sounds\(why(number))."
      }
    }
    let heldOut = sets[1].count
    return remarks("|D| self and |D| train", \.neighborCount) {
      $0 == heldOut ? ", as many as are held out" : ""
    } + remarks("Consistency and what inversion costs", \.spectralCount) { _ in "" }
  }

  /// On a set that is so small, or held against so few real sounds, that scores take it for good.
  private static func tooFewRemarks(_ set: EvaluatedSet, _ real: EvaluatedSet) -> [String] {
    var scores: [String] = []
    let compared = min(set.count, real.count)
    if set.scores[.precision] != nil, compared < SetScorer.leastForNeighbors {
      scores.append(
        "precision, recall, density and coverage, which want \(SetScorer.leastForNeighbors) of both sets"
      )
    }
    if let clusters = set.clusters, set.count < SetScorer.soundsPerBin * clusters.binCount {
      scores.append("NDB and JSD, which want \(SetScorer.soundsPerBin * clusters.binCount)")
    }
    guard !scores.isEmpty else { return [] }
    return [
      "\(set.name) has \(sounds(set.count)), and there are \(real.count) real ones: too few for "
        + scores.joined(separator: "; and for ") + "."
    ]
  }

  private static func sounds(_ count: Int) -> String { count == 1 ? "1 sound" : "\(count) sounds" }

  private static func labelRemarks(_ set: EvaluatedSet) -> [String] {
    guard let labelled = set.labelledCount, labelled < set.count else { return [] }
    let unknown = set.unknownLabels.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
    let more = set.unknownLabels.count > 3 ? " and others" : ""
    guard labelled > 0 else {
      return unknown == ""
        ? [] : ["\(set.name) has no accuracy: none of its labels is a class (\(unknown)\(more))."]
    }
    let none = unknown == "" ? "" : " No class: \(unknown)\(more)."
    return [
      "\(set.name) has a class for a label in \(labelled) of \(sounds(set.count)), and its accuracy is of those.\(none)"
    ]
  }

  private static func silenceRemarks(_ set: EvaluatedSet) -> [String] {
    guard set.silentCount > 0 else { return [] }
    return [
      "Of \(set.name) \(set.silentCount) of \(set.spectralCount) spectrograms are silent, or too small, and have no "
        + "consistency."
    ]
  }

  private static func missingRemarks(_ set: EvaluatedSet) -> [String] {
    Set(set.missing.values).sorted().map { reason in
      let names = ScoreKind.allCases.filter { set.missing[$0] == reason }.map(\.name)
      return "\(set.name) has no \(names.joined(separator: ", ")): \(reason)"
    }
  }
}
