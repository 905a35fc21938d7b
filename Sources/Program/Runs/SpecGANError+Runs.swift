package import SpecGANErrors

extension SpecGANError {
  /// A safetensors file is no checkpoint.
  package static func notACheckpoint(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "runs.notACheckpoint",
      "\(path) is not a checkpoint: its metadata lacks the model, the configuration or the step, or they contradict each other",
      advice: "give a run or a file from its checkpoints folder.", path: path)
  }

  /// A checkpoint was written by another version.
  package static func schemaVersion(path: String, found: String) -> SpecGANError {
    SpecGANError(
      .badData, "runs.schemaVersion",
      "\(path) has schema version \(found) where \(Checkpoint.schemaVersion) is known",
      advice: "use the version of specgan that wrote it.", path: path, found: found)
  }

  /// A folder has no checkpoint.
  package static func noCheckpoint(run: String) -> SpecGANError {
    SpecGANError(
      .missing, "runs.noCheckpoint",
      "\(run) has no checkpoint",
      advice: "train it, or give another run.", path: run)
  }

  /// A folder is no run.
  package static func notARun(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "runs.notARun",
      "\(path) is not a run: it has no configuration, log or checkpoints",
      advice: "give the folder of a run.", path: path)
  }

  /// All checkpoints of a run are damaged; `last` says what became of the last one.
  package static func noWholeCheckpoint(run: String, last: SpecGANError) -> SpecGANError {
    SpecGANError(
      .badData, "runs.noWholeCheckpoint",
      "\(run) has no whole checkpoint; the last one: \(last)", path: run, cause: last)
  }

  /// A line of a run's log is not one.
  package static func logLine(path: String, line: Int) -> SpecGANError {
    SpecGANError(
      .badData, "runs.logLine",
      "\(path), line \(line): this is not a line of a log",
      advice: "correct it, or move the log away.", path: path, line: line)
  }

  /// Another process trains this run now.
  package static func busy(run: String) -> SpecGANError {
    SpecGANError(
      .occupied, "runs.busy",
      "\(run) is being trained by another process",
      advice: "wait for it, or choose another folder.", path: run)
  }

  /// A checkpoint's name says another step than its contents.
  package static func misnamed(path: String, step: Int) -> SpecGANError {
    SpecGANError(
      .badData, "runs.misnamed",
      "\(path) holds step \(step), which its name does not say",
      advice: "rename it, or remove it.", path: path)
  }

  /// A run is there already, and nobody asked to go on with it.
  package static func runExists(path: String) -> SpecGANError {
    SpecGANError(
      .occupied, "runs.runExists",
      "\(path) is a run already",
      advice: "resume it, or choose another folder.", path: path)
  }

  /// A run was trained with other settings.
  package static func otherConfiguration(run: String, differences: [String]) -> SpecGANError {
    SpecGANError(
      .badSetting, "runs.otherConfiguration",
      "\(run) was trained with other settings (\(differences.joined(separator: "; ")))",
      advice: "resume with its own configuration.yaml, or choose another folder.", path: run)
  }

  /// A cache was made with other settings than it is to be trained with.
  package static func cacheSettings(cache: String, differences: [String]) -> SpecGANError {
    SpecGANError(
      .badSetting, "runs.cacheSettings",
      "\(cache) was made with other settings (\(differences.joined(separator: "; ")))",
      advice: "preprocess with this configuration, or change it.", path: cache)
  }

  /// A cache does not say of each example which of several labels it has.
  package static func labels(cache: String, labels: Int, unlabelled: Int) -> SpecGANError {
    SpecGANError(
      .badData, "runs.labels",
      "\(cache) has \(labels) labels and \(unlabelled) examples without one, and network.conditional needs two labels or more and one for every example",
      advice:
        "put the sounds into folders by their label below the folder that is preprocessed, or set network.conditional to false.",
      path: cache)
  }

  /// A run was trained from another cache.
  package static func otherCache(run: String, cache: String) -> SpecGANError {
    SpecGANError(
      .badData, "runs.otherCache",
      "\(run) was trained from another cache than \(cache)",
      advice: "resume with that cache, or choose another folder.", path: run)
  }

  /// A checkpoint lacks what resuming needs.
  package static func notResumable(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "runs.notResumable",
      "\(path) has no optimiser or random state, so training cannot go on from it",
      advice: "it can still generate.", path: path)
  }

  /// Latents have another shape than the model takes.
  package static func latentShape(path: String, found: [Int], expected: Int) -> SpecGANError {
    SpecGANError(
      .badData, "runs.latentShape",
      "\(path): z has shape \(found) where [n, \(expected)] is needed",
      advice: "use latents made for this model.", path: path, found: "\(found)")
  }

  /// Samples have another shape than the model takes.
  package static func sampleShape(path: String, found: [Int], expected: [Int]) -> SpecGANError {
    SpecGANError(
      .badData, "runs.sampleShape",
      "\(path): samples have shape \(found) where [n] + \(expected) is needed",
      advice: "use samples of this model.", path: path, found: "\(found)")
  }

  /// A tensor holds a NaN or an infinity.
  package static func notFinite(path: String, name: String) -> SpecGANError {
    SpecGANError(
      .badData, "runs.notFinite",
      "\(path): tensor '\(name)' holds a number that is not finite",
      advice: "use another file.", path: path, key: name)
  }

  /// A file has a label's number that networks of `count` labels do not know.
  package static func labelNumber(path: String, found: Int, count: Int) -> SpecGANError {
    SpecGANError(
      .badData, "runs.labelNumber",
      "\(path): tensor 'labels' holds \(found) where the numbers of labels are 0 to \(count - 1)",
      advice: "use a file made for this model.", path: path, found: "\(found)")
  }

  /// A checkpoint's generator gives samples that are no numbers.
  package static func generatesNoNumbers(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "runs.generatesNoNumbers",
      "\(path): its generator gives samples that are no numbers",
      advice: "use an earlier checkpoint.", path: path)
  }
}

extension SpecGANError {
  /// Whether a file is not as it was written: another one may be.
  package var isDamage: Bool {
    ["runs.notACheckpoint", "runs.notFinite"].contains(code) || code.room == "safetensors"
  }
}
