internal import Safetensors
package import SpecGANErrors
internal import SpecGANFiles
internal import Spectra

extension SpecGANError {
  /// No INPUT was given.
  package static var noInputs: SpecGANError {
    SpecGANError(
      .misuse, "datasets.noInputs",
      "No input was given",
      advice: "name a folder of sounds.")
  }

  /// An INPUT is not there.
  package static func missingInput(path: String) -> SpecGANError {
    SpecGANError(
      .missing, "datasets.missingInput",
      "\(path) does not exist",
      advice: "check the path.", path: path)
  }

  /// A setting is out of range; `allowed` completes "use …".
  package static func setting(key: String, found: String, allowed: String) -> SpecGANError {
    SpecGANError(
      .badSetting, "datasets.setting",
      "\(key) is \(found)",
      advice: "use \(allowed).", key: key, found: found, allowed: allowed)
  }

  /// The INPUTs hold no files at all.
  package static func noFiles(inputs: [String]) -> SpecGANError {
    SpecGANError(
      .badData, "datasets.noFiles",
      "\(inputs.joined(separator: ", ")) holds no files",
      advice: "name a folder of sounds.")
  }

  /// Not one of `count` files gave a slice; `first` are the first of them.
  package static func nothingUsable(count: Int, first: [SkippedSource]) -> SpecGANError {
    SpecGANError(
      .badData, "datasets.nothingUsable",
      "None of \(count) files could be used: "
        + first.map { "\($0.path) \($0.reason)" }.joined(separator: " "))
  }

  /// What is at the output's path is not a cache; `reason` says what is.
  package static func occupied(path: String, reason: String) -> SpecGANError {
    SpecGANError(
      .occupied, "datasets.occupied",
      "\(path) \(reason)",
      advice: "choose another output, or move it away.", path: path)
  }

  /// Another run is writing to the output now.
  package static func busy(path: String) -> SpecGANError {
    SpecGANError(
      .occupied, "datasets.busy",
      "Another run is writing \(path)",
      advice: "wait for it, or choose another output.", path: path)
  }

  /// The file system cannot put a new cache in an old one's place in one step.
  package static func irreplaceable(path: String) -> SpecGANError {
    SpecGANError(
      .unwritable, "datasets.irreplaceable",
      "\(path) lies on a file system that cannot exchange folders",
      advice: "delete it first.", path: path)
  }

  /// The caller asked to stop; nothing was changed.
  package static var interrupted: SpecGANError {
    SpecGANError(
      .interrupted, "datasets.interrupted",
      "The work was interrupted",
      advice: "nothing was changed.")
  }

  /// There is no cache at the path.
  package static func notCache(path: String) -> SpecGANError {
    SpecGANError(
      .missing, "datasets.notCache",
      "\(path) is not a cache",
      advice: "preprocess a folder of sounds to make one.", path: path)
  }

  /// The cache was written by another version of this program.
  package static func schemaVersion(path: String, found: Int, supported: Int) -> SpecGANError {
    SpecGANError(
      .badData, "datasets.schemaVersion",
      "\(path) is a cache of version \(found), and this program reads version \(supported)",
      advice: "preprocess the sounds again.", path: path, found: "\(found)")
  }

  /// The cache contradicts itself; `path` is the file and `reason` what is wrong in it.
  package static func damaged(path: String, reason: String) -> SpecGANError {
    SpecGANError(
      .badData, "datasets.damaged",
      "\(path) is damaged: \(reason)",
      advice: "preprocess the sounds again.", path: path, found: reason)
  }

  /// The cache was replaced by another while it was being opened.
  package static func replaced(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "datasets.replaced",
      "\(path) was replaced while it was being read",
      advice: "open it again.", path: path)
  }

  /// No sound of the cache has a second slice, so none can be cropped elsewhere.
  package static func noCrops(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "datasets.noCrops",
      "\(path) has no sound that is longer than a slice, so there is nothing to crop at random",
      advice: "set training.random_crops to false, or preprocess longer sounds.", path: path)
  }
}

extension SpecGANError {
  /// That number `slice` of the cache at `path`, or what is computed of it, is not finite; what
  /// preprocessing writes is.
  package static func notFinite(slice: Int, of path: String) -> SpecGANError {
    .damaged(
      path: path, reason: "slice \(slice) holds a number that is not finite, or far too large")
  }

  /// The same error, or damage of the cache if a file that a cache must have is missing.
  var inCache: SpecGANError {
    guard code == .fileNotFound, let path else { return self }
    return .damaged(path: path, reason: "it is missing")
  }
}
