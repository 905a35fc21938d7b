extension EvaluationReport {
  /// Sentences on what scores are not of all sounds, and why some are not there.
  static func remarks(on sets: [EvaluatedSet]) -> [String] {
    let withoutClasses = sets.allSatisfy { $0.labelledCount == nil }
    return (withoutClasses ? [noClassifier] : []) + countRemarks(sets)
      + sets.flatMap { labelRemarks($0) + missingRemarks($0) }
  }

  private static let noClassifier =
    "Without --classifier there are no scores of classes, and those of features are of log-mel spectrograms; "
    + "specgan classifier train CACHE --output FILE makes one from sounds in folders by their class."

  /// On scores that depend on how many sounds there are.
  private static func countRemarks(_ sets: [EvaluatedSet]) -> [String] {
    var remarks: [String] = []
    let real = sets[0].count
    let others = sets.dropFirst().filter { $0.count != real }
    if !others.isEmpty {
      let counts = others.map { "\($0.name) has \($0.count)" }.joined(separator: ", ")
      remarks.append(
        "\(counts) sounds where there are \(real) real ones: precision, recall, density and coverage take as many "
          + "of each, and by Fréchet's distance fewer are farther, however good they are.")
    }
    let heldOut = sets[1].count
    let fewer = sets.filter { $0.neighborCount == heldOut && $0.count > heldOut }
    if !fewer.isEmpty {
      let names = fewer.map(\.name).joined(separator: ", ")
      remarks.append(
        "|D| self and |D| train of \(names) are of the first \(heldOut) sounds, as many as are held out."
      )
    }
    return remarks
  }

  private static func labelRemarks(_ set: EvaluatedSet) -> [String] {
    guard let labelled = set.labelledCount, labelled > 0, labelled < set.count else { return [] }
    return [
      "Of \(set.name) \(labelled) of \(set.count) sounds have a label that is one of the classes; "
        + "its accuracy is of these."
    ]
  }

  private static func missingRemarks(_ set: EvaluatedSet) -> [String] {
    Set(set.missing.values).sorted().map { reason in
      let names = ScoreKind.allCases.filter { set.missing[$0] == reason }.map(\.name)
      return "\(set.name) has no \(names.joined(separator: ", ")): \(reason)"
    }
  }
}
