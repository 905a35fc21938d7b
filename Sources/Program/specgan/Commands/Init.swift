import ArgumentParser
import SpecGANBenchmarks
internal import SpecGANErrors
import SpecGANFiles
import SpecGANSettings

struct Init: LongCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a complete configuration, with a comment on every key.",
    discussion: """
      The defaults are the paper's settings, which take days on a GPU. --preset writes settings for \
      one kind of sounds, and --for those that suit the sounds in a folder: their sample rate, \
      durations, number and labels. Both write the reasons into the file. --for also trains for a \
      few seconds, to estimate the time that a run takes on this machine.

      Example: specgan init specgan.yaml --for sounds
      """)

  @Argument(help: "The file to write. It must not exist yet.")
  var file: String

  @Option(
    help: ArgumentHelp(
      "The kind of sounds, or the purpose: "
        + Preset.allCases.map { "\($0.rawValue) (\($0.summary))" }.joined(separator: ", ") + ".",
      valueName: "preset"))
  var preset: Preset?

  @Flag(help: "The same as --preset small.")
  var small = false

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp(
      """
      A folder of sounds that the settings are to suit. --preset says what kind they are; by default \
      their durations decide between one-shots and long.
      """, valueName: "folder"))
  var sounds: String?

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var progress: ProgressOptions
  @OptionGroup var results: OutputOptions

  func validate() throws {
    if small && preset != nil {
      throw ValidationError("--small is the same as --preset small; give one of the two.")
    }
    if sounds == "" { throw ValidationError("--for is empty; give the path of a folder.") }
    let preset = small ? .small : preset
    if let preset, sounds != nil, !preset.isAdaptable {
      let others = Preset.allCases.filter(\.isAdaptable).map(\.rawValue).joined(separator: ", ")
      throw ValidationError(
        "The preset \(preset.rawValue) has a fixed sample rate and slice, so no folder can change "
          + "it; leave out --for, or use another preset: \(others).")
    }
  }

  func run() throws {
    guard try !Folder.exists(file) else {
      throw SpecGANError.configurationExists(path: file)
    }
    if let sounds { return try write(for: sounds) }
    let preset = small ? .small : preset ?? .published
    try AtomicFile.replace(file, with: preset.text)
    if results.json { try Console.json(Report(file: file, preset: preset)) }
    progress.messages.announce(
      "Wrote \(file.withoutControls). Edit it, then run: specgan preprocess SOUNDS --config "
        + file.pathInShell)
  }

  /// The duration of the steps that are timed, in s; a round of steps may end later.
  private static let measuredSeconds = 2.0

  private func write(for sounds: String) throws {
    let messages = progress.messages
    let folder = try SoundFolder(sounds, as: preset, threads: threads.threads, messages: messages)
    folder.warn(to: messages)
    folder.announce(to: messages)
    let pace = try TrainingPace(
      of: folder.suited.settings.configuration, threads: threads.threads,
      during: Self.measuredSeconds)
    try AtomicFile.replace(file, with: folder.suited.text)
    if results.json {
      try Console.json(
        Report(
          file: file, preset: preset, sounds: SoundFolderReport(sounds, folder), pace: pace))
    }
    messages.announce(
      """
      Pace: about \(Int(pace.stepsPerHour).grouped) steps an hour with \
      \(counted(threads.threads, "thread")) at the present load of this machine. Short drum sounds \
      were recognizable after about \(TrainingPace.recognizableSteps.grouped) steps, at this pace after \
      \(pace.secondsUntilRecognizable.duration).
      """)
    messages.announce(
      """
      Wrote \(file.withoutControls). Edit it, then run: specgan preprocess \(sounds.pathInShell) \
      --config \(file.pathInShell) && specgan train \(file.pathInShell)
      """)
  }

  private struct Report: Encodable {
    let file: String
    let preset: Preset?
    var sounds: SoundFolderReport?
    var pace: TrainingPace?

    func encode(to encoder: any Encoder) throws {
      try sounds?.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(file, forKey: .file)
      try container.encodeIfPresent(preset?.rawValue, forKey: .preset)
      guard let pace else { return }
      try container.encode(pace.threads, forKey: .threads)
      try container.encode(pace.secondsPerStep, forKey: .stepWallSeconds)
      try container.encode(pace.stepsPerHour, forKey: .stepsPerHour)
      try container.encode(TrainingPace.recognizableSteps, forKey: .recognizableSteps)
    }

    private enum CodingKeys: String, CodingKey {
      case file, preset, threads
      case stepWallSeconds = "step_wall_s"
      case stepsPerHour = "steps_per_hour"
      case recognizableSteps = "recognizable_steps"
    }
  }
}
