internal import Scores
internal import SpecGANClassification
internal import SpecGANDatasets
internal import SpecGANErrors

/// A split of a cache into held-out slices and the others.
///
/// The held-out slices are the test part of ``DatasetSplit``. If the classifier was trained on this
/// cache, it is the same split. Clips without a label count as one label.
struct HeldOutSplit {
  /// The indices of the held-out slices, rising.
  let heldOut: [Int]
  /// The indices of the other slices, rising.
  let kept: [Int]
  /// The unit that is never divided.
  let unit: DatasetSplit.Unit
  /// Whether the held-out part is the classifier's test part, which it was not trained on.
  let isClassifiers: Bool

  /// Splits `cache`, which errors call `name`.
  ///
  /// - Throws: ``SpecGANError`` if the cache cannot be read, or has too few files to hold some out.
  init(of cache: Cache, named name: String, _ classifier: Classifier?) throws(SpecGANError) {
    var files: [SlicedFile]
    files = try cache.slicedFiles()
    let report = classifier?.report
    var classes = cache.labels.count
    let isOfThisCache = report?.fingerprint == cache.fingerprint
    if !isOfThisCache && files.contains(where: { $0.label == nil }) {
      files = files.map { SlicedFile(path: $0.path, label: 0, slices: $0.slices) }
      classes = 1
    }
    let split = DatasetSplit(
      of: files, classes: classes, seed: isOfThisCache ? report?.settings.seed ?? 0 : 0)
    // The fingerprint does not contain the file names, which identify speakers.
    isClassifiers =
      isOfThisCache && report?.splitBy == split.unit
      && report?.test == Classifier.Report.Part(split.test, classes)
    let chosen = Set(split.test.slices)
    guard !chosen.isEmpty, chosen.count < cache.count else {
      throw split.hasSingleFiles
        ? .singleFilesHeldOut(path: name) : .nothingToHoldOut(path: name)
    }
    heldOut = split.test.slices
    kept = (0..<cache.count).filter { !chosen.contains($0) }
    unit = split.unit
  }
}
