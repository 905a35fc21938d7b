import Foundation
import Glibc
import SpecGANTestSupport
import Testing

/// The program beside others: another process on the same run, shells, pipes, and moved folders.
@Suite(.serialized, .training) struct CoexistenceTests {
  @Test func twoDoNotTrainOneRun() throws {
    try withWorkshop { shop in
      let first = try Program.start(["train", "tiny.yaml"], in: shop.folder)
      #expect(first.wait { first.messages.contains("step 1") })
      for arguments in [["--resume"], ["--resume", "--steps", "9"]] {
        try shop.run(["train", "tiny.yaml"] + arguments)
          .expectError(73, "run is being trained by another process")
      }
      try shop.run(["train", "tiny.yaml"]).expectError(73, "run already contains a run")
      first.kill(SIGINT)
      #expect(first.wait().status == 130)
      let steps = try shop.lines(of: "run/log.jsonl").count
      try shop.made("train", "tiny.yaml", "--resume", "--steps", "\(steps + 1)")
      #expect(
        try shop.lines(of: "run/log.jsonl").compactMap { $0["step"] as? Int }
          == Array(1...steps + 1))
    }
  }

  /// A closed terminal stops a run like SIGTERM, unless the run ignores SIGHUP.
  @Test(arguments: [false, true]) func aHangUpStopsARunThatDoesNotIgnoreIt(_ isIgnored: Bool) throws
  {
    try withWorkshop { shop in
      let program = try RunningProgram(
        Program.path, ["train", "tiny.yaml"], in: shop.folder,
        after: isIgnored ? "trap '' HUP;" : "")
      #expect(program.wait { program.messages.contains("step 1") })
      program.kill(SIGHUP)
      if isIgnored {
        let steps = try shop.lines(of: "run/log.jsonl").count
        #expect(program.wait { (try? shop.lines(of: "run/log.jsonl").count > steps + 1) == true })
        #expect(!program.messages.contains("Stopping"))
        program.kill(SIGTERM)
      }
      #expect(program.wait().status == 143)
      #expect(try shop.names(in: "run/checkpoints").count == 1)
    }
  }

  /// The reader of messages may exit; the reader of the result may not.
  @Test func aReaderThatLeavesEndsNoWork() throws {
    try withWorkshop { shop in
      let script = "\"$0\" train tiny.yaml --steps 2 2>&1 >/dev/null | true"
      let shell = ["-c", script, Program.path]
      #expect(try RunningProgram("/bin/sh", shell, in: shop.folder).wait().status == 0)
      #expect(try shop.names(in: "run/checkpoints") == ["step-00000002.safetensors"])
      let full = ["-c", "\"$0\" info cache --json >/dev/full", Program.path]
      let result = try RunningProgram("/bin/sh", full, in: shop.folder).wait()
      result.expectError(73, "Standard output")
    }
  }

  @Test func aRunGoesOnWhereItIsMovedTo() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "2")
      try FileManager.default.moveItem(
        atPath: shop.folder.path("run"), toPath: shop.folder.path("elsewhere"))
      try shop.made("train", "elsewhere/configuration.yaml", "--resume", "--steps", "3")
      #expect(try shop.lines(of: "elsewhere/log.jsonl").count == 3)
      try shop.made("generate", "elsewhere", "--output", "new", "--count", "1")
      #expect(try !shop.names(in: "").contains("run"))
    }
  }

  @Test func restsOfAKilledRunAreSweptAndTheRestIsKept() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "1")
      // No process has such a large ID.
      let rest = "run/checkpoints/.partial-2147483646-0"
      try shop.write("half", as: rest)
      try shop.write("mine", as: "run/checkpoints/notes.txt")
      try shop.made("train", "tiny.yaml", "--steps", "2", "--resume")
      #expect(
        try shop.names(in: "run/checkpoints")
          == ["notes.txt", "step-00000001.safetensors", "step-00000002.safetensors"])
    }
  }

  @Test func aCheckpointUnderAnotherStepsNameIsNamed() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "1")
      let checkpoint = try shop.folder.bytes(of: "run/checkpoints/step-00000001.safetensors")
      try shop.folder.write(checkpoint, as: "run/checkpoints/step-00000007.safetensors")
      let sentence = "step-00000007.safetensors contains step 1"
      try shop.run(["train", "tiny.yaml", "--steps", "9", "--resume"]).expectError(65, sentence)
      let told = try shop.run(["info", "run"])
      #expect(told.status == 65 && told.messages.contains(sentence))
      #expect(told.output.contains("checkpoints: 1, 7 (damaged)"), "\(told.output)")
      try shop.remove("run/checkpoints/step-00000007.safetensors")
      try shop.write("{\"step\": 1\n", as: "run/log.jsonl")
      for command in [["info", "run"], ["train", "tiny.yaml", "--steps", "9", "--resume"]] {
        try shop.run(command).expectError(65, "run/log.jsonl, line 1")
      }
    }
  }

  @Test func keptSoundsAreMadeAgainFromTheirLatents() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "1")
      try shop.made(
        "generate", "run", "--output", "best", "--count", "20", "--seed", "4", "--keep", "3",
        "--keep-by", "critic")
      try shop.made("generate", "run", "--output", "again", "--latents", "best/latents.safetensors")
      #expect(try shop.contents(of: "again") == shop.contents(of: "best"))
      try shop.run(
        ["generate", "run", "--output", "no", "--latents", "best/latents.safetensors"]
          + ["--count", "3"]
      ).expectError(64, "--count")
    }
  }

  /// More memory than any machine has is refused before it is allocated.
  @Test func trainingBeyondAllMemoryIsRefused() throws {
    try withWorkshop { shop in
      try shop.run(
        ["train", "tiny.yaml", "--set", "network.dimension=1024", "--steps", "1"]
          + ["--set", "training.batch_size=4096"]
      ).expectError(71, "training.batch_size", "MiB")
      #expect(try !shop.names(in: "").contains("run"))
    }
  }

  @Test func aDeviceIsNotWrittenOver() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "1")
      try shop.run(["score", "run", "sounds/one/flite_slt.wav", "--output", "/dev/null"])
        .expectError(73, "/dev/null")
      var status = stat()
      #expect(unsafe stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    }
  }
}
