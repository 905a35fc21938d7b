import Foundation
import SpecGANModels
import SpecGANTestSupport
import Testing

/// A run on a full, read-only or limited disk reports that, keeps its checkpoints, and stops or
/// continues as configured; with free space again it ends with the same bytes as an undisturbed
/// run.
@Suite(.serialized, .training) struct WriteFailureTests {
  private let goingOn = ["--set", "recovery.write_failure=continue"]
  /// For runs that are not disturbed while they train.
  private let tiny = ["--set", "network.dimension=1", "--set", "training.critic_updates=1"]

  @Test(arguments: ModelKind.allCases) func aFileSizeLimitIsToldOnceAndAtTheEnd(
    _ kind: ModelKind
  ) throws {
    try withWorkshop { shop in
      let command = try prepare(shop, kind, goingOn + tiny, steps: 8)
      let once = try shop.contents(of: "reference/checkpoints")
      let size = once.values.first?.count ?? 0
      let before = try shop.contents(of: "run/checkpoints")
      let result = try Program.run(
        command + ["--steps", "8", "--resume"], in: shop.folder, largestFile: size / 2)
      result.expectLeft(73, "run/checkpoints/step-00000008.safetensors cannot be written")
      #expect(result.count(of: "Warning: run/checkpoints/step-00000004.safetensors") == 1)
      #expect(result.count(of: "File too large") == 2, "\(result.messages)")
      #expect(try shop.contents(of: "run/checkpoints") == before)
      try expectFinished(shop, command, steps: 8)
    }
  }

  /// Not even the log can be written: its lines wait, none is truncated, and none is missing when
  /// there is space again.
  @Test func aLogWithoutRoomLosesNoLine() throws {
    try withWorkshop { shop in
      let command = try prepare(shop, .wavegan, goingOn + tiny, steps: 30)
      let log = try shop.folder.bytes(of: "reference/log.jsonl")
      let limit = (log.count / 2 + 511) / 512 * 512
      let result = try Program.run(
        command + ["--steps", "30", "--resume"], in: shop.folder, largestFile: limit)
      result.expectLeft(73, "cannot be")
      #expect(result.count(of: "Warning: run/log.jsonl cannot be appended to: File too large") == 1)
      let kept = try shop.folder.bytes(of: "run/log.jsonl")
      #expect(kept.count <= limit && kept.last == UInt8(ascii: "\n"))
      try expectFinished(shop, command, steps: 30)
    }
  }

  @Test(.enabled(if: MountedFolder.areWanted, MountedFolder.reason))
  func linesOfALogThatNobodyCanWriteWait() throws {
    try withWorkshop { shop in
      let command = try prepare(shop, .specgan, goingOn, steps: 24)
      var log: MountedFolder? = try MountedFolder(readOnly: "run/log.jsonl", in: shop.folder)
      let program = try Program.start(command + ["--steps", "24", "--resume"], in: shop.folder)
      #expect(program.wait { program.messages.contains("Warning: run/log.jsonl cannot be") })
      // Long enough for some more lines to wait.
      usleep(300_000)
      #expect(try log != nil && shop.lines(of: "run/log.jsonl").count == 2)
      log = nil
      let result = program.wait()
      #expect(result.status == 0, "\(result.messages)")
      #expect(result.count(of: "Warning: run/log.jsonl") == 1, "\(result.messages)")
      #expect(result.count(of: "Warning: The log can be written again.") == 1)
      try expectEqual(shop, steps: 24)
    }
  }

  // One model each: a disk fills alike for both.
  @Test(.enabled(if: MountedFolder.areWanted, MountedFolder.reason))
  func aRunGoesOnThroughAFullDisk() throws {
    try withWorkshop { shop in
      let command = try prepare(shop, .specgan, goingOn, steps: 24)
      try shop.remove("run")
      try shop.makeFolder("run")
      let disk = try MountedFolder(tmpfs: 24, at: "run", in: shop.folder)
      defer { withExtendedLifetime(disk) {} }
      let program = try Program.start(command + ["--steps", "24"], in: shop.folder)
      #expect(program.wait { program.messages.contains("step 1/") })
      #expect(
        program.wait {
          shop.fill("run/ballast")
          return program.messages.contains("No space left on device")
        })
      #expect(program.isRunning)
      try shop.remove("run/ballast")
      let result = program.wait()
      #expect(result.status == 0, "\(result.messages)")
      #expect(result.messages.contains("can be written again."), "\(result.messages)")
      try expectEqual(shop, steps: 24)
    }
  }

  @Test(.enabled(if: MountedFolder.areWanted, MountedFolder.reason))
  func aFullDiskStopsARunThatIsToStop() throws {
    try withWorkshop { shop in
      let command = try prepare(shop, .wavegan, [], steps: 24)
      try shop.remove("run")
      try shop.makeFolder("run")
      let disk = try MountedFolder(tmpfs: 24, at: "run", in: shop.folder)
      defer { withExtendedLifetime(disk) {} }
      let program = try Program.start(command + ["--steps", "24"], in: shop.folder)
      #expect(program.wait { program.messages.contains("step 1/") })
      #expect(
        !program.wait {
          shop.fill("run/ballast")
          return false
        })
      program.wait().expectLeft(73, "No space left on device")
      try shop.remove("run/ballast")
      if try !shop.names(in: "run/checkpoints").isEmpty { try shop.made("info", "run") }
      try expectFinished(shop, command, steps: 24)
    }
  }

  @Test(.enabled(if: MountedFolder.areWanted, MountedFolder.reason), arguments: [false, true])
  func aReadOnlyFolderOfCheckpoints(_ isGoingOn: Bool) throws {
    try withWorkshop { shop in
      let command = try prepare(shop, .specgan, (isGoingOn ? goingOn : []) + tiny, steps: 8)
      let before = try shop.contents(of: "run/checkpoints")
      do {
        let folder = try MountedFolder(readOnly: "run/checkpoints", in: shop.folder)
        defer { withExtendedLifetime(folder) {} }
        let result = try shop.run(command + ["--steps", "8", "--resume"])
        result.expectLeft(73, "Read-only file system")
        #expect(result.count(of: "Warning: run/checkpoints/") == (isGoingOn ? 1 : 0))
        #expect(try shop.lines(of: "run/log.jsonl").count == (isGoingOn ? 8 : 4))
        #expect(try shop.contents(of: "run/checkpoints") == before)
      }
      try expectFinished(shop, command, steps: 8)
    }
  }

  /// A session cannot begin in a read-only run, whatever the configuration says.
  @Test(.enabled(if: MountedFolder.areWanted, MountedFolder.reason))
  func aReadOnlyRunIsRefusedAtOnce() throws {
    try withWorkshop { shop in
      let command = try prepare(shop, .specgan, goingOn + tiny, steps: 8)
      let before = try shop.contents(of: "run")
      do {
        let folder = try MountedFolder(readOnly: "run", in: shop.folder)
        defer { withExtendedLifetime(folder) {} }
        try shop.run(command + ["--steps", "8", "--resume"]).expectLeft(73, "Read-only")
      }
      #expect(try shop.contents(of: "run") == before)
    }
  }

  /// Trains an undisturbed run `reference` and a `run` of two steps; returns the command that
  /// resumes it.
  private func prepare(
    _ shop: Workshop, _ kind: ModelKind, _ options: [String], steps: Int
  ) throws -> [String] {
    let command =
      ["train", "tiny.yaml", "--model", kind.rawValue] + options
      + ["--set", "training.checkpoint_steps=4", "--set", "training.checkpoints_kept=1"]
    #expect(try shop.run(command + ["--steps", "\(steps)"]).status == 0)
    try FileManager.default.moveItem(
      atPath: shop.folder.path("run"), toPath: shop.folder.path("reference"))
    #expect(try shop.run(command + ["--steps", "2"]).status == 0)
    return command
  }

  /// Resumes to `steps` with free space, and expects `reference`.
  private func expectFinished(_ shop: Workshop, _ command: [String], steps: Int) throws {
    let isBegun = !(try shop.names(in: "run").isEmpty)
    let result = try shop.run(command + ["--steps", "\(steps)"] + (isBegun ? ["--resume"] : []))
    #expect(result.status == 0, "\(result.messages)")
    try expectEqual(shop, steps: steps)
  }

  private func expectEqual(_ shop: Workshop, steps: Int) throws {
    #expect(
      try shop.contents(of: "run/checkpoints") == shop.contents(of: "reference/checkpoints"))
    #expect(
      try shop.lines(of: "run/log.jsonl").compactMap { $0["critic_loss"] as? Double }
        == shop.lines(of: "reference/log.jsonl").compactMap { $0["critic_loss"] as? Double })
    #expect(
      try shop.lines(of: "run/log.jsonl").compactMap { $0["step"] as? Int } == Array(1...steps))
  }
}

extension Workshop {
  /// Appends to the file `name` until the disk is full.
  fileprivate func fill(_ name: String) {
    let path = folder.path(name)
    if !FileManager.default.fileExists(atPath: path) { _ = try? folder.write([], as: name) }
    guard let file = FileHandle(forWritingAtPath: path) else { return }
    do {
      try file.seekToEnd()
      while true { try file.write(contentsOf: Data(count: 1 << 16)) }
    } catch {
      try? file.close()
    }
  }
}

extension ProgramResult {
  /// Returns the number of occurrences of `text` in the messages.
  fileprivate func count(of text: String) -> Int {
    messages.components(separatedBy: text).count - 1
  }

  /// Expects one error, which contains `words`.
  fileprivate func expectLeft(
    _ status: Int32, _ words: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let errors = messages.split(separator: "\n").filter { $0.hasPrefix("Error: ") }
    #expect(self.status == status && !isKilled, "\(messages)", sourceLocation: sourceLocation)
    #expect(errors.count == 1, "\(messages)", sourceLocation: sourceLocation)
    #expect(errors.first?.contains(words) == true, "\(messages)", sourceLocation: sourceLocation)
  }
}
