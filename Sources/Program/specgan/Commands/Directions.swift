import ArgumentParser
import Foundation
import RealModule
internal import SpecGANErrors
import SpecGANExploration
import SpecGANRuns
import SpecGANSynthesis
import SpecGANTensors

struct Directions: LongCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find directions in latent space that change one property of clips.",
    discussion: """
      Generates many spectrograms, and finds the direction of latents along which each property \
      changes most: brightness, boom, attack, decay, noisiness, loudness, pitch, and four principal \
      components. --turn of generate, kit, interpolate and vary moves latents along them, such as \
      --turn brightness=+2. An amount of 1 is one standard deviation of random latents.

      Prints the change of the property for an amount of 1, and the correlation of the predicted with \
      the measured property on clips that were not used. Properties with a correlation below 0.2 \
      are left out. Writes directions-STEP.safetensors into the run. --turn finds the directions \
      itself if the file is missing.

      Example: specgan directions run
      """)

  @Argument(help: "A run, or a checkpoint of one.")
  var checkpoint: String

  @Option(help: "Number of clips.")
  var count = LatentDirections.defaultCount

  @Option(help: "Random seed of the clips.")
  var seed: UInt64 = 0

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var progress: ProgressOptions
  @OptionGroup var results: OutputOptions

  func validate() throws {
    guard (LatentDirections.leastCount...1_000_000).contains(count) else {
      throw ValidationError(
        "--count is \(count); use a whole number from \(LatentDirections.leastCount) to 1000000.")
    }
  }

  func run() throws {
    let (path, checkpoint) = try progress.messages.checkpoint(for: checkpoint)
    let engine = Engine(threads: threads.threads)
    let generator = SampleGenerator(checkpoint, engine: engine)
    let found = try profiling(count) { (progress) throws(SpecGANError) in
      try LatentDirections(
        of: generator, at: path, count: count, seed: seed, engine: engine, progress: progress)
    }
    let run = try RunFolder(holdingCheckpoint: path)
    if try !found.write(to: run) {
      progress.messages.warn(
        run == nil
          ? "\(path) is in no run, so the directions are not stored; --turn finds its own."
          : "The run of \(path) may not be written, so the directions are not stored; --turn finds "
            + "its own.")
    }
    let rows = found.directions.map { direction in
      [
        direction.name, "\(direction.effect.rounded(to: 2)) \(direction.unit)",
        "\(direction.correlation.rounded(to: 2))",
      ]
    }
    let table = TextTable(header: ["direction", "change per 1", "correlation"], rows: rows)
    progress.messages.announce(
      lines: rows.isEmpty
        ? "\(path): no property of its clips follows a direction yet; train longer." : table.text)
    if results.json { try Console.json(Result(path, found)) }
  }

  private struct Result: Encodable {
    let checkpoint: String
    let step, count: Int
    let directions: [Direction]

    struct Direction: Encodable {
      let name, unit: String
      let effect, correlation: Double
    }

    init(_ path: String, _ found: LatentDirections) {
      checkpoint = path
      (step, count) = (found.step, found.count)
      directions = found.directions.map {
        Direction(name: $0.name, unit: $0.unit, effect: $0.effect, correlation: $0.correlation)
      }
    }
  }
}

extension LongCommand {
  /// Calls `body` with a function that shows the number of clips, of `count`, whose properties are
  /// known.
  func profiling<Value>(
    _ count: Int, _ body: ((Int) -> Void) throws(SpecGANError) -> Value
  ) throws(SpecGANError) -> Value {
    var line = ProgressLine(progress.messages)
    defer { line.close() }
    return try body { done in
      line.show(DoneReport(task: "finding directions", done: done, total: count))
    }
  }
}

/// `--turn`.
struct TurnOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Move all latents along directions, such as brightness=+2,decay=-1, in standard deviations of \
      random latents; specgan directions lists them.
      """, valueName: "name=amount"))
  var turn: String?

  /// The largest amount: with more, latents are unlike any of training.
  private static let largest = 10.0

  /// The names and amounts.
  private var turns: [(name: String, amount: Double)] {
    get throws {
      guard let turn else { return [] }
      var names: Set<String> = []
      return try turn.split(separator: ",", omittingEmptySubsequences: false).map { part in
        let words = part.split(separator: "=", omittingEmptySubsequences: false)
          .map { $0.trimmingCharacters(in: .whitespaces) }
        guard words.count == 2, !words[0].isEmpty, names.insert(words[0]).inserted,
          let amount = Double(words[1]), abs(amount) <= Self.largest
        else {
          throw ValidationError(
            "--turn is \(turn); use names, each once, with amounts from -10 to 10, such as "
              + "brightness=+2,decay=-1.")
        }
        return (words[0], amount)
      }
    }
  }

  func validate() throws { _ = try turns }

  /// Returns `chosen` moved by these options.
  func turned(
    _ chosen: ChosenLatents, by generator: SampleGenerator, at path: String, _ engine: Engine,
    for command: some LongCommand
  ) throws -> ChosenLatents {
    let turns = try turns
    guard !turns.isEmpty else { return chosen }
    let directions = try command.profiling(LatentDirections.defaultCount) {
      (progress) throws(SpecGANError) in
      try LatentDirections.stored(for: generator, at: path, engine: engine, progress: progress)
    }
    return try directions.turned(chosen, by: turns, at: path)
  }
}
