import Foundation
import SpecGANErrors
import SpecGANRuns
import SpecGANTestSupport
import SpecGANTraining
import Testing

/// A log is read exactly, by either of the two readers.
@Suite struct RunLogTests {
  @Test func whatWasWrittenIsReadToTheBit() throws {
    try withTemporaryFolder { folder in
      let patterns = randomNumbers(7_000, seed: 8).map { $0.bitPattern &* 2_654_435_761 }
      let floats = patterns.map { Float(bitPattern: $0) }.map { $0.isFinite ? $0 : 0.1 }
      let entries = (1...1_000).map { step in
        var losses = StepLosses()
        let first = 7 * (step - 1)
        losses.criticLoss = floats[first]
        losses.wasserstein = floats[first + 1]
        losses.gradientPenalty = step % 4 == 0 ? floats[first + 2] : nil
        losses.generatorLoss = floats[first + 3]
        losses.criticGradientNorm = floats[first + 4]
        losses.generatorGradientNorm = floats[first + 5]
        (losses.realMean, losses.generatedMean) = (floats[first + 6], floats[first + 1])
        var entry = RunLog.Entry(
          step: step, wallSeconds: Double(step) / 3, losses: losses,
          rates: (floats[first + 2], floats[first + 3]),
          secondsPerStep: .pi * Double(abs(floats[first])))
        entry.spectralDistance = step % 3 == 0 ? floats[first + 6] : nil
        return entry
      }
      let text = entries.map { RunLog.line($0) + "\n" }.joined()
      try Data((text + "{\"step\":1001,").utf8).write(to: URL(filePath: folder.path("log")))
      #expect(try RunLog.entries(path: folder.path("log")) == entries)
      // The program writes no spaces, so these lines are read by the other reader.
      let spaced = text.replacing("{", with: "{ ")
      try Data(spaced.utf8).write(to: URL(filePath: folder.path("spaced")))
      #expect(try RunLog.entries(path: folder.path("spaced")) == entries)
      #expect(try RunLog.cut(path: folder.path("log"), after: 400) == Array(entries.prefix(400)))
      let kept = entries.prefix(400).map { RunLog.line($0) + "\n" }.joined()
      #expect(try folder.bytes(of: "log") == Array(kept.utf8))
    }
  }

  @Test func csvHasEveryValue() throws {
    var losses = StepLosses()
    (losses.criticLoss, losses.realMean) = (0.1, -2)
    let first = RunLog.Entry(
      step: 1, wallSeconds: 0.5, losses: losses, rates: (1e-4, 2e-4), secondsPerStep: 0.25)
    var second = RunLog.Entry(step: 2, wallSeconds: 1, losses: .init(), secondsPerStep: 0.5)
    second.spectralDistance = 1.5
    (second.level, second.blend, second.augmentationProbability) = (2, 0.25, 0.125)
    let rows = RunLog.csv([first, second]).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(rows.count == 3 && rows.allSatisfy { $0.count == 19 } && rows[0].first == "step")
    func value(_ row: Int, _ key: String) throws -> String {
      rows[row][try #require(rows[0].firstIndex(of: key))]
    }
    #expect(try value(1, "critic_loss") == "0.1" && value(1, "real_mean") == "-2.0")
    #expect(try value(1, "critic_learning_rate") == "0.0002" && value(1, "step") == "1")
    #expect(try value(1, "spectral_distance") == "" && value(2, "spectral_distance") == "1.5")
    #expect(try value(2, "critic_learning_rate") == "" && value(2, "wall_seconds") == "1.0")
    #expect(try value(1, "level") == "" && value(2, "level") == "2")
    #expect(try value(1, "blend") == "" && value(2, "blend") == "0.25")
    #expect(try value(2, "augmentation_probability") == "0.125")
    // The keys are those of the log.
    let keys = try #require(
      try JSONSerialization.jsonObject(with: Data(RunLog.line(second).utf8)) as? [String: Any])
    #expect(Set(keys.keys).isSubset(of: rows[0]))
  }

  /// Version 0.2 logged neither means nor learning rates.
  @Test func anOlderLogIsRead() throws {
    try withTemporaryFolder { folder in
      let line = """
        {"critic_gradient_norm":1,"critic_loss":2,"generator_gradient_norm":3,"generator_loss":4,\
        "gradient_penalty":5,"seconds_per_step":6,"step":1,"wall_seconds":7,"wasserstein":8}

        """
      try folder.write(Array(line.utf8), as: "log")
      let entry = try #require(try RunLog.entries(path: folder.path("log")).first)
      #expect(entry.wasserstein == 8 && entry.realMean == nil && entry.criticLearningRate == nil)
      #expect(RunLog.line(entry) + "\n" == line)
    }
  }

  @Test(
    arguments: [
      "", "nonsense", "{}", "{\"step\":2}", "{\"step\":1.5", "[1]",
    ]) func whatIsNoLineIsNamed(_ line: String) throws
  {
    try withTemporaryFolder { folder in
      let path = folder.path("log")
      let entry = RunLog.Entry(
        step: 1, wallSeconds: 1, losses: StepLosses(), secondsPerStep: 1)
      try Data("\(RunLog.line(entry))\n\(line)\n".utf8).write(to: URL(filePath: path))
      #expect(throws: SpecGANError.logLine(path: path, line: 2)) {
        try RunLog.entries(path: path)
      }
    }
  }

  /// A line with a number that is invalid in JSON, or that overflows a float, is not a log entry.
  @Test(arguments: ["01", "1.", ".5", "1e", "-", "1e39", "\"1\"", "NaN"])
  func numbersAreJSONs(_ number: String) throws {
    try withTemporaryFolder { folder in
      let path = folder.path("log")
      let entry = RunLog.Entry(
        step: 1, wallSeconds: 1, losses: StepLosses(), secondsPerStep: 1)
      let line = RunLog.line(entry).replacing(
        "\"critic_loss\":0", with: "\"critic_loss\":\(number)")
      #expect(line.contains(number))
      try Data((line + "\n").utf8).write(to: URL(filePath: path))
      #expect(throws: SpecGANError.logLine(path: path, line: 1)) {
        try RunLog.entries(path: path)
      }
    }
  }
}
