internal import Safetensors
package import SpecGANErrors
internal import SpecGANFiles
internal import Spectra

extension SpecGANError {
  /// The error that no input was given.
  package static var noInputs: SpecGANError {
    SpecGANError(
      .misuse, "datasets.noInputs",
      "No input was given",
      advice: "give a folder of audio files.")
  }

  /// Returns the error that an input does not exist.
  package static func missingInput(path: String) -> SpecGANError {
    let error = SpecGANError.notFound(path: path)
    return SpecGANError(
      .missing, "datasets.missingInput", error.statement, advice: error.advice, path: path)
  }

  /// Returns the error that a setting is out of range; `allowed` completes "use …".
  package static func setting(key: String, found: String, allowed: String) -> SpecGANError {
    SpecGANError(
      .badSetting, "datasets.setting",
      "\(key) is \(found)",
      advice: "use \(allowed).", key: key, found: found, allowed: allowed)
  }

  /// Returns the error that the inputs contain no files but those that are hidden or excluded.
  package static func noFiles(
    inputs: [String], hidden: Int = 0, excluded: Int = 0
  ) -> SpecGANError {
    var others: [String] = []
    if hidden > 0 {
      others.append(
        hidden == 1
          ? "1 that is hidden, because its name begins with a dot"
          : "\(hidden) that are hidden, because their names begin with a dot")
    }
    if excluded > 0 { others.append("\(excluded) that \(excluded == 1 ? "is" : "are") excluded") }
    let but = others.isEmpty ? "" : " but " + others.joined(separator: " and ")
    return SpecGANError(
      .badData, "datasets.noFiles",
      "\(inputs.joined(separator: ", ")) holds no files\(but)",
      advice: hidden > 0
        ? "rename them if they are audio, or give another folder."
        : "give a folder of audio files.")
  }

  /// Returns the error that none of `count` files has a slice; `first` are the first of them, and
  /// `hidden` names were ignored.
  package static func nothingUsable(
    count: Int, first: [SkippedSource], hidden: Int = 0
  ) -> SpecGANError {
    let others =
      hidden == 0
      ? ""
      : hidden == 1
        ? " 1 hidden name was ignored." : " \(hidden) hidden names were ignored."
    return SpecGANError(
      .badData, "datasets.nothingUsable",
      (count == 1 ? "The only file could not be used: " : "None of \(count) files could be used: ")
        + first.map { "\($0.shownPath) \($0.reason)" }.joined(separator: " ") + others)
  }

  /// Returns the error that all `count` audio files below `input` are silent.
  package static func nothingAudible(input: String, count: Int) -> SpecGANError {
    SpecGANError(
      .badData, "datasets.nothingAudible",
      (count == 1 ? "The only audio file" : "Each of \(count) audio files")
        + " in \(input) is silent (no sample is beyond -90 dBFS)",
      advice: "give a folder of audible sounds.", path: input)
  }

  /// Returns the error that the output exists and must not be replaced; `reason` completes a
  /// sentence that begins with the path.
  package static func occupied(path: String, reason: String) -> SpecGANError {
    SpecGANError(
      .occupied, "datasets.occupied",
      "\(path) \(reason)",
      advice: "choose another output, or move this one.", path: path)
  }

  /// Returns the error that the cache at `path` contains `name`, which is not part of a cache.
  package static func foreignInCache(path: String, name: String) -> SpecGANError {
    SpecGANError(
      .occupied, "datasets.foreignInCache",
      "\(path) is a cache that also contains \(name)",
      advice: "move \(name) to another folder.", path: path)
  }

  /// Returns the error that another run is writing to the output.
  package static func busy(path: String) -> SpecGANError {
    SpecGANError(
      .occupied, "datasets.busy",
      "Another run is writing \(path)",
      advice: "wait for it, or choose another output.", path: path)
  }

  /// Returns the error that the file system cannot replace an old cache by a new one atomically.
  package static func irreplaceable(path: String) -> SpecGANError {
    SpecGANError(
      .unwritable, "datasets.irreplaceable",
      "\(path) is on a file system that cannot exchange two folders atomically",
      advice: "delete this cache first, or choose another output.", path: path)
  }

  /// The error that the caller asked to stop; nothing was changed.
  package static var interrupted: SpecGANError {
    SpecGANError(
      .interrupted, "datasets.interrupted",
      "The work was interrupted",
      advice: "nothing was changed.")
  }

  /// Returns the error that there is no cache at `path`.
  package static func notCache(path: String) -> SpecGANError {
    SpecGANError(
      .missing, "datasets.notCache",
      "\(path) is not a cache",
      advice: "create one by preprocessing a folder of audio files.", path: path)
  }

  /// Returns the error that a cache has another version of the format.
  package static func schemaVersion(path: String, found: Int, supported: Int) -> SpecGANError {
    SpecGANError(
      .badData, "datasets.schemaVersion",
      "\(path) is a cache of version \(found), but this program supports version \(supported)",
      advice: "preprocess the audio again.", path: path, found: "\(found)")
  }

  /// Returns the error that a cache is damaged; `path` is the damaged file or the cache, and
  /// `reason` the text after the colon.
  package static func damaged(path: String, reason: String) -> SpecGANError {
    damaged(path, reason, cause: nil)
  }

  /// Returns the error that a cache is damaged, of which `cause` is the sign.
  package static func damaged(path: String, cause: SpecGANError) -> SpecGANError {
    damaged(path, cause.statement, cause: cause)
  }

  private static func damaged(
    _ path: String, _ reason: String, cause: SpecGANError?
  ) -> SpecGANError {
    SpecGANError(
      .badData, "datasets.damaged",
      "\(path) is damaged: \(reason)",
      advice: "preprocess the audio again.", path: path, found: reason, cause: cause)
  }

  /// Returns the error that another cache replaced this one while it was being read.
  package static func replaced(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "datasets.replaced",
      "\(path) was replaced while it was being read",
      advice: "open it again.", path: path)
  }

  /// Returns the error that every crop of the cache can start at only one frame.
  package static func noCrops(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "datasets.noCrops",
      "\(path) has no audio that is longer than a slice, so random crops are not possible",
      advice: "set training.random_crops to false, or preprocess longer audio.", path: path)
  }
}

extension SpecGANError {
  /// Returns the error that slice `slice` of the cache at `path`, or a value computed from it, is
  /// not finite. Preprocessing writes only finite slices.
  package static func notFinite(slice: Int, of path: String) -> SpecGANError {
    .damaged(
      path: path, reason: "slice \(slice) has a value that is not finite or is too large")
  }

  /// The same error, or ``damaged(path:reason:)`` if a file of the cache is missing.
  var inCache: SpecGANError {
    guard code == .fileNotFound, let path else { return self }
    return .damaged(path: path, reason: "it is missing")
  }
}
