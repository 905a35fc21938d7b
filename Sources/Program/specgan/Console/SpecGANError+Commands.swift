internal import SpecGANErrors
import SpecGANFiles

extension SpecGANError {
  /// Returns the error that a file of samples has waveforms, which have no spectrogram to invert.
  static func samplesAreSounds(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "commands.samplesAreSounds",
      "\(path): tensor 'samples' has waveforms, which need no inversion",
      advice: "use the WAV files that generate wrote with it.", path: path)
  }

  /// Returns the error that a configuration would be overwritten.
  static func configurationExists(path: String) -> SpecGANError {
    SpecGANError(
      .occupied, "command.configurationExists",
      "\(path) exists already",
      advice: "choose another name, or delete it.", path: path)
  }

  /// Returns the error that a cache has none of the sounds that a run is to be trained on.
  static func otherSounds(cache: String, sounds: String) -> SpecGANError {
    SpecGANError(
      .occupied, "command.otherSounds",
      "\(cache) is a cache of other sounds than those in \(sounds)",
      advice: "choose another --cache, or delete it.", path: cache)
  }

  /// Returns the error that a cache would change that runs need; `error` names them.
  static func changedSounds(sounds: String, _ error: SpecGANError) -> SpecGANError {
    SpecGANError(
      .occupied, "command.changedSounds",
      "\(sounds) or the settings have changed: \(error.statement)",
      advice: "train a new run with another --run and --cache, or resume the old one without "
        + "--sounds.", path: error.path, cause: error)
  }

  /// Returns the error that clips cannot be compared with the training data.
  static func noTrainingClips(path: String) -> SpecGANError {
    SpecGANError(
      .missing, "command.noTrainingClips",
      "\(path): its cache was not found, has changed, or has only one slice",
      advice: "leave out the clips, or bring the cache back.", path: path)
  }

  /// Returns the error that a folder has no WAV files.
  static func noWAVFiles(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "command.noWAVFiles", "\(path) has no WAV files",
      advice: "give a folder of clips, such as that of kit.", path: path)
  }

  /// Returns the error that two inputs would write the same file.
  static func equalStems(first: String, second: String, output: String) -> SpecGANError {
    SpecGANError(
      .misuse, "command.equalStems",
      "\(first) and \(second) would both be written to \(output)",
      advice: "rename one of them.")
  }

  /// Returns the error that a command does not accept a file.
  static func unknownInput(path: String, expected: String) -> SpecGANError {
    SpecGANError(
      .badData, "command.unknownInput",
      "\(path) is not a valid input",
      advice: "give \(expected).", path: path)
  }

  /// Returns the error that a command takes audio files, but not folders of them.
  static func folderOfSounds(path: String) -> SpecGANError {
    SpecGANError(
      .misuse, "command.folderOfSounds",
      "\(path) is a folder and not a cache",
      advice: "name the audio files in it, such as \(path)/*.wav.", path: path)
  }

  /// Returns the error that a tensor has another shape than `expected`.
  static func shape(path: String, name: String, found: [Int], expected: String) -> SpecGANError {
    SpecGANError(
      .badData, "command.shape",
      "\(path): tensor '\(name)' has shape \(found), expected \(expected)",
      advice: "give a file with that shape.", path: path, key: name, found: "\(found)")
  }

  /// Returns the error that the magnitudes of `place` are too large for finite samples.
  static func tooLarge(place: String) -> SpecGANError {
    SpecGANError(
      .badData, "command.tooLarge",
      "\(place): magnitudes are too large for audio",
      advice: "scale them down.")
  }

  /// Returns the error that the moments of normalized spectrograms are missing.
  static func noMoments(path: String, isGiven: Bool) -> SpecGANError {
    SpecGANError(
      .badData, "command.noMoments",
      isGiven
        ? "\(path) has no 'mean' and 'deviation'"
        : "\(path) has spectrograms but no 'mean' and 'deviation'",
      advice: isGiven
        ? "give --moments the moments.safetensors of a cache."
        : "add --moments with the moments.safetensors of their cache.", path: path)
  }

  /// Returns the error that a result could not be written to standard output.
  static func lostResult(reason: String) -> SpecGANError {
    SpecGANError(
      .unwritable, "command.lostResult", "Standard output cannot be written: \(reason)",
      advice: "redirect it to a file on a disk with free space.")
  }

  /// Returns the error that more clips are to be kept than are generated.
  static func keepsMoreThanMade(keep: Int, count: Int) -> SpecGANError {
    SpecGANError(
      .misuse, "command.keepsMoreThanMade",
      "--keep is \(keep), but --count is \(count)",
      advice: "generate more, or keep fewer.")
  }

  /// Returns the error that the latents in a file have no clip with a number; `known` are those
  /// that they have.
  static func noSuchClip(_ clip: Int, path: String, known: String) -> SpecGANError {
    SpecGANError(
      .misuse, "command.noSuchClip", "Clip \(clip) is not in \(path), which has \(known)",
      advice: "use one of them.", path: path, found: "\(clip)")
  }

  /// Returns the error that the latents in a file have no clip with the number that an option
  /// gives; `known` are those that they have.
  static func noSuchRow(option: String, row: Int, path: String, known: String) -> SpecGANError {
    SpecGANError(
      .misuse, "command.noSuchRow", "--\(option) is \(row), but \(path) has \(known)",
      advice: "use one of them.", path: path)
  }

  /// Returns the error that an option is for style-based generators only.
  static func notStyleBased(path: String, option: String) -> SpecGANError {
    SpecGANError(
      .misuse, "command.notStyleBased",
      "--\(option) needs a style-based generator, but in \(path) network.generator is dcgan",
      advice: "leave the option out, or train with network.generator=style-based.", path: path)
  }

  /// Returns the error that a style-based generator does not have the layers `found`.
  static func styleLayers(found: ClosedRange<Int>, count: Int, path: String) -> SpecGANError {
    SpecGANError(
      .misuse, "command.styleLayers",
      "--layers \(found.count == 1 ? "\(found.lowerBound)" : "\(found.lowerBound)-\(found.upperBound)") "
        + "is outside the layers 0 to \(count - 1) of the generator of \(path)",
      advice: "use layers from 0 to \(count - 1).", path: path)
  }

  /// Returns the error that a file with clips to mix has another number of them.
  static func mixCount(found: Int, count: Int, path: String) -> SpecGANError {
    SpecGANError(
      .misuse, "command.mixCount",
      "--mix-latents \(path) has \(counted(found, "clip")), but the command generates "
        + counted(count, "clip"),
      advice: count == 1 ? "use a file with 1 clip." : "use a file with 1 clip, or with \(count).",
      path: path)
  }

  /// Returns the error that a checkpoint has other labels, or none; `nearest` is the one that is
  /// probably meant.
  static func unknownLabel(
    _ label: String, path: String, known: [String], nearest: String?, option: String
  ) -> SpecGANError {
    guard !known.isEmpty else {
      return SpecGANError(
        .misuse, "command.unknownLabel", "--\(option) is \(label), but \(path) has no labels",
        advice: "leave it out.", path: path)
    }
    return SpecGANError(
      .misuse, "command.unknownLabel",
      "--\(option) is \(label), but \(path) has the labels \(list(known))",
      advice: nearest.map { "use \($0) if you mean that, or another one of them." }
        ?? "use one of them.",
      path: path)
  }

  /// Returns the error that the labels `alike` of a checkpoint differ from `label` only in case.
  static func ambiguousLabel(
    _ label: String, path: String, alike: [String], option: String
  ) -> SpecGANError {
    SpecGANError(
      .misuse, "command.ambiguousLabel",
      "--\(option) is \(label), but \(path) has the labels \(list(alike))",
      advice: "type one of them exactly.", path: path)
  }

  /// Returns the error that a conditional checkpoint needs a label for `file`.
  static func noLabel(path: String, file: String, known: [String]) -> SpecGANError {
    SpecGANError(
      .misuse, "command.noLabel",
      "\(path) is conditional, but \(file) has no label",
      advice: "add --label with \(list(known, last: "or")).", path: path)
  }

  /// Refuses an output that would overwrite one of `inputs`.
  static func refuse(writing output: String, over inputs: [String?]) throws {
    for input in inputs.compactMap(\.self) {
      guard try input == output || Folder.areSame(input, output) else { continue }
      throw SpecGANError.overwritesInput(path: output)
    }
  }

  /// Calls `body`, and adds `place` to an error about a spectrogram.
  static func naming<Result>(_ place: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as SpecGANError {
      throw error.code.room == "spectra" ? error.located(at: place) : error
    }
  }
}

/// Returns `a, b and c`, with only the first of very many names.
private func list(_ names: [String], last: String = "and") -> String {
  guard names.count > 1 else { return names.first ?? "" }
  let most = 40
  let shown = names.count <= most ? names : names.prefix(most) + ["\(names.count - most) more"]
  return shown.dropLast().joined(separator: ", ") + " \(last) " + (shown.last ?? "")
}
