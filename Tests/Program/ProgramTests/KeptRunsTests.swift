import Foundation
import SpecGANTestSupport
import Testing

/// A run finds its cache, keeps it, and is not begun again by mistake.
@Suite(.serialized, .training) struct KeptRunsTests {
  private func start(_ arguments: [String], from folder: String, _ shop: Workshop) throws
    -> ProgramResult
  {
    let preparation = "mkdir -p '\(folder)' && cd '\(folder)' && "
    return try RunningProgram(Program.path, arguments, in: shop.folder, after: preparation).wait()
  }

  @Test(arguments: [
    ["--run", "run"], ["--run", "deep/run"], ["--run", "$/run"], ["--run", "there/../run"],
  ]) func aRunResumesFromAnyFolder(_ options: [String]) throws {
    try withWorkshop { shop in
      try FileManager.default.createDirectory(
        atPath: shop.folder.path("there"), withIntermediateDirectories: true)
      let run = options[1].replacing("$", with: shop.folder.path)
      try shop.made("train", "tiny.yaml", "--steps", "1", "--run", run)
      let settings = shop.folder.path(
        options[1].replacing("$/", with: "").replacing("there/../", with: "")
          + "/configuration.yaml")
      for (steps, folder) in [(2, "a/b"), (3, "deep")] {
        let resume = ["train", settings, "--resume", "--steps", "\(steps)"]
        let result = try start(resume, from: folder, shop)
        #expect(result.status == 0, "\(result.messages)")
      }
      try shop.made("train", settings, "--resume", "--steps", "4")
      try shop.made("train", "tiny.yaml", "--steps", "4", "--run", "once")
      let name = "checkpoints/step-00000004.safetensors"
      let (found, once) = (
        try shop.json("info", settings.replacing("configuration.yaml", with: name)),
        try shop.json("info", "once/\(name)")
      )
      #expect(found["fingerprint"] as? String == once["fingerprint"] as? String)
      let log = settings.replacing("configuration.yaml", with: "log.jsonl")
        .replacing(shop.folder.path + "/", with: "")
      #expect(try shop.lines(of: log).count == 4)
    }
  }

  /// The stored paths stay as typed, so that a folder with both may be moved.
  @Test func aMovedProjectResumes() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "1")
      _ = try start(
        ["train", "../run/configuration.yaml", "--resume", "--steps", "2"], from: "x", shop)
      let text = String(
        decoding: try shop.folder.bytes(of: "run/configuration.yaml"), as: UTF8.self)
      #expect(text.contains("\n  cache: cache\n") && text.contains("\n  run: run\n"))
      try FileManager.default.createDirectory(
        atPath: shop.folder.path("moved"), withIntermediateDirectories: true)
      for name in ["cache", "run"] {
        try FileManager.default.moveItem(
          atPath: shop.folder.path(name), toPath: shop.folder.path("moved/\(name)"))
      }
      try shop.made("train", "moved/run", "--resume", "--steps", "3")
      try shop.run(["preprocess", "sounds/one", "--output", "moved/cache"])
        .expectError(73, "moved/run")
    }
  }

  @Test func aCacheThatIsGoneOrReplacedIsSaidToBeThat() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "1")
      let fingerprint = try #require(try shop.json("info", "cache")["fingerprint"] as? String)
      let before = try shop.contents(of: "run")
      let resume = ["train", "run", "--resume", "--steps", "2"]
      try shop.run(["preprocess", "sounds/one", "--output", "cache"])
        .expectError(73, "/cache is needed to resume", "/run, and the new", "--replace")
      try shop.made("preprocess", "sounds/one", "--output", "cache", "--replace")
      let other = try #require(try shop.json("info", "cache")["fingerprint"] as? String)
      try shop.run(resume).expectError(65, fingerprint, other, "--cache")
      try shop.remove("cache")
      try shop.run(resume).expectError(66, fingerprint, "no longer at cache", "--cache")
      #expect(try shop.contents(of: "run") == before)
      try shop.made("preprocess", "sounds", "--output", "again")
      try shop.made("train", "run", "--resume", "--steps", "2", "--cache", "again")
    }
  }

  /// A cache with the same fingerprint may replace one that runs need, and still knows them.
  @Test func theSameAudioMayBePreprocessedAgain() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "1")
      try shop.write("no audio", as: "sounds/notes.txt")
      try shop.made("preprocess", "sounds", "--output", "cache")
      #expect(try shop.lines(of: "cache/runs.jsonl").map { $0["path"] as? String } == ["../run"])
      try shop.copy("audio/digits/four/flite_slt.wav", as: "sounds/four/flite_slt.wav")
      try shop.run(["preprocess", "sounds", "--output", "cache"]).expectError(73, "/run")
      try shop.run(["preprocess", "sounds", "--output", "cache", "--set", "audio.overlap=0.5"])
        .expectError(73, "/run")
      // A run that is gone needs nothing.
      try shop.remove("run")
      try shop.made("preprocess", "sounds", "--output", "cache")
      #expect(try !shop.names(in: "cache").contains("runs.jsonl"))
    }
  }

  @Test func resumingBeginsARunAndSaysSo() throws {
    try withWorkshop { shop in
      let begun = try shop.made("train", "tiny.yaml", "--steps", "1", "--resume", "--run", "typo")
      #expect(begun.messages.contains("Warning: typo has no run, so there is nothing to resume"))
      // Killed before its first checkpoint.
      try shop.remove("typo/checkpoints/step-00000001.safetensors")
      let again = try shop.made("train", "typo", "--steps", "1", "--resume")
      #expect(again.messages.contains("Warning: typo has no checkpoint yet"))
      try shop.made(
        "train", "typo", "--steps", "3", "--resume", "--set", "training.checkpoint_steps=2")
      let finished = try shop.made("train", "typo", "--steps", "2", "--resume")
      #expect(finished.messages.contains("typo has 3 steps already, more than --steps 2"))
      #expect(!finished.messages.contains("from step 3 to step 2"))
      for name in try shop.names(in: "typo/checkpoints") {
        try shop.remove("typo/checkpoints/\(name)")
      }
      let before = try shop.contents(of: "typo")
      try shop.run(["train", "typo", "--steps", "4", "--resume"])
        .expectError(66, "typo has no checkpoint, but its log goes to step 3")
      #expect(try shop.contents(of: "typo") == before)
    }
  }

  @Test func onlyAnOptionChangesThePlan() throws {
    try withWorkshop { shop in
      let decay = ["--set", "training.learning_rate_decay=cosine"]
      try shop.made(["train", "tiny.yaml", "--steps", "2"] + decay)
      try shop.write(
        Workshop.configuration.replacing(
          "seed: 3", with: "seed: 3, learning_rate_decay: cosine, planned_steps: 9"),
        as: "longer.yaml")
      let kept = try shop.made("train", "longer.yaml", "--resume", "--steps", "3")
      #expect(
        kept.messages.contains("training.planned_steps stays 2, although the configuration has 9"))
      let plan = ["--set", "training.planned_steps=9"]
      let changed = try shop.made(["train", "longer.yaml", "--resume", "--steps", "4"] + plan)
      #expect(changed.messages.contains("training.planned_steps was 2 and is now 9"))
      let last = try shop.json("train", "run", "--resume", "--steps", "5", "--minutes", "1")
      #expect((last["settings"] as? [String: String])?["training.planned_steps"] == "9")
    }
  }

  @Test func settingsAreKeptWithoutAStepLeft() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "1")
      let before = try shop.contents(of: "run")
      try shop.made("train", "run", "--steps", "1", "--resume")
      #expect(try shop.contents(of: "run") == before, "a finished run stays as it is")
      try shop.made("train", "run", "--steps", "1", "--resume", "--set", "inversion.method=fast")
      let text = String(
        decoding: try shop.folder.bytes(of: "run/configuration.yaml"), as: UTF8.self)
      #expect(text.contains("method: fast"))
    }
  }

  @Test func aFolderIsARunOrRefused() throws {
    try withWorkshop { shop in
      try shop.run(["train", "sounds"]).expectError(65, "sounds", "the folder of a run")
      try shop.made("train", "tiny.yaml", "--steps", "1")
      try shop.run(["train", "run"]).expectError(73, "run already contains a run", "--resume")
      try shop.made("train", "run/", "--steps", "2", "--resume")
    }
  }

  @Test func aTildeIsTheHomeFolder() throws {
    try withWorkshop { shop in
      try shop.write("paths: {cache: ~/kept/cache, run: ~/kept/run}\n", as: "home.yaml")
      let home = ["HOME": shop.folder.path("home")]
      for arguments in [
        ["preprocess", "sounds", "--config", "home.yaml"],
        [
          "train", "tiny.yaml", "--steps", "1", "--set", "paths.cache=~/kept/cache",
          "--run=~/kept/r",
        ],
      ] {
        let result = try Program.run(arguments, in: shop.folder, environment: home)
        #expect(result.status == 0, "\(result.messages)")
      }
      #expect(try shop.names(in: "home/kept") == ["cache", "r"])
      #expect(try !shop.names(in: "").contains("~"))
    }
  }

  @Test(arguments: [("002", 0o775, 0o664), ("077", 0o700, 0o600)])
  func theUmaskDecides(_ mask: String, _ folder: Int, _ file: Int) throws {
    try withWorkshop { shop in
      for arguments in [
        ["preprocess", "sounds", "--output", "c"],
        ["train", "tiny.yaml", "--cache", "c", "--steps", "1"],
        ["generate", "run", "--output", "new", "--count", "1", "--pictures"],
      ] {
        let result = try RunningProgram(
          Program.path, arguments, in: shop.folder, after: "umask \(mask); "
        ).wait()
        #expect(result.status == 0, "\(result.messages)")
      }
      for name in ["c", "run", "new"] {
        for path in [name]
          + (try FileManager.default.subpathsOfDirectory(
            atPath: shop.folder.path(name)
          ).map { "\(name)/\($0)" })
        {
          let facts = try FileManager.default.attributesOfItem(atPath: shop.folder.path(path))
          let isFolder = facts[.type] as? FileAttributeType == .typeDirectory
          #expect(facts[.posixPermissions] as? Int == (isFolder ? folder : file), "\(path)")
        }
      }
    }
  }
}
