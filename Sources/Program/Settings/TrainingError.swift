package import Safetensors
package import SpecGANDatasets
package import SpecGANFiles
package import SpecGANPictures
package import SpecGANTraining
package import Spectra
package import Waveforms

/// Why a run, a checkpoint or what is made from it did not work.
package enum TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The system refused.
  case file(FileError)
  /// A safetensors file cannot be used.
  case tensors(SafetensorsError)
  /// A configuration cannot be used.
  case configuration(ConfigurationError)
  /// A cache cannot be used.
  case dataset(DatasetError)
  /// A sound cannot be read.
  case audio(AudioFileError)
  /// A spectrogram cannot be used.
  case spectra(SpectraError)
  /// A picture cannot be written.
  case picture(PictureError)
  /// A safetensors file is no checkpoint.
  case notACheckpoint(path: String)
  /// A checkpoint was written by another version.
  case schemaVersion(path: String, found: String)
  /// A folder has no checkpoint.
  case noCheckpoint(run: String)
  /// A folder is no run.
  case notARun(path: String)
  /// All checkpoints of a run are damaged; `last` says what became of the last one.
  indirect case noWholeCheckpoint(run: String, last: TrainingError)
  /// A line of a run's log is not one.
  case logLine(path: String, line: Int)
  /// Another process trains this run now.
  case busy(run: String)
  /// A checkpoint's name says another step than its contents.
  case misnamed(path: String, step: Int)
  /// Training would take more memory than there is.
  case memory(needed: Int, available: Int)
  /// A run is there already, and nobody asked to go on with it.
  case runExists(path: String)
  /// A run was trained with other settings.
  case otherConfiguration(run: String, differences: [String])
  /// A cache was made with other settings than it is to be trained with.
  case cacheSettings(cache: String, differences: [String])
  /// A cache does not say of each example which of several labels it has.
  case labels(cache: String, labels: Int, unlabelled: Int)
  /// A run was trained from another cache.
  case otherCache(run: String, cache: String)
  /// A checkpoint lacks what resuming needs.
  case notResumable(path: String)
  /// A loss, a gradient or a weight blew up in `step`, also after so many roll-backs.
  case diverged(run: String, step: Int, Divergence, rollBacks: Int = 0)
  /// Latents have another shape than the model takes.
  case latentShape(path: String, found: [Int], expected: Int)
  /// Samples have another shape than the model takes.
  case sampleShape(path: String, found: [Int], expected: [Int])
  /// A tensor holds a NaN or an infinity.
  case notFinite(path: String, name: String)
  /// A file has a label's number that networks of `count` labels do not know.
  case labelNumber(path: String, found: Int, count: Int)
  /// A checkpoint's generator gives samples that are no numbers.
  case noSamples(path: String)

  /// A sentence: what, where, and what to do.
  package var description: String {
    switch self {
    case .file(let error): error.description
    case .tensors(let error): error.description
    case .configuration(let error): error.description
    case .dataset(let error): error.description
    case .audio(let error): error.description
    case .spectra(let error): error.description
    case .picture(let error): error.description
    case .notACheckpoint(let path):
      "\(path) is not a checkpoint: its metadata lacks the model, the configuration or the step, or they contradict each other; "
        + "give a run or a file from its checkpoints folder."
    case .schemaVersion(let path, let found):
      "\(path) has schema version \(found) where 1 is known; "
        + "use the version of specgan that wrote it."
    case .noCheckpoint(let run):
      "\(run) has no checkpoint; train it, or give another run."
    case .notARun(let path):
      "\(path) is not a run: it has no configuration, log or checkpoints; give the folder of a run."
    case .noWholeCheckpoint(let run, let last):
      "\(run) has no whole checkpoint; the last one: \(last)"
    case .logLine(let path, let line):
      "\(path), line \(line): this is not a line of a log; correct it, or move the log away."
    case .busy(let run):
      "\(run) is being trained by another process; wait for it, or choose another --run."
    case .misnamed(let path, let step):
      "\(path) holds step \(step), which its name does not say; rename it, or remove it."
    case .memory(let needed, let available):
      "Training needs \(needed >> 20) MiB of memory, and \(available >> 20) are free; "
        + "lower training.batch_size or network.dimension."
    case .runExists(let path):
      "\(path) is a run already; add --resume to go on with it, or choose another --run."
    case .otherConfiguration(let run, let differences):
      "\(run) was trained with other settings (\(differences.joined(separator: "; "))); "
        + "resume with its own configuration.yaml, or choose another --run."
    case .cacheSettings(let cache, let differences):
      "\(cache) was made with other settings (\(differences.joined(separator: "; "))); "
        + "preprocess with this configuration, or change it."
    case .labels(let cache, let labels, let unlabelled):
      "\(cache) has \(labels) labels and \(unlabelled) examples without one, and network.conditional needs two labels or "
        + "more and one for every example; put the sounds into folders by their label below the folder that is "
        + "preprocessed, or set network.conditional to false."
    case .otherCache(let run, let cache):
      "\(run) was trained from another cache than \(cache); resume with that cache, "
        + "or choose another --run."
    case .notResumable(let path):
      "\(path) has no optimiser or random state, so training cannot go on from it; "
        + "it can still generate."
    case .diverged(let run, let step, let divergence, let rollBacks):
      "\(run): \(divergence) at step \(step)\(rollBacks > 0 ? ", after \(rollBacks) roll-backs" : ""); "
        + "the checkpoints from before are kept. Lower training.learning_rate, or look at the data."
    case .latentShape(let path, let found, let expected):
      "\(path): z has shape \(found) where [n, \(expected)] is needed; "
        + "use latents made for this model."
    case .sampleShape(let path, let found, let expected):
      "\(path): samples have shape \(found) where [n] + \(expected) is needed; "
        + "use samples of this model."
    case .notFinite(let path, let name):
      "\(path): tensor '\(name)' holds a number that is not finite; use another file."
    case .labelNumber(let path, let found, let count):
      "\(path): tensor 'labels' holds \(found) where the numbers of labels are 0 to \(count - 1); "
        + "use a file made for this model."
    case .noSamples(let path):
      "\(path): its generator gives samples that are no numbers; use an earlier checkpoint."
    }
  }
}

extension TrainingError {
  /// Whether it says that a file is not what was written once: another one may be.
  package var isDamage: Bool {
    switch self {
    case .notACheckpoint, .notFinite: true
    case .tensors(.file): false
    case .tensors: true
    default: false
    }
  }

  /// Whether it says that something cannot be written: there may be room later.
  package var isWriteFailure: Bool {
    switch self {
    case .file(let error), .tensors(.file(let error)), .audio(.file(let error)),
      .picture(.file(let error)):
      error.isWriteFailure
    case .picture(.encoding): true
    default: false
    }
  }
}

extension FileError {
  fileprivate var isWriteFailure: Bool {
    switch self {
    case .unwritable, .unappendable, .unflushed: true
    case .notFound, .unreadable: false
    }
  }
}
