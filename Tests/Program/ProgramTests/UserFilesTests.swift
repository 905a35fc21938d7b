import Foundation
import Safetensors
import SpecGANTestSupport
import Testing

/// Files of a user, a run or a cache survive `--replace`, and sounds that were kept can be
/// made again.
@Suite(.training) struct UserFilesTests {
  /// Single files that commands write are never a part of a run or a cache.
  @Test func partsOfRunsAndCachesAreNotReplaced() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "1")
      let checkpoint = "run/checkpoints/step-00000001.safetensors"
      let before = (try shop.contents(of: "run"), try shop.contents(of: "cache"))
      for (command, part) in [
        (["report", "run", "--output"], "run/log.jsonl"),
        (["report", "run", "--csv"], "run/configuration.yaml"),
        (["report", "run", "--csv"], checkpoint),
        (["export", "run", "--output"], "run/configuration.yaml"),
        (["score", "run", "sounds/one/flite_slt.wav", "--output"], "cache/moments.safetensors"),
        (["classifier", "train", "cache", "--output"], "cache/cache.json"),
        (["generate", "run", "--output", "new", "--raw"], "cache/sources.jsonl"),
      ] {
        try shop.run(command + [part, "--replace"]).expectError(73, part, "is a part of the")
      }
      #expect(try shop.contents(of: "run") == before.0)
      #expect(try shop.contents(of: "cache") == before.1)
      #expect(try !shop.names(in: "").contains("new"))
      // Other files in a run's folder may be.
      for _ in 0..<2 {
        try shop.made("export", "run", "--output", "run/generator.onnx", "--replace")
      }
      try shop.run(["report", "run", "--output", "x", "--csv", "x"])
        .expectError(64, "x would be written twice")
    }
  }

  /// A run does not begin in a folder that is something else.
  @Test func aRunDoesNotBeginAmongOtherFiles() throws {
    try withWorkshop { shop in
      for folder in ["cache", "sounds", "sounds/one"] {
        let before = try shop.contents(of: folder)
        try shop.run(["train", "tiny.yaml", "--run", folder, "--steps", "1"])
          .expectError(73, folder, "--run")
        #expect(try shop.contents(of: folder) == before)
      }
      try FileManager.default.createDirectory(
        atPath: shop.folder.path("mine"), withIntermediateDirectories: false)
      try shop.write("notes", as: "mine/notes.txt")
      try shop.made("train", "tiny.yaml", "--run", "mine", "--steps", "1")
    }
  }

  /// Files of another command stay in a folder, and its inputs too.
  @Test func otherCommandsFilesStay() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "1")
      try shop.made(
        "generate", "run", "--output", "new", "--count", "2", "--raw", "new/raw.safetensors")
      let clips = try shop.contents(of: "new").filter { $0.key != "manifest.jsonl" }
      let options = ["--real", "cache", "--count", "2", "--splits", "1", "--output", "new"]
      try shop.made(["evaluate", "new", "--replace"] + options)
      try shop.made("components", "cache", "--count", "50", "--output", "new", "--replace")
      try shop.made("invert", "new/raw.safetensors", "--output", "new", "--replace")
      let after = try shop.contents(of: "new")
      for (name, bytes) in clips { #expect(after[name] == bytes, "\(name)") }
      // Each replaces its own.
      let names = try shop.names(in: "new")
      try shop.made(["evaluate", "new", "--replace"] + options)
      #expect(try shop.names(in: "new") == names)
      try shop.made("generate", "run", "--output", "new", "--count", "1", "--replace")
      let left = try shop.names(in: "new")
      #expect(Set(names).subtracting(left) == ["00001.wav", "raw.safetensors"])
      // And what was read stays, even if the same command wrote it.
      try shop.made("invert", "sounds/one/flite_slt.wav", "--output", "inverted")
      let input = "inverted/flite_slt.wav"
      try shop.run(["invert", input, "--output", "inverted", "--replace"])
        .expectError(64, "\(input) would be overwritten")
    }
  }

  /// Latents name the step of their clips; another one does not silently replace them.
  @Test func clipsOfAnotherStepAreNotReplaced() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "1")
      try shop.made("generate", "run", "--output", "kept", "--count", "2")
      let before = try shop.contents(of: "kept")
      try shop.made("train", "tiny.yaml", "--resume", "--steps", "2")
      let latents = ["--latents", "kept/latents.safetensors"]
      try shop.run(["generate", "run", "--output", "kept", "--replace"] + latents)
        .expectError(73, "kept/latents.safetensors", "from step 1", "step-00000001.safetensors")
      #expect(try shop.contents(of: "kept") == before)
      let other = try shop.run(["generate", "run", "--output", "other"] + latents)
      #expect(other.status == 0 && other.messages.contains("Warning: kept/latents.safetensors is"))
      let checkpoint = "run/checkpoints/step-00000001.safetensors"
      let same = try shop.run(["generate", checkpoint, "--output", "kept", "--replace"] + latents)
      #expect(same.status == 0 && !same.messages.contains("Warning"), "\(same.messages)")
      #expect(try shop.contents(of: "kept")["00001.wav"] == before["00001.wav"])
    }
  }

  /// A command that fails at its first file does not stand in its own way.
  @Test func aFailureLeavesTheFolderFree() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "1")
      let command = ["generate", "run", "--count", "1", "--output", "new", "--raw"]
      try shop.run(command + ["missing/raw.safetensors"]).expectError(73, "missing")
      for name in ["00000.wav", "latents.safetensors", "manifest.jsonl"] {
        try shop.run(command + ["new/\(name)"]).expectError(64, "new/\(name)")
      }
      try shop.made(command + ["new/raw.safetensors"])
    }
  }

  /// A session that trains no step changes nothing, and a log that lost lines is said.
  @Test func aResumeWithoutAStepChangesNothing() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "2")
      try shop.made("train", "tiny.yaml", "--resume", "--steps", "4")
      let name = "run/checkpoints/step-00000004.safetensors"
      var bytes = try shop.folder.bytes(of: name)
      bytes[bytes.count / 2] ^= 1
      try shop.folder.write(bytes, as: name)
      let resume = ["train", "tiny.yaml", "--resume", "--steps"]
      try shop.made(resume + ["1"])
      #expect(try shop.lines(of: "run/log.jsonl").count == 4)
      try shop.made(resume + ["3"])
      #expect(try shop.lines(of: "run/log.jsonl").count == 3)
      let log = try shop.folder.bytes(of: "run/log.jsonl")
      let first = try #require(log.firstIndex(of: UInt8(ascii: "\n")))
      try shop.folder.write(Array(log[...first]), as: "run/log.jsonl")
      let result = try shop.run(resume + ["4"])
      #expect(result.status == 0 && result.messages.contains("run/log.jsonl ends at step 1"))
    }
  }

  /// A run whose checkpoints are gone is not intact.
  @Test func aRunWithoutItsCheckpointsIsDamaged() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "2", "--set", "training.checkpoint_steps=1")
      try shop.remove("run/checkpoints")
      let result = try shop.run(["info", "run", "--json"])
      #expect(result.status == 66 && result.messages.contains("has no checkpoint"))
      #expect(try shop.object(result.output)["whole"] as? Bool == false)
    }
  }

  /// Runs and caches below an input are no audio of the user.
  @Test func runsAndCachesAreIgnored() throws {
    try withWorkshop { shop in
      try shop.made(
        "train", "tiny.yaml", "--run", "sounds/run", "--steps", "1", "--set",
        "monitoring.preview_count=1")
      try shop.made("preprocess", "sounds/one", "--output", "sounds/old")
      let before = try shop.json("info", "cache")
      let result = try shop.run(["preprocess", "sounds", "--output", "cache", "--replace"])
      #expect(result.status == 0)
      #expect(result.messages.contains("sounds/run: is a run, and ignored"), "\(result.messages)")
      #expect(result.messages.contains("sounds/old: is a cache, and ignored"))
      let after = try shop.json("info", "cache")
      #expect(after["slices"] as? Int == before["slices"] as? Int)
      #expect(after["labels"] as? [String] == before["labels"] as? [String])
    }
  }

  /// Names that are not UTF-8 can be found in JSON, too.
  @Test func bytesOfNamesAreEscapedInJSON() throws {
    try withWorkshop { shop in
      let script = #"""
        mv sounds/one/flite_slt.wav $'sounds/one/\xE9.wav'
        "$0" invert $'sounds/one/\xE9.wav' --output new --json
        """#
      let result = try RunningProgram(
        "/bin/bash", ["-c", script, Program.path], in: shop.folder
      ).wait()
      #expect(result.status == 0, "\(result.messages)")
      #expect(try shop.object(result.output)["files"] as? [String] == [#"new/\xE9.wav"#])
    }
  }

  /// Files that hold audio among other data, such as those for TensorBoard, are not audio.
  @Test func audioInOtherFilesIsNotFound() throws {
    try withWorkshop { shop in
      let clip = try shop.folder.bytes(of: "sounds/one/flite_slt.wav")
      let other = [UInt8](repeating: 1, count: 5000) + clip + [UInt8](repeating: 200, count: 5000)
      try shop.folder.write(other, as: "sounds/one/events.out.tfevents.1.host")
      try shop.folder.write(other, as: "sounds/one/data.bin")
      let report = try shop.json("preprocess", "sounds", "--output", "cache")
      #expect((report["remarks"] as? [Any])?.isEmpty == true)
      #expect((report["skipped"] as? [[String: Any]])?.count == 2)
    }
  }
}
