internal import ArgumentParser
internal import SpecGANErrors
import SpecGANExploration
internal import SpecGANRuns
import SpecGANSynthesis
import SpecGANTensors

/// The manner of a selection.
enum KeptBy: String, CaseIterable, ExpressibleByArgument {
  case varied, critic
}

/// Clips that were selected.
struct KeptClips {
  let chosen: ChosenLatents
  /// The selection; nil by the critic alone.
  var varied: VariedSelection?
}

/// The selection of clips, for a sentence and for JSON.
struct SelectionReport: Encodable {
  let kept: Int
  /// The numbers of candidates that were left out; nil if the selection does not look for them.
  let silent, copies_of_training: Int?
  /// The training clip that is closest to each clip; nil if they are not known.
  let nearest_training_clips: [String]?
  /// The distance from it in dB.
  let training_distances_db: [Double]?
  private let isVaried: Bool

  init(_ clips: KeptClips) {
    kept = clips.chosen.count
    isVaried = clips.varied != nil
    silent = clips.varied?.silentCount
    let neighbors = clips.varied?.neighbors
    copies_of_training = neighbors == nil ? nil : clips.varied?.copyCount
    nearest_training_clips = neighbors?.map(\.file)
    training_distances_db = neighbors?.map(\.distance)
  }

  /// The result as a sentence.
  var sentence: String {
    guard isVaried else { return "Kept the \(kept) with the highest critic scores." }
    let silent = silent ?? 0
    let copies =
      copies_of_training.map { "\($0) copies of training clips" }
      ?? "copies of training clips were not looked for, because the cache was not found"
    let left = silent == 1 ? "1 silent clip" : "\(silent) silent clips"
    return copies_of_training == nil
      ? "Left out \(left); \(copies)." : "Left out \(left) and \(copies)."
  }

  /// A warning that fewer clips than `wanted` could be kept.
  func shortfall(of wanted: Int) -> String {
    "Kept \(kept) of \(wanted) clips: all others are silent or near copies. Generate more with "
      + "--count, or train longer."
  }

  private enum CodingKeys: CodingKey {
    case kept, silent, copies_of_training, nearest_training_clips, training_distances_db
  }
}

/// `--only`.
struct ListOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Only the clips of --latents that this list names, as a page of generate --page saves it: a \
      text file with a number per line, optionally followed by a tab and a name.
      """, valueName: "list"))
  var only: String?

  /// Returns the clips of `all`, those of the files `latents`, that the list names; `all` without a
  /// list.
  func selected(
    from all: ChosenLatents, latents: [String], by generator: SampleGenerator, at path: String
  ) throws -> ChosenLatents {
    guard let only else { return all }
    return try ClipList(file: only)
      .clips(of: all, latents: latents, by: generator.checkpoint, at: path)
  }

  /// Refuses a list without `latents`, and one beside `option`, if that is given.
  func check(with latents: LatentOptions, besides option: String?) throws {
    guard only != nil else { return }
    guard latents.isGiven else {
      throw ValidationError("--only needs --latents, whose clips the list names.")
    }
    if let option {
      throw ValidationError("--only cannot be combined with --\(option); leave one out.")
    }
  }
}
