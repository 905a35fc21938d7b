package import SpecGANErrors

extension SpecGANError {
  /// Returns the error that a safetensors file is not a checkpoint.
  package static func notACheckpoint(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "runs.notACheckpoint",
      "\(path) is not a checkpoint: its metadata lacks the model, the configuration or the step, or they contradict each other",
      advice: "give a run or a file from its checkpoints folder.", path: path)
  }

  /// Returns the error that a checkpoint was written by another version.
  package static func schemaVersion(path: String, found: String) -> SpecGANError {
    SpecGANError(
      .badData, "runs.schemaVersion",
      "\(path) has schema version \(found), expected \(Checkpoint.schemaVersion)",
      advice: "use the version of specgan that wrote it.", path: path, found: found)
  }

  /// Returns the error that a run has no checkpoint.
  package static func noCheckpoint(run: String) -> SpecGANError {
    SpecGANError(
      .missing, "runs.noCheckpoint",
      "\(run) has no checkpoint",
      advice: "train it, or give another run.", path: run)
  }

  /// Returns the error that no step of a run has a score.
  package static func noScore(run: String) -> SpecGANError {
    SpecGANError(
      .missing, "runs.noScore", "\(run) has no score of a preview, so no checkpoint is the best",
      advice: "use the last one.", path: run)
  }

  /// Returns the error that the step with the best score has no checkpoint.
  package static func noBestCheckpoint(run: String, step: Int) -> SpecGANError {
    SpecGANError(
      .missing, "runs.noBestCheckpoint",
      "\(run) has its best score at step \(step), which has no checkpoint",
      advice: "use the last one, or name another one.", path: run)
  }

  /// Returns the error that a folder is not a run.
  package static func notARun(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "runs.notARun",
      "\(path) is not a run: it has no configuration, log or checkpoints",
      advice: "give the folder of a run.", path: path)
  }

  /// Returns the error that all checkpoints of a run are damaged; `last` is the last one's error.
  package static func noWholeCheckpoint(run: String, last: SpecGANError) -> SpecGANError {
    SpecGANError(
      .badData, "runs.noWholeCheckpoint",
      "\(run) has no intact checkpoint; the last one: \(last)", path: run, cause: last)
  }

  /// Returns the error that a line of a log is not a log entry.
  package static func logLine(path: String, line: Int) -> SpecGANError {
    SpecGANError(
      .badData, "runs.logLine",
      "\(path), line \(line): not a log entry",
      advice: "correct the line, or move the file away.", path: path, line: line)
  }

  /// Returns the error that another process trains the run.
  package static func busy(run: String) -> SpecGANError {
    SpecGANError(
      .occupied, "runs.busy",
      "\(run) is being trained by another process",
      advice: "wait for it, or choose another folder.", path: run)
  }

  /// Returns the error that a checkpoint's name does not match its step.
  package static func misnamed(path: String, step: Int) -> SpecGANError {
    SpecGANError(
      .badData, "runs.misnamed",
      "\(path) contains step \(step), but its name is that of another step",
      advice: "rename it, or remove it.", path: path)
  }

  /// Returns the error that a run exists and would not be resumed.
  package static func runExists(path: String) -> SpecGANError {
    SpecGANError(
      .occupied, "runs.runExists",
      "\(path) already contains a run",
      advice: "resume it, or choose another folder.", path: path)
  }

  /// Returns the error that a run was trained with other settings.
  package static func otherConfiguration(run: String, differences: [String]) -> SpecGANError {
    SpecGANError(
      .badSetting, "runs.otherConfiguration",
      "\(run) was trained with other settings (\(differences.joined(separator: "; ")))",
      advice: "resume with its own configuration.yaml, or choose another folder.", path: run)
  }

  /// Returns the error that learning rates decay, but nothing says when the run is to end.
  package static func noPlan(run: String) -> SpecGANError {
    SpecGANError(
      .badSetting, "runs.noPlan",
      "\(run): the learning rates decay or the networks grow, but the run has no planned end",
      advice: "set training.planned_steps, or train to a limit of steps.",
      path: run, key: "training.planned_steps")
  }

  /// Returns the error that the networks of a run would be at another stage by a new plan.
  package static func otherLevel(
    run: String, step: Int, before: Int, now: Int
  ) -> SpecGANError {
    SpecGANError(
      .badSetting, "runs.otherLevel",
      "\(run): training.planned_steps was \(before) and is now \(now). With the new value, step "
        + "\(step + 1) would be at another level or blend of network.growing",
      advice: "keep \(before); a run may go on after its planned end.", path: run,
      key: "training.planned_steps")
  }

  /// Returns the error that a cache has other settings than the run.
  package static func cacheSettings(cache: String, differences: [String]) -> SpecGANError {
    SpecGANError(
      .badSetting, "runs.cacheSettings",
      "\(cache) was preprocessed with other settings (\(differences.joined(separator: "; ")))",
      advice: "preprocess with this configuration, or change it.", path: cache)
  }

  /// Returns the error that the spectrograms of a cache are those of the mean of `channels`
  /// channels.
  package static func mixedSpectrograms(cache: String, channels: Int) -> SpecGANError {
    SpecGANError(
      .badData, "runs.mixedSpectrograms",
      "\(cache) is of version 0.2 and has spectrograms of the mean of its \(channels) channels",
      advice: "preprocess again, which keeps its audio.", path: cache)
  }

  /// Returns the error that a cache has fewer than two labels, or examples without one.
  package static func labels(cache: String, labels: Int, unlabeled: Int) -> SpecGANError {
    SpecGANError(
      .badData, "runs.labels",
      "\(cache) has \(labels) labels and \(unlabeled) examples without a label, but network.conditional needs at least two labels, and one for every example",
      advice:
        "sort the audio into one folder per label and preprocess again, or set network.conditional to false.",
      path: cache)
  }

  /// Returns the error that a cache has no file that training can do without.
  package static func nothingToValidate(cache: String) -> SpecGANError {
    SpecGANError(
      .badData, "runs.nothingToValidate",
      "\(cache) has one file, or one for each label, so none is left to compare with, as adaptive augmentation does for the losses wgan-gp and wgan",
      advice: "add audio and preprocess again, or set training.augmentation to fixed.", path: cache)
  }

  /// Returns the error that the cache of a run was replaced, or is another one.
  package static func otherCache(
    run: String, fingerprint: String?, cache: String, found: String
  ) -> SpecGANError {
    let known = fingerprint.map { " (fingerprint \($0))" } ?? ""
    let statement =
      fingerprint == found
      ? "\(run) was trained with other labels than \(cache) has"
      : "\(run) was trained on another cache\(known) than \(cache) (fingerprint \(found))"
    return SpecGANError(
      .badData, "runs.otherCache", statement,
      advice: "resume with the cache of the run, or choose another folder.", path: run,
      found: found)
  }

  /// Returns the error that the cache of a run is gone.
  package static func missingCache(
    run: String, fingerprint: String?, cache: String
  ) -> SpecGANError {
    let known = fingerprint.map { ", fingerprint \($0)," } ?? ""
    return SpecGANError(
      .missing, "runs.missingCache",
      "\(run) was trained on a cache\(known) that is no longer at \(cache)",
      advice: "give the path of that cache.", path: cache)
  }

  /// Returns the error that a cache would be replaced that `runs` were trained on.
  package static func cacheOfRuns(cache: String, runs: [String]) -> SpecGANError {
    let most = 3
    let others = runs.count > most ? " and \(runs.count - most) more" : ""
    return SpecGANError(
      .occupied, "runs.cacheOfRuns",
      "\(cache) is needed to resume \(runs.prefix(most).joined(separator: ", "))\(others), and the new cache differs",
      advice: "choose another folder.", path: cache)
  }

  /// Returns the error that a file to replace is a part of a run or a cache.
  package static func partOf(path: String, whole: String, kind: String) -> SpecGANError {
    SpecGANError(
      .occupied, "runs.partOf",
      "\(path) would be overwritten, and is a part of the \(kind) \(whole)",
      advice: "choose another output.", path: path)
  }

  /// Returns the error that a folder is not free for a run.
  package static func holdsOther(run: String, what: String) -> SpecGANError {
    SpecGANError(
      .occupied, "runs.holdsOther",
      "\(run) \(what), so no run can begin there",
      advice: "choose another folder.", path: run)
  }

  /// Returns the error that clips would be replaced by those of another checkpoint.
  package static func otherClips(
    latents: String, step: Int, checkpoint: String, found: Int
  ) -> SpecGANError {
    SpecGANError(
      .occupied, "runs.otherClips",
      "\(latents) and its clips are from step \(step), and step \(found) would replace them by others",
      advice: "use \(checkpoint), or choose another output.", path: latents)
  }

  /// Returns the error that a run has lost its checkpoints, as its log shows.
  package static func checkpointsGone(run: String, step: Int) -> SpecGANError {
    SpecGANError(
      .missing, "runs.checkpointsGone",
      "\(run) has no checkpoint, but its log goes to step \(step)",
      advice: "restore its checkpoints, or choose another folder.", path: run)
  }

  /// Returns the error that a run would begin with other weights, although it has begun.
  package static func hasBegun(run: String) -> SpecGANError {
    SpecGANError(
      .misuse, "runs.hasBegun",
      "\(run) has begun already, so it cannot begin with the weights of another run",
      advice: "resume it without them, or choose another folder.", path: run)
  }

  /// Returns the error that the weights of a checkpoint do not fit the networks of a run.
  package static func otherNetworks(path: String, differences: [String]) -> SpecGANError {
    SpecGANError(
      .badSetting, "runs.otherNetworks",
      "\(path) has other networks (\(differences.joined(separator: "; ")))",
      advice: "use its settings of the networks, or another checkpoint.", path: path)
  }

  /// Returns the error that a checkpoint has another number of labels than a cache.
  package static func otherLabels(path: String, count: Int, cache: String, found: Int)
    -> SpecGANError
  {
    SpecGANError(
      .badData, "runs.otherLabels",
      "\(path) has networks for \(count) labels, but \(cache) has \(found) labels",
      advice: "use audio with as many labels, or another checkpoint.", path: path)
  }

  /// Returns the error that a checkpoint is not resumable.
  package static func notResumable(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "runs.notResumable",
      "\(path) has no optimizer state, no random state, or not the starts of all levels of networks "
        + "that grow, so training cannot resume from it",
      advice: "use it only to generate clips.", path: path)
  }

  /// Returns the error that latents do not have the shape of the model's input.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - found: the shape.
  ///   - expected: the number of elements of a latent.
  ///   - layers: the number of layers that may have one each; 0 if they cannot.
  /// - Returns: the error.
  package static func latentShape(
    path: String, found: [Int], expected: Int, layers: Int = 0
  ) -> SpecGANError {
    let perLayer = layers > 0 ? " or [n, \(layers), \(expected)]" : ""
    return SpecGANError(
      .badData, "runs.latentShape",
      "\(path): z has shape \(found), expected [n, \(expected)]\(perLayer)",
      advice: "use latents made for this model.", path: path, found: "\(found)")
  }

  /// Returns the error that a truncation of latents is outside 0 to 1.
  package static func truncations(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "runs.truncations", "\(path): the tensor truncations has a value outside 0 to 1",
      advice: "use a file that specgan wrote, or correct the values.", path: path)
  }

  /// Returns the error that latents have truncated styles, but the generator has no styles.
  package static func noStylesToTruncate(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "runs.noStylesToTruncate",
      "\(path) has truncated styles, but network.generator of the checkpoint is dcgan",
      advice: "use latents made for this model.", path: path)
  }

  /// Returns the error that samples do not have the shape of the model's output.
  package static func sampleShape(path: String, found: [Int], expected: [Int]) -> SpecGANError {
    SpecGANError(
      .badData, "runs.sampleShape",
      "\(path): samples have shape \(found), expected [n] + \(expected)",
      advice: "use samples of this model.", path: path, found: "\(found)")
  }

  /// Returns the error that a tensor has a value that is NaN or infinite.
  package static func notFinite(path: String, name: String) -> SpecGANError {
    SpecGANError(
      .badData, "runs.notFinite",
      "\(path): tensor '\(name)' has a value that is not finite",
      advice: "use another file.", path: path, key: name)
  }

  /// Returns the error that a file has a label index that is not one of `count` labels.
  package static func labelNumber(path: String, found: Int, count: Int) -> SpecGANError {
    SpecGANError(
      .badData, "runs.labelNumber",
      "\(path): tensor 'labels' has the index \(found), expected 0 to \(count - 1)",
      advice: "use a file made for this model.", path: path, found: "\(found)")
  }

  /// Returns the error that the weights of a clip's labels are no mixture.
  package static func labelWeights(path: String, row: Int) -> SpecGANError {
    SpecGANError(
      .badData, "runs.labelWeights",
      "\(path): row \(row) of tensor 'labels' is not a mixture of labels",
      advice: "use weights that are not negative, with a sum above 0.", path: path)
  }

  /// Returns the error that a WAV file has no recipe of a generated clip.
  package static func noRecipe(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "runs.noRecipe", "\(path) has no recipe of a generated clip",
      advice: "use a file that the kit command wrote, unchanged.", path: path)
  }

  /// Returns the error that a recipe names a label that the model does not have.
  package static func otherLabel(path: String, found: String, known: [String]) -> SpecGANError {
    let labels = known.isEmpty ? "none" : known.joined(separator: ", ")
    return SpecGANError(
      .badData, "runs.otherLabel",
      "\(path) was generated with the label \(found); the labels of this model are \(labels)",
      advice: "use the checkpoint that generated it.", path: path, found: found)
  }

  /// Returns the error that the clips of two files were generated with different seeds.
  package static func otherSeeds(first: String, second: String) -> SpecGANError {
    SpecGANError(
      .badData, "runs.otherSeeds", "\(first) and \(second) have different random seeds",
      advice: "use one file at a time, or give one seed for all.", path: second)
  }

  /// Returns the error that a generator's samples are not finite, or their magnitudes overflow.
  package static func generatesNoNumbers(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "runs.generatesNoNumbers",
      "\(path): the generator's samples are not finite, or too large for audio",
      advice: "use an earlier checkpoint.", path: path)
  }
}

extension SpecGANError {
  /// Whether a file is damaged, so that another one may be intact.
  package var isDamage: Bool {
    ["runs.notACheckpoint", "runs.notFinite"].contains(code) || code.room == "safetensors"
  }
}
