import Foundation
import SpecGANModels
import SpecGANTestSupport
import Testing

/// A run with a damaged checkpoint, and a folder that belongs to another run, through the program.
@Suite(.serialized, .training) struct DamagedRunTests {
  @Test(arguments: ModelKind.allCases) func everyCommandFallsBackAndSaysSo(_ kind: ModelKind) throws
  {
    try withWorkshop { shop in
      let command = train(kind) + ["--set", "training.checkpoint_steps=2", "--steps"]
      #expect(try shop.run(command + ["5"]).status == 0)
      let log = try shop.lines(of: "run/log.jsonl").count
      let last = "run/checkpoints/step-00000005.safetensors"
      let whole = try shop.folder.bytes(of: last)
      try shop.folder.write(Array(whole.prefix(whole.count - 1)), as: last)

      for command in [
        ["generate", "run", "--output", "new", "--count", "1"],
        ["score", "run", "sounds/one/flite_slt.wav", "--output", "scores.safetensors"],
      ] {
        let result = try shop.run(command)
        #expect(result.status == 0, "\(result.messages)")
        #expect(result.messages.contains("Warning: The checkpoint of step 4 is used"))
        #expect(result.messages.contains("\(last): "), "\(result.messages)")
      }
      let info = try shop.run(["info", "run"])
      let lines = "checkpoints: 2, 4, 5 (damaged)\nkept for clips: 4\nstep: 4\n"
      #expect(info.status == 65 && info.output.contains(lines), "\(info.output)")
      #expect(info.messages.hasPrefix("Error: \(last): "))
      let json = try shop.run(["info", "run", "--json"])
      let object = try shop.object(json.output)
      #expect(json.status == 65 && object["whole"] as? Bool == false)
      #expect(object["damaged"] as? [Int] == [5] && object["checkpoints"] as? [Int] == [2, 4, 5])

      #expect(log == 5)
      let resumed = try shop.run(command + ["5", "--resume"])
      #expect(resumed.status == 0 && resumed.messages.contains("Warning: The checkpoint of step 4"))
      #expect(resumed.messages.contains("from step 4 to step 5"))
      #expect(try shop.folder.bytes(of: last) == whole)
      try shop.made("info", "run")
    }
  }

  /// A run with other settings is refused with the names of the settings, and does not change.
  @Test func aRunBelongsToOneModel() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "2")
      let before = try shop.contents(of: "run")
      for (options, words) in [
        (["--model", "wavegan"], "model was specgan and is now wavegan"),
        (["--set", "network.dimension=5"], "network.dimension was 4 and is now 5"),
        (["--set", "network.latent=7"], "network.latent was 100 and is now 7"),
        (["--set", "specgan.phase_shuffle=1"], "specgan.phase_shuffle was 0 and is now 1"),
        (["--set", "training.batch_size=9"], "training.batch_size was 8 and is now 9"),
        (["--seed", "4"], "training.seed was 3 and is now 4"),
      ] {
        try shop.run(["train", "tiny.yaml", "--steps", "3"] + options)
          .expectError(73, "run already contains a run")
        try shop.run(["train", "tiny.yaml", "--steps", "3", "--resume"] + options)
          .expectError(65, "run was trained with other settings (\(words))")
      }
      #expect(try shop.contents(of: "run") == before)
    }
  }

  private func train(_ kind: ModelKind) -> [String] {
    ["train", "tiny.yaml", "--model", kind.rawValue]
  }
}
