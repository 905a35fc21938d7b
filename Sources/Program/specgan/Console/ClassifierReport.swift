import SpecGANClassification
import Waveforms

/// The description of a classifier, as text and as JSON.
struct ClassifierReport: Encodable {
  let kind = "classifier"
  let whole = true
  let labels: [String]
  let sample_rate, slice_length: Int
  private let report: Classifier.Report

  init(_ classifier: Classifier) {
    labels = classifier.labels
    (sample_rate, slice_length) = (classifier.audio.sampleRate, classifier.audio.sliceLength)
    report = classifier.report
  }

  /// The description in a sentence.
  var summary: String {
    """
    Test accuracy \(report.testAccuracy.percent) of \(report.test.slices) slices, with the weights \
    of epoch \(report.bestEpoch) of \(report.epochs).
    """
  }

  var lines: [(String, String)] {
    [
      ("kind", "\(kind), intact"), ("labels", labels.joined(separator: ", ")),
      ("accepts", "\(slice_length) samples at \(sample_rate) Hz"),
      ("test accuracy", "\(report.testAccuracy.percent) of \(count(report.test))"),
      (
        "validation",
        "\(report.validationAccuracy.percent) of \(count(report.validation)), loss "
          + report.validationLoss.rounded(to: 4)
      ),
      ("training part", "\(count(report.training)); other \(report.splitBy.rawValue)s than those"),
      ("epoch", "\(report.bestEpoch), the best of \(report.epochs); \(ending)"),
      ("features", report.settings.features.rawValue),
      ("channels", "\(report.settings.channels)"), ("seed", "\(report.settings.seed)"),
      ("fingerprint of the cache", report.fingerprint),
    ]
  }

  private var ending: String {
    switch report.outcome {
    case .finished: "all epochs were trained"
    case .stoppedImproving: "stopped: no improvement"
    case .interrupted: "interrupted"
    }
  }

  private func count(_ part: Classifier.Report.Part) -> String {
    "\(part.slices) slices of \(part.files) \(part.files == 1 ? "file" : "files")"
  }

  func encode(to encoder: any Encoder) throws {
    try report.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .kind)
    try container.encode(whole, forKey: .whole)
    try container.encode(labels, forKey: .labels)
    try container.encode(sample_rate, forKey: .sample_rate)
    try container.encode(slice_length, forKey: .slice_length)
  }

  private enum CodingKeys: String, CodingKey { case kind, whole, labels, sample_rate, slice_length }
}
