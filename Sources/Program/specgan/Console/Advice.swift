import SpecGANErrors

extension SpecGANError {
  /// This error with advice that names the program's options, if there is an option that helps.
  ///
  /// A library says what happened and where; it cannot know how its caller spells a setting.
  var advisingOptions: SpecGANError {
    switch code {
    case "datasets.notCache":
      advising("make one with specgan preprocess INPUT --output \(path ?? "CACHE").")
    case "runs.busy": advising("wait for it, or choose another --run.")
    case "runs.runExists": advising("add --resume to go on with it, or choose another --run.")
    case "runs.otherConfiguration":
      advising("resume with its own configuration.yaml, or choose another --run.")
    case "runs.otherCache": advising("resume with that cache, or choose another --run.")
    case "classification.unlearned": advising("use another --seed, or sounds of more speakers.")
    case "classification.diverged": advising("use a lower --learning-rate.")
    case "classification.memory": advising("use fewer --channels or a smaller --batch-size.")
    case "classification.notClassifier": advising("give a file of specgan classifier train.")
    case "evaluation.nothingToHoldOut": advising("name others with --held-out.")
    case "evaluation.sameSounds": advising("leave --held-out out, or name others.")
    default: self
    }
  }
}
