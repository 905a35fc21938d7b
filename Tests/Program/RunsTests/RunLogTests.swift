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
        losses.gradientPenalty = floats[first + 2]
        losses.generatorLoss = floats[first + 3]
        losses.criticGradientNorm = floats[first + 4]
        losses.generatorGradientNorm = floats[first + 5]
        var entry = RunLog.Entry(
          step: step, wallSeconds: Double(step) / 3, losses: losses,
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
