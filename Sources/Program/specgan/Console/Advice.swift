import SpecGANErrors
import SpecGANFiles

extension SpecGANError {
  /// This error with advice that names options of the program, if an option helps.
  ///
  /// A library does not know the option names of its caller.
  var advisingOptions: SpecGANError {
    switch code {
    case "datasets.notCache":
      advising("create one with specgan preprocess \(sources).")
    case "files.outputExists": advising("choose another output, or add --replace.")
    case "files.foreignFolder":
      advising("choose another --output; --replace only removes files of such a list.")
    case "runs.busy": advising("wait for it, or choose another --run.")
    case "runs.runExists": advising("add --resume to continue it, or choose another --run.")
    case "runs.otherConfiguration":
      advising("resume with its own configuration.yaml, or choose another --run.")
    case "runs.noPlan":
      advising("add --steps, or --set training.planned_steps=N; a new run also takes --minutes.")
    case "runs.otherCache":
      advising("give the run's own cache with --cache, or choose another --run.")
    case "runs.missingCache":
      advising("if it was moved, give its path with --cache; otherwise preprocess the audio again.")
    case "runs.cacheOfRuns":
      advising("choose another --output, or add --replace to replace it all the same.")
    case "runs.holdsOther": advising("choose another --run.")
    case "runs.checkpointsGone":
      advising("restore its checkpoints folder, or choose another --run.")
    case "runs.hasBegun": advising("leave out --from to resume it, or choose another --run.")
    case "runs.otherNetworks":
      advising("set these as they were, with --set or in the configuration.")
    case "runs.otherSeeds": advising("give one file at a time, or one seed for all with --seed.")
    case "ranks.uneven":
      advising("use at least as many shards as ranks, with --set training.shards=N.")
    case "reports.pageTooLarge": advising("keep fewer with --keep, or leave out --page.")
    case "studio.port": advising("choose another --port, or leave it out.")
    case "kits.moreVoicesThanKeys": advising("choose some with --labels.")
    case "classification.unlearned": advising("use another --seed, or more speakers.")
    case "classification.diverged": advising("use a lower --learning-rate.")
    case "classification.memory": advising("use fewer --channels or a smaller --batch-size.")
    case "classification.notClassifier": advising("give a file of specgan classifier train.")
    case "evaluation.nothingToHoldOut": advising("give another set with --held-out.")
    case "evaluation.singleFilesHeldOut":
      advising("give another set with --held-out, or put all files into one folder.")
    case "evaluation.otherFeatures": advising("leave --features out, or use another classifier.")
    case "evaluation.sameSounds": advising("leave --held-out out, or name another set.")
    default: self
    }
  }

  /// The arguments that create the cache that is missing at ``path``; not in a folder that is
  /// already there, which may be the one with the audio.
  private var sources: String {
    guard let path else { return "INPUT --output CACHE" }
    let isThere = (try? Folder.exists(path)) == true
    return isThere ? "\(path.pathInShell) --output CACHE" : "INPUT --output \(path.pathInShell)"
  }
}
