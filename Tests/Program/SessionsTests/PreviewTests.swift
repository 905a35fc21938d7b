import Foundation
import Networks
import SpecGANDatasets
import SpecGANErrors
import SpecGANModels
import SpecGANRuns
import SpecGANRunSupport
import SpecGANSessions
import SpecGANSettings
import SpecGANTensors
import SpecGANTestSupport
import Testing

/// Previews use the same latents at rising steps, and do not change training.
@Suite struct PreviewTests {
  @Test func theyComeSoonAtFirstAndThenEvenly() {
    let schedule = PreviewSchedule(longestGap: 300)
    #expect(
      (0...1_000).filter(schedule.contains)
        == [1, 2, 5, 10, 20, 50, 100, 200, 300, 600, 900])
    #expect((0...4).filter(PreviewSchedule(longestGap: 1).contains) == [1, 2, 3, 4])
  }

  @Test(arguments: [1, 2, 7, 10, 300, 1_000]) func theyAreCounted(_ gap: Int) {
    let schedule = PreviewSchedule(longestGap: gap)
    for step in -1...2_100 {
      #expect(schedule.count(through: step) == (0...max(step, 0)).count { schedule.contains($0) })
    }
  }

  /// 1 s at 16 kHz, 3 s at 44.1 kHz, and a minute of stereo, 16 bits each.
  @Test func eventFilesHaveFewOfLongClips() {
    #expect([32_812, 262_188, 11_520_044].map(Preview.clipCountInEvents) == [15, 2, 2])
    #expect(Preview.clipCountInEvents(ofSize: 0) > 64, "no clips, no limit")
  }

  @Test(arguments: ModelKind.allCases)
  func theyAreMadeInTimeAndLeaveTheRunAsItIs(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      var small = try SmallRun(kind, in: folder)
      try small.train("without", to: 4)
      small.configuration.monitoring.previewCount = 2
      small.configuration.monitoring.tensorboard = true
      small.configuration.monitoring.scalarSteps = 1
      try small.train(to: 4)
      let run = small.run()
      #expect(
        try names(in: run.path + "/previews") == [
          "latents.safetensors", "real", "step-00000001", "step-00000002", "step-00000004",
        ])
      #expect(
        try names(in: run.previewFolder(step: 4))
          == ["00.png", "00.wav", "01.png", "01.wav", "overview.png"])
      #expect(
        try RunLog.entries(path: run.logPath).map { $0.spectralDistance != nil }
          == [true, true, false, false], "where it was stopped is not to be seen")
      let checkpoint = try Checkpoint(path: run.checkpointPath(step: 4))
      let other = try Checkpoint(path: small.run("without").checkpointPath(step: 4))
      #expect(
        checkpoint.generator.parameters.block.values == other.generator.parameters.block.values)
      #expect(
        checkpoint.critic(on: Engine(threads: 1)).parameters.block.values
          == other.critic(on: Engine(threads: 1)).parameters.block.values)
    }
  }

  /// The second session generates the preview of step 2 again, after the first was killed before
  /// its checkpoint.
  @Test(arguments: ModelKind.allCases) func resumingMakesTheSame(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      var small = try SmallRun(kind, in: folder)
      small.configuration.monitoring.previewCount = 2
      try small.train("once", to: 2)
      let once = small.run("once")
      try small.train(to: 1)
      try small.train(to: 2, resuming: true, threads: 1)
      let run = small.run()
      for step in 1...2 {
        let names = try names(in: once.previewFolder(step: step))
        #expect(try names == self.names(in: run.previewFolder(step: step)))
        for name in names {
          #expect(
            FileManager.default.contentsEqual(
              atPath: "\(once.previewFolder(step: step))/\(name)",
              andPath: "\(run.previewFolder(step: step))/\(name)"), "\(name) of step \(step)")
        }
      }
      #expect(
        try RunLog.entries(path: run.logPath).map(\.spectralDistance)
          == RunLog.entries(path: once.logPath).map(\.spectralDistance))
    }
  }

  /// 64 clips are scored even if fewer are written, so scores do not depend on the number of
  /// written clips.
  @Test func theScoreDoesNotDependOnHowManyAreWritten() throws {
    try withTemporaryFolder { folder in
      var small = try SmallRun(.specgan, in: folder)
      let distances = try [1, 3].map { count in
        small.configuration.monitoring.previewCount = count
        try small.train("\(count)", to: 1)
        return try RunLog.entries(path: small.run("\(count)").logPath)[0].spectralDistance
      }
      #expect(distances[0] != nil && distances[0] == distances[1])
    }
  }

  @Test func aCacheThatIsNoSoundIsNamed() throws {
    try withTemporaryFolder { folder in
      var small = try SmallRun(.wavegan, in: folder)
      small.configuration.monitoring.previewCount = 1
      let path = "\(small.cache.path)/slices-00000.safetensors"
      var bytes = try folder.bytes(of: "cache/slices-00000.safetensors")
      let header = 8 + Int(bytes[0]) + Int(bytes[1]) << 8
      for index in header..<bytes.count { bytes[index] = 0xFF }
      try Data(bytes).write(to: URL(filePath: path))
      #expect(throws: SpecGANError.notFinite(path: small.cache.path, name: "slices")) {
        try small.train(to: 1)
      }
    }
  }

  private func names(in path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }
}
