import Foundation
import Models
import Networks
import Tensors
import TestSupport
import Testing

import Training

/// Previews are of the same latents at rising steps, and change nothing that is learnt.
@Suite struct PreviewTests {
  @Test func theyComeSoonAtFirstAndThenEvenly() {
    let schedule = PreviewSchedule(longestGap: 300)
    #expect(
      (0...1_000).filter(schedule.contains)
        == [1, 2, 5, 10, 20, 50, 100, 200, 300, 600, 900])
    #expect((0...4).filter(PreviewSchedule(longestGap: 1).contains) == [1, 2, 3, 4])
  }

  @Test(arguments: ModelKind.allCases)
  func theyAreMadeInTimeAndLeaveTheRunAsItIs(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      var small = try SmallRun(kind, in: folder)
      try small.train("without", to: 3)
      small.configuration.monitoring.previewCount = 2
      try small.train(to: 3)
      let run = small.run()
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: run.path + "/previews").sorted()
          == ["real", "step-00000001", "step-00000002", "step-00000003"])
      let checkpoint = try Checkpoint(path: run.checkpointPath(step: 3))
      let other = try Checkpoint(path: small.run("without").checkpointPath(step: 3))
      #expect(checkpoint.generator.block.values == other.generator.block.values)
    }
  }
}
