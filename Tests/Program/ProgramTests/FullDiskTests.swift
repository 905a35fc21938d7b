import Foundation
import SpecGANModels
import SpecGANTestSupport
import Testing

/// Law 5: if a file cannot be written completely, the old one is unchanged, and there is no other
/// file.
@Suite(.serialized, .training) struct FullDiskTests {
  @Test func aCheckpointIsWholeOrNotThere() throws {
    try withWorkshop { shop in
      let command = ["train", "tiny.yaml", "--steps"]
      #expect(try shop.run(command + ["4"]).status == 0)
      let once = try shop.folder.bytes(of: "run/checkpoints/step-00000004.safetensors")
      try shop.remove("run")
      #expect(try shop.run(command + ["2"]).status == 0)
      let before = try shop.contents(of: "run/checkpoints")
      let result = try Program.run(
        command + ["4", "--resume"], in: shop.folder, largestFile: once.count / 2)
      result.expectWriteError("run/checkpoints/step-00000004.safetensors")
      #expect(try shop.contents(of: "run/checkpoints") == before)
      let whole = try shop.contents(of: "run/checkpoints").filter {
        $0.key.hasSuffix(".safetensors")
      }
      #expect(whole == before)
      try shop.made("info", "run")
      try shop.made("train", "tiny.yaml", "--steps", "4", "--resume")
      #expect(try shop.folder.bytes(of: "run/checkpoints/step-00000004.safetensors") == once)
    }
  }

  @Test func aSoundIsWholeOrNotThere() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--model", "wavegan", "--steps", "1")
      let command = ["generate", "run", "--output", "new", "--count", "2"]
      let result = try Program.run(command, in: shop.folder, largestFile: 16_384)
      result.expectWriteError("new/00000.wav")
      // The latents are written first, so that existing clips can be generated again.
      #expect(try shop.names(in: "new") == ["latents.safetensors", "manifest.jsonl"])
      #expect(try shop.run(command + ["--replace"]).status == 0)
      #expect(try shop.names(in: "new").contains("00001.wav"))
    }
  }

  @Test func aCacheIsTheOldOneOrTheNewOne() throws {
    try withWorkshop { shop in
      let before = try shop.contents(of: "cache")
      let result = try Program.run(
        ["preprocess", "sounds/one", "--output", "cache"], in: shop.folder, largestFile: 65_536)
      result.expectWriteError("cache")
      #expect(try shop.contents(of: "cache") == before)
      try shop.made("info", "cache")
      try shop.made("preprocess", "sounds/one", "--output", "cache")
      #expect(try shop.names(in: "") == ["cache", "sounds", "tiny.yaml"], "no rests are left")
      #expect(try shop.json("info", "cache")["slices"] as? Int == 2)
    }
  }

  /// A folder with a mounted file system cannot be replaced: the error comes before the work.
  @Test(.enabled(if: MountedFolder.areWanted, MountedFolder.reason))
  func whatIsMountedIsNoCache() throws {
    try withWorkshop { shop in
      try FileManager.default.createDirectory(
        atPath: shop.folder.path("a disk"), withIntermediateDirectories: true)
      let disk = try MountedFolder(tmpfs: 8, at: "a disk", in: shop.folder)
      try shop.run(["preprocess", "sounds/one", "--output", "a disk"])
        .expectError(73, "a disk is a mount point")
      #expect(try shop.names(in: "") == ["a disk", "cache", "sounds", "tiny.yaml"])
      try shop.made("preprocess", "sounds/one", "--output", "a disk/cache")
      withExtendedLifetime(disk) {}
    }
  }

  @Test func scoresAndLatentsAreWholeOrNotThere() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "1")
      let command = [
        "generate", "run", "--output", "new", "--count", "1", "--raw", "raw.safetensors",
      ]
      let result = try Program.run(command, in: shop.folder, largestFile: 49_152)
      result.expectWriteError("raw.safetensors")
      #expect(try !shop.names(in: "").contains { $0.hasPrefix("raw") })
    }
  }
}

extension ProgramResult {
  /// Expects the error of a file that cannot be written and whose path contains `path`, after any
  /// other messages.
  fileprivate func expectWriteError(
    _ path: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let errors = messages.split(separator: "\n").filter { $0.hasPrefix("Error: ") }
    #expect(status == 73 && !isKilled && output.isEmpty, sourceLocation: sourceLocation)
    #expect(errors.count == 1, "\(messages)", sourceLocation: sourceLocation)
    #expect(errors.first?.contains(path) == true, "\(messages)", sourceLocation: sourceLocation)
    #expect(
      errors.first?.contains("cannot be written: File too large") == true, "\(messages)",
      sourceLocation: sourceLocation)
  }
}
