import Foundation
import Glibc
import SpecGANDatasets
import SpecGANModels
import SpecGANTestSupport
import Testing

/// Law 2 for the program: a run that is stopped at any moment, by the user, the system or a kill,
/// and resumed, has the same bytes as one that was never stopped.
@Suite(.serialized, .training) struct ExactResumeTests {
  /// For each model; every third stop is a kill.
  private static let momentCount = 6
  private static let signals = [SIGINT, SIGTERM, SIGKILL]

  /// With all kinds of state: both optimizers, every kind of draw, the order of the examples,
  /// previews.
  @Test(arguments: ModelKind.allCases) func whateverTheMomentNoByteDiffers(_ kind: ModelKind) throws
  {
    try withWorkshop { shop in
      try shop.write(Self.configuration(kind, ""), as: "run.yaml")
      try stopAtManyMoments(shop, steps: 18, count: Self.momentCount, hasPreviews: true)
    }
  }

  /// The same with a roll-back: step 3 is the first to use an example that is NaN, and no step on
  /// the second branch uses it.
  @Test(arguments: ModelKind.allCases) func norWhereItWasRolledBack(_ kind: ModelKind) throws {
    try withWorkshop { shop in
      let seed = try poison(shop, step: 3, target: 2, steps: 5)
      let recovery = """
        training: {batch_size: 1, critic_updates: 1, checkpoint_steps: 2, seed: \(seed)}
        recovery: {divergence: roll-back}
        monitoring: {preview_count: 0}
        """
      try shop.write(Self.configuration(kind, recovery), as: "run.yaml")
      try stopAtManyMoments(shop, steps: 5, count: 3, hasPreviews: false)
      let messages = try shop.run(["train", "run.yaml", "--steps", "5"]).messages
      #expect(messages.contains("Warning: run: the critic's loss is not a finite number at step 3"))
      #expect(messages.contains("rolling back to step 2"))
    }
  }

  /// A kill between the last checkpoint and the page leaves a record without an outcome, and may
  /// leave a temporary file.
  @Test func aSessionKilledAfterItsLastCheckpointIsCompleted() throws {
    try withWorkshop { shop in
      try shop.write(Self.configuration(.wavegan, ""), as: "run.yaml")
      let command = ["train", "run.yaml", "--steps", "3"]
      #expect(try shop.run(command).status == 0)
      let names = try shop.names(in: "run")
      let record = String(decoding: try shop.folder.bytes(of: "run/session.json"), as: UTF8.self)
      let unfinished = record.replacing("\"outcome\" : \"reached_steps\",\n", with: "")
      #expect(unfinished != record)
      try shop.write(unfinished, as: "run/session.json")
      try shop.write("half", as: "run/.partial-1-1")
      try shop.remove("run/report.html")
      #expect(try shop.run(command + ["--resume"]).status == 0)
      #expect(try shop.names(in: "run") == names)
      #expect(
        try shop.folder.bytes(of: "run/session.json") == Array(record.utf8))
    }
  }

  private static func configuration(_ kind: ModelKind, _ more: String) -> String {
    let training =
      more.contains("training:")
      ? ""
      : """
      training: {batch_size: 4, checkpoint_steps: 3}
      monitoring: {preview_count: 2, preview_steps: 7}

      """
    return """
      model: \(kind.rawValue)
      network: {dimension: 1, latent: 5}
      specgan: {phase_shuffle: 2}
      inversion: {method: fast}
      \(training)\(more)

      """
  }

  /// Trains to `steps` without a stop, then again with stops at `count` random moments.
  private func stopAtManyMoments(
    _ shop: Workshop, steps: Int, count: Int, hasPreviews: Bool
  ) throws {
    let command = ["train", "run.yaml", "--steps", "\(steps)"]
    let start = ContinuousClock.now
    #expect(try shop.run(command).status == 0)
    var duration = (ContinuousClock.now - start) / .seconds(1)
    let whole = try Traces(shop, steps: steps)
    #expect(whole.previews.isEmpty != hasPreviews)
    let moments = KillMoments(of: "ExactResumeTests", seed: 2, 0..<count)
    var stoppedCount = 0
    for moment in moments.indices {
      try shop.remove("run")
      let start = ContinuousClock.now
      let program = try Program.start(command, in: shop.folder)
      let replay = moments.wait(for: moment, within: duration)
      program.kill(Self.signals[moment % 3])
      let stopped = program.wait()
      if stopped.status != 0 {
        stoppedCount += 1
      } else {
        // It was faster than the first one, because the machine was less busy.
        duration = min(duration, (ContinuousClock.now - start) / .seconds(1))
      }
      let isExpected = stopped.isKilled || [0, 130, 143].contains(stopped.status)
      #expect(isExpected, "\(replay): \(stopped.messages)")
      for name in (try? shop.names(in: "run/checkpoints")) ?? []
      where name.hasSuffix(".safetensors") { try shop.made("info", "run/checkpoints/\(name)") }
      let resumed = try shop.run(command + ["--resume"])
      #expect(resumed.status == 0, "\(replay): \(resumed.messages)")
      try Traces(shop, steps: steps).expectEqual(to: whole, "\(replay)")
    }
    #expect(
      stoppedCount > count / 4 || moments.isReplay, "hardly any signal came before the end")
    try shop.remove("run")
  }

  /// Replaces an example by NaN that step `step` uses first, at one example per step, and that no
  /// step from `target + 1` to `steps` uses on the second branch; returns the seed for which this
  /// holds.
  private func poison(_ shop: Workshop, step: Int, target: Int, steps: Int) throws -> UInt64 {
    for seed in UInt64(0)... {
      var (first, second) = (
        EpochOrder(count: 6, seed: seed), EpochOrder(count: 6, seed: seed, variant: 1)
      )
      let example = first[step - 1]
      guard !(target..<steps).contains(where: { second[$0] == example }) else { continue }
      try spoilExample(example, ofCache: shop.folder.path("cache"), with: .nan)
      try resealCache(at: shop.folder.path("cache"))
      return seed
    }
    return 0
  }
}

/// The contents of a run that must not depend on where it was stopped.
private struct Traces {
  let checkpoint: [UInt8]
  /// The values of the log that do not depend on the clock.
  let losses: [[String: Double]]
  /// Every file of every preview.
  let previews: [String: [UInt8]]
  /// Temporary files.
  let rests: [String]

  init(_ shop: Workshop, steps: Int) throws {
    let number = String(repeating: "0", count: 8 - "\(steps)".count) + "\(steps)"
    checkpoint = try shop.folder.bytes(of: "run/checkpoints/step-\(number).safetensors")
    losses = try shop.lines(of: "run/log.jsonl").map { line in
      line.compactMapValues { $0 as? Double }.filter {
        // Times, and the score of a preview that only a stop caused.
        !["wall_seconds", "seconds_per_step", "stop_spectral_distance"].contains($0.key)
      }
    }
    let hasPreviews = try shop.names(in: "run").contains("previews")
    previews = hasPreviews ? try shop.contents(of: "run/previews") : [:]
    rests = try FileManager.default.subpathsOfDirectory(atPath: shop.folder.path("run"))
      .filter { $0.contains(".partial") }
  }

  /// Expects all previews of the uninterrupted run; stops add others.
  func expectEqual(to whole: Traces, _ when: String) {
    #expect(checkpoint == whole.checkpoint, "\(when)")
    #expect(losses == whole.losses, "\(when)")
    #expect(previews.filter { whole.previews.keys.contains($0.key) } == whole.previews, "\(when)")
    #expect(rests == [], "\(when)")
  }
}
