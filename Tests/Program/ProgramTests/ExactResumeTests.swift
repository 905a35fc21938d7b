import Foundation
import Glibc
import SpecGANDatasets
import SpecGANModels
import SpecGANTestSupport
import Testing

/// Law 2 for the program: a run that is stopped at any moment, by a person, by the system or by a
/// kill, and that goes on, ends as one that was never stopped, in every byte.
@Suite(.serialized, .training) struct ExactResumeTests {
  /// Of each model; every third is a kill.
  private static let momentCount = 12
  private static let signals = [SIGINT, SIGTERM, SIGKILL]

  /// With all that has state: both optimisers, every kind of draw, the order of the examples,
  /// previews.
  @Test(arguments: ModelKind.allCases) func whateverTheMomentNoByteDiffers(_ kind: ModelKind) throws
  {
    try withWorkshop { shop in
      try shop.write(Self.configuration(kind, ""), as: "run.yaml")
      try stopAtManyMoments(shop, steps: 24, count: Self.momentCount, hasPreviews: true)
    }
  }

  /// The same where the run goes back in between: step 3 is the first to meet an example that is no
  /// number, and on the second course none does.
  @Test(arguments: ModelKind.allCases) func norWhereItWasRolledBack(_ kind: ModelKind) throws {
    try withWorkshop { shop in
      let seed = try poison(shop, step: 3, target: 2, steps: 5)
      let recovery = """
        training: {batch_size: 1, critic_updates: 1, checkpoint_steps: 2, seed: \(seed)}
        recovery: {divergence: roll-back}
        monitoring: {preview_count: 0}
        """
      try shop.write(Self.configuration(kind, recovery), as: "run.yaml")
      try stopAtManyMoments(shop, steps: 5, count: 6, hasPreviews: false)
      let messages = try shop.run(["train", "run.yaml", "--steps", "5"]).messages
      #expect(messages.contains("Warning: run: the critic's loss is not a finite number at step 3"))
      #expect(messages.contains("rolling back to step 2"))
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

  /// Trains to `steps` without a stop, then again with one at each of `count` moments drawn from a
  /// seed.
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
        // It was faster than the first: the machine is busy now and then.
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

  /// Makes an example NaN that step `step` meets first, at one example a step, and that no step
  /// from `target + 1` to `steps` meets on the second course; and returns the seed for which that
  /// is so.
  private func poison(_ shop: Workshop, step: Int, target: Int, steps: Int) throws -> UInt64 {
    for seed in UInt64(0)... {
      var (first, second) = (
        EpochOrder(count: 6, seed: seed), EpochOrder(count: 6, seed: seed, variant: 1)
      )
      let example = first[step - 1]
      guard !(target..<steps).contains(where: { second[$0] == example }) else { continue }
      try spoilExample(example, ofCache: shop.folder.path("cache"), with: .nan)
      return seed
    }
    return 0
  }
}

/// What of a run must not depend on where it was stopped.
private struct Traces {
  let checkpoint: [UInt8]
  /// What of the log does not depend on the clock.
  let losses: [[String: Double]]
  /// Every file of every preview.
  let previews: [String: [UInt8]]
  /// Files that were being written.
  let rests: [String]

  init(_ shop: Workshop, steps: Int) throws {
    let number = String(repeating: "0", count: 8 - "\(steps)".count) + "\(steps)"
    checkpoint = try shop.folder.bytes(of: "run/checkpoints/step-\(number).safetensors")
    losses = try shop.lines(of: "run/log.jsonl").map { line in
      line.compactMapValues { $0 as? Double }.filter {
        !["wall_seconds", "seconds_per_step"].contains($0.key)
      }
    }
    let hasPreviews = try shop.names(in: "run").contains("previews")
    previews = hasPreviews ? try shop.contents(of: "run/previews") : [:]
    rests = try FileManager.default.subpathsOfDirectory(atPath: shop.folder.path("run"))
      .filter { $0.contains(".partial") }
  }

  /// Stops leave previews of their own, beside all those of a run without any.
  func expectEqual(to whole: Traces, _ when: String) {
    #expect(checkpoint == whole.checkpoint, "\(when)")
    #expect(losses == whole.losses, "\(when)")
    #expect(previews.filter { whole.previews.keys.contains($0.key) } == whole.previews, "\(when)")
    #expect(rests == [], "\(when)")
  }
}
