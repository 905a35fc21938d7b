import Foundation
import Glibc
import SpecGANModels
import SpecGANRandomness
import SpecGANTestSupport
import Testing

/// Law 2 for runs that are stopped by signals, and law 5 after a kill.
@Suite(.serialized, .training) struct InterruptionTests {
  @Test(arguments: ModelKind.allCases, [(SIGINT, 130), (SIGTERM, 143)] as [(CInt, CInt)])
  func aSignalStopsTrainingWithACheckpoint(
    _ kind: ModelKind, _ signal: (number: CInt, status: CInt)
  ) throws {
    try withWorkshop { shop in
      for message in ["Training", "step 1 "] {
        let program = try Program.start(train(kind), in: shop.folder)
        #expect(program.wait { program.messages.contains(message) })
        program.kill(signal.number)
        let result = program.wait()
        #expect(result.status == signal.status && !result.isKilled, "\(result.messages)")
        #expect(result.messages.contains("Stopping"))
        #expect(result.output.isEmpty)
        let names = try shop.names(in: "run/checkpoints")
        let step = try #require(names.first.flatMap { Int($0.dropFirst(5).prefix(8)) })
        #expect(names.count == 1)
        let logged = try shop.lines(of: "run/log.jsonl").compactMap { $0["step"] as? Int }
        #expect(logged == Array(1..<step + 1))
        try expectSameAsUninterrupted(shop, train(kind), steps: step + 1)
      }
    }
  }

  /// Resumes `run` to `steps` and compares it with a run that was never stopped.
  private func expectSameAsUninterrupted(
    _ shop: Workshop, _ command: [String], steps: Int
  ) throws {
    let name = "run/checkpoints/step-0000000\(steps).safetensors"
    let resumed = try shop.run(command + ["--steps", "\(steps)", "--resume"])
    #expect(resumed.status == 0, "\(resumed.messages)")
    let (found, log) = (try shop.folder.bytes(of: name), try losses(shop))
    try shop.remove("run")
    #expect(try shop.run(command + ["--steps", "\(steps)"]).status == 0)
    #expect(try shop.folder.bytes(of: name) == found)
    #expect(try losses(shop) == log)
    try shop.remove("run")
  }

  /// The values of the log that do not depend on the clock.
  private func losses(_ shop: Workshop) throws -> [[Double?]] {
    try shop.lines(of: "run/log.jsonl").map { line in
      ["step", "critic_loss", "wasserstein", "gradient_penalty", "generator_loss"].map {
        line[$0] as? Double
      }
    }
  }

  /// A step of a thousand critic updates takes long; a second signal does not wait for it.
  @Test(arguments: [SIGINT, SIGTERM]) func askingTwiceLeavesAtOnce(_ signal: CInt) throws {
    try withWorkshop { shop in
      let command = train(.specgan) + ["--set", "training.critic_updates=1000"]
      #expect(try shop.run(command + ["--steps", "0"]).status == 0)
      let before = try shop.contents(of: "run/checkpoints")
      let program = try Program.start(command + ["--resume"], in: shop.folder)
      #expect(program.wait { program.messages.contains("Training") })
      usleep(200_000)
      program.kill(signal)
      #expect(program.wait { program.messages.contains("Stopping") })
      #expect(program.isRunning, "the first time it waits for the step")
      let start = ContinuousClock.now
      program.kill(signal)
      let result = program.wait()
      #expect(ContinuousClock.now - start < .seconds(3))
      #expect(result.status == 128 + signal && !result.isKilled)
      #expect(!result.messages.contains("crashed"), "\(result.messages)")
      #expect(try shop.contents(of: "run/checkpoints") == before)
      try shop.made("info", "run")
    }
  }

  /// Dimension 16 and the reference's batch size: the step, a preview and a checkpoint take five
  /// seconds, or, on a busy machine, twice the time of that step.
  @Test(arguments: ModelKind.allCases) func stoppingTakesLittle(_ kind: ModelKind) throws {
    try withWorkshop { shop in
      let program = try Program.start(
        train(kind) + ["--set", "network.dimension=16", "--set", "training.batch_size=64"]
          + ["--set", "monitoring.preview_count=8"], in: shop.folder)
      #expect(program.wait { program.messages.contains("step 1 ") })
      usleep(100_000)
      let start = ContinuousClock.now
      program.kill(SIGINT)
      let result = program.wait()
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      #expect(result.status == 130, "\(result.messages)")
      #expect(result.messages.contains("specgan train run/configuration.yaml --resume"))
      let steps = try shop.lines(of: "run/log.jsonl").compactMap {
        $0["seconds_per_step"] as? Double
      }
      #expect(steps.count == 2)
      #expect(seconds < max(5, 2 * (steps.last ?? 0)), "\(seconds) s, of which \(steps) the step")
      #expect(try shop.names(in: "run/checkpoints").last == "step-00000002.safetensors")
      #expect(try shop.names(in: "run/previews").contains("step-00000002"))
    }
  }

  @Test func preprocessingThatIsStoppedChangesNothing() throws {
    try withWorkshop { shop in
      let before = try shop.contents(of: "cache")
      for index in 0..<40 {
        for clip in ["one/flite_slt", "two/flite_kal16"] {
          try shop.copy("audio/digits/\(clip).wav", as: "more/\(index)/\(clip).wav")
        }
      }
      let program = try Program.start(
        ["preprocess", "more", "more", "sounds", "--output", "cache", "--threads", "1"],
        in: shop.folder)
      // The temporary folder of the new cache.
      #expect(
        program.wait { (try? shop.names(in: "").contains { $0.hasSuffix(".partial") }) == true })
      program.kill(SIGINT)
      let result = program.wait()
      // It may have finished before the signal.
      #expect(result.status == 130 || result.status == 0, "\(result.messages)")
      if result.status == 130 {
        #expect(result.messages.contains("nothing was changed"))
        #expect(try shop.contents(of: "cache") == before)
      }
      #expect(try shop.names(in: "") == ["cache", "more", "sounds", "tiny.yaml"])
    }
  }

  private func train(_ kind: ModelKind) -> [String] {
    ["train", "tiny.yaml", "--model", kind.rawValue]
  }
}
