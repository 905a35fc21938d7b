import Foundation
import Safetensors
import SpecGANTestSupport
import Testing

/// No command overwrites anything unasked, and generated clips keep their checkpoint.
@Suite(.serialized, .training) struct ReplacementTests {
  @Test func folders() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--model", "wavegan", "--steps", "1")
      for command in [
        ["generate", "run", "--count", "2"], ["interpolate", "run", "--count", "3"],
        ["preview", "run", "--count", "1"], ["invert", "sounds/one/flite_slt.wav", "--pictures"],
        ["components", "cache", "--count", "50"],
        ["evaluate", "sounds", "--real", "cache", "--count", "10", "--splits", "2"],
      ] {
        let command = command + ["--output", "out"]
        let (first, name) = (try shop.run(command), command[0])
        #expect(first.status == 0, "\(first.messages)")
        let before = try shop.contents(of: "out")
        #expect(before["manifest.jsonl"] != nil, "\(name)")
        try shop.run(command).expectError(73, "out contains files already", "--replace")
        #expect(try shop.contents(of: "out") == before)
        // The same files again, and nothing else.
        try shop.write("mine", as: "out/mine.txt")
        #expect(try shop.run(command + ["--replace"]).status == 0)
        let after = try shop.contents(of: "out")
        #expect(Set(after.keys) == Set(before.keys).union(["mine.txt"]), "\(name)")
        // A file that somebody changed stays, and what was written beside it too.
        let some = try #require(before.keys.sorted().first { $0 != "manifest.jsonl" })
        try shop.write("mine", as: "out/\(some)")
        try shop.run(command + ["--replace"])
          .expectError(73, "out/\(some)", "this command did not write it")
        #expect(try shop.folder.bytes(of: "out/\(some)") == Array("mine".utf8))
        try shop.remove("out")
      }
    }
  }

  @Test func files() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--model", "wavegan", "--steps", "1")
      for command in [
        ["score", "run", "sounds/one/flite_slt.wav", "--output", "out"],
        ["export", "run", "--output", "out"], ["report", "run", "--output", "out"],
        ["generate", "run", "--output", "new", "--count", "1", "--raw", "out"],
      ] {
        try shop.write("mine", as: "out")
        try shop.run(command).expectError(73, "out exists already", "--replace")
        #expect(try shop.folder.bytes(of: "out") == Array("mine".utf8))
        #expect(try !shop.names(in: "").contains("new"))
        let replaced = try shop.run(command + ["--replace"])
        #expect(replaced.status == 0, "\(replaced.messages)")
        #expect(try shop.folder.bytes(of: "out") != Array("mine".utf8))
      }
      // A run's own report is written again and again.
      try shop.made("report", "run")
      try shop.made("report", "run")
    }
  }

  /// Fewer clips leave none of the earlier ones.
  @Test func oldAndNewClipsAreNotMixed() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--model", "wavegan", "--steps", "1")
      try shop.made("generate", "run", "--output", "new", "--count", "4")
      try shop.made("generate", "run", "--output", "new", "--count", "2", "--replace")
      #expect(
        try shop.names(in: "new") == [
          "00000.wav", "00001.wav", "latents.safetensors", "manifest.jsonl",
        ])
    }
  }

  /// Clips of a conditional run have their label in their name, which may have any characters.
  @Test func labelsAreInTheNames() throws {
    try withTemporaryFolder { folder in
      let shop = try Workshop(folder)
      for (label, digit) in [("a b:c", "one"), ("größe", "two"), ("x.y-z", "three")] {
        try shop.copy("audio/digits/\(digit)/flite_slt.wav", as: "named/\(label)/1.wav")
      }
      try shop.made("preprocess", "named", "--output", "labels")
      try shop.made(
        "train", "tiny.yaml", "--cache", "labels", "--steps", "1", "--set",
        "network.conditional=true")
      try shop.made("generate", "run", "--output", "new", "--count", "4")
      #expect(
        Set(try shop.names(in: "new").filter { $0.hasSuffix(".wav") }) == [
          "00000-a_b_c.wav", "00001-größe.wav", "00002-x.y-z.wav", "00003-a_b_c.wav",
        ])
      try shop.made(
        "generate", "run", "--output", "mix", "--count", "1", "--label", "x.y-z=1,größe=1")
      #expect(
        try shop.names(in: "mix").filter { $0.hasSuffix(".wav") } == [
          "00000-größe_0.5_x.y-z_0.5.wav"
        ])
    }
  }

  @Test func clipsKeepTheirCheckpoint() throws {
    try withWorkshop { shop in
      let keep = ["--set", "training.checkpoint_steps=1", "--set", "training.checkpoints_kept=1"]
      func train(to steps: Int) throws -> [String] {
        let result = try shop.run(
          ["train", "tiny.yaml", "--resume", "--steps", "\(steps)"] + keep)
        #expect(result.status == 0, "\(result.messages)")
        return try shop.names(in: "run/checkpoints").map { String($0.dropFirst(12).prefix(1)) }
      }
      #expect(try train(to: 2) == ["2"])
      try shop.made("generate", "run", "--output", "new", "--count", "1")
      let latents = try SafetensorsFile(path: shop.folder.path("new/latents.safetensors"))
      #expect(latents.metadata["checkpoint"] == "run/checkpoints/step-00000002.safetensors")
      #expect(latents.metadata["step"] == "2")
      #expect(try train(to: 4) == ["2", "4"])
      #expect(try shop.json("info", "run")["steps_of_clips"] as? [Int] == [2])
      // The clips can be generated again.
      try shop.made(
        "generate", "run/checkpoints/step-00000002.safetensors", "--output", "again", "--latents",
        "new/latents.safetensors")
      #expect(
        try shop.folder.bytes(of: "again/00000.wav") == shop.folder.bytes(of: "new/00000.wav"))
      // Other clips in the same folders, and then no line, let it go.
      for name in ["new", "again"] {
        try shop.made("generate", "run", "--output", name, "--count", "1", "--replace")
      }
      #expect(try train(to: 5) == ["4", "5"])
      try shop.remove("run/clips.jsonl")
      #expect(try train(to: 6) == ["6"])
    }
  }
}
