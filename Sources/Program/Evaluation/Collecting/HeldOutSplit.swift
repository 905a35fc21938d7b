internal import Scores
internal import SpecGANClassification
internal import SpecGANDatasets
internal import SpecGANErrors

/// Which slices of a cache are held out, as real sounds that nothing is measured against.
///
/// They are the test part of ``DatasetSplit``: of the very split that the classifier was trained
/// with, where it was trained from this cache. Sounds without a label count as of one.
struct HeldOutSplit {
  /// Slices that are held out, rising.
  let heldOut: [Int]
  /// The others, rising.
  let kept: [Int]
  /// What lies on one side alone.
  let unit: DatasetSplit.Unit
  /// Whether what is held out is the classifier's own test part, which it has not learned from.
  let isClassifiers: Bool

  /// The split of `cache`, which errors call `name`.
  ///
  /// - Throws: ``SpecGANError`` where the cache cannot be read, or has too few files to hold some
  ///   out.
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
    // The fingerprint does not tell files' names, which speakers are known by.
    isClassifiers =
      isOfThisCache && report?.splitBy == split.unit
      && report?.test == Classifier.Report.Part(split.test, classes)
    let chosen = Set(split.test.slices)
    guard !chosen.isEmpty, chosen.count < cache.count else { throw .nothingToHoldOut(path: name) }
    heldOut = split.test.slices
    kept = (0..<cache.count).filter { !chosen.contains($0) }
    unit = split.unit
  }
}
