internal import Foundation
internal import Scores
internal import SpecGANDatasets
package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANPages

extension EvaluationReport: Encodable {
  private enum CodingKeys: String, CodingKey {
    case real, classifier, classes, features, count, splits, seed, sets, groups, remarks
    case heldOut = "held_out"
    case featureSet = "feature_set"
    case classifierAccuracy = "classifier_test_accuracy"
  }

  /// Encodes everything but the clips.
  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(request.real, forKey: .real)
    try values.encode(request.heldOut, forKey: .heldOut)
    try values.encode(request.classifier, forKey: .classifier)
    try values.encode(classifierAccuracy, forKey: .classifierAccuracy)
    try values.encode(classes, forKey: .classes)
    try values.encode(features, forKey: .features)
    try values.encode(featureSet, forKey: .featureSet)
    try values.encode(request.count, forKey: .count)
    try values.encode(request.splits, forKey: .splits)
    try values.encode(request.seed, forKey: .seed)
    try values.encode(sets, forKey: .sets)
    try values.encode(groups, forKey: .groups)
    try values.encode(remarks, forKey: .remarks)
  }
}

extension EvaluatedSet: Encodable {
  private enum CodingKeys: String, CodingKey {
    case name, path, kind, count, available, scores, histogram, clusters
    case extrapolation = "frechet_extrapolation"
    case labeledCount = "labelled"
    case neighborCount = "distance_count"
    case spectralCount = "spectral_count"
    case silentCount = "silent_count"
  }

  /// Encodes every score: null if the set has none.
  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(name, forKey: .name)
    try values.encode(path, forKey: .path)
    try values.encode(kind, forKey: .kind)
    try values.encode(count, forKey: .count)
    try values.encode(available, forKey: .available)
    try values.encode(labeledCount, forKey: .labeledCount)
    try values.encode(neighborCount, forKey: .neighborCount)
    try values.encode(spectralCount, forKey: .spectralCount)
    try values.encode(silentCount, forKey: .silentCount)
    try values.encode(histogram, forKey: .histogram)
    try values.encode(clusters.map(ClusterShares.init), forKey: .clusters)
    try values.encode(extrapolation, forKey: .extrapolation)
    var table = values.nestedContainer(keyedBy: ScoreKey.self, forKey: .scores)
    for kind in ScoreKind.allCases {
      let key = ScoreKey(stringValue: kind.rawValue)
      if let score = scores[kind], score.value.isFinite {
        try table.encode(score, forKey: key)
      } else {
        try table.encodeNil(forKey: key)
      }
    }
  }

  /// The share of clips in each cluster of the real ones.
  private struct ClusterShares: Encodable {
    let real, generated: [Double]

    init(_ clusters: BinComparison) {
      (real, generated) = (clusters.realShares, clusters.generatedShares)
    }
  }

  private struct ScoreKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

extension Score: Encodable {
  private enum CodingKeys: String, CodingKey {
    case value, deviation, interval
    case standardError = "standard_error"
    case isOfFew = "too_few"
  }

  /// Encodes the value, the other members that are finite, and whether it is of too few clips if it
  /// is.
  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(value, forKey: .value)
    if let deviation, deviation.isFinite { try values.encode(deviation, forKey: .deviation) }
    if let standardError, standardError.isFinite {
      try values.encode(standardError, forKey: .standardError)
    }
    if let interval, interval.lowerBound.isFinite, interval.upperBound.isFinite {
      try values.encode([interval.lowerBound, interval.upperBound], forKey: .interval)
    }
    if isOfFew { try values.encode(true, forKey: .isOfFew) }
  }
}

extension EvaluationReport {
  /// The names of the files that ``write(to:)`` writes.
  package static let files = (scores: "scores.json", page: "scores.html")

  /// The same in a list.
  package static let fileNames = [files.scores, files.page]

  /// Creates `folder` if it is missing, and checks that ``write(to:)`` can write there.
  ///
  /// - Throws: ``SpecGANError`` if `folder` is a cache, which could not be replaced any more with
  ///   other files in it, or if nothing can be written.
  package static func prepare(_ folder: String) throws(SpecGANError) {
    guard try !Cache.exists(at: folder) else { throw .outputIsCache(path: folder) }
    try Folder.create(folder)
    for name in [files.scores, files.page] { try AtomicFile.check("\(folder)/\(name)") }
  }

  /// Writes the scores and the page to `folder`, which is created if it is missing, each completely
  /// or not at all.
  ///
  /// - Throws: ``SpecGANError`` if a file cannot be written.
  package func write(to folder: String) throws(SpecGANError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    guard let scores = try? encoder.encode(self) else {
      trap("scores that are not finite are null")
    }
    try Folder.create(folder)
    try AtomicFile.replace(
      "\(folder)/\(Self.files.scores)", with: String(decoding: scores, as: UTF8.self) + "\n")
    try AtomicFile.replace("\(folder)/\(Self.files.page)", with: page.markup)
  }
}
