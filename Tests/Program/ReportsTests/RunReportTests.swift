import Foundation
import SpecGANModels
import SpecGANReports
import SpecGANRuns
import SpecGANRunSupport
import SpecGANSettings
import SpecGANSynthesis
import SpecGANTestSupport
import Spectra
import Testing
import Waveforms

/// The parts of a run's page: its log by columns, and selected previews.
@Suite struct RunReportTests {
  // MARK: - The log

  @Test func columnsHoldWhatTheLogHolds() throws {
    try withTemporaryFolder { folder in
      let small = try SmallRun(.specgan, in: folder)
      try small.train(to: 4)
      let entries = try RunLog.entries(path: small.run().logPath)
      let columns = try LogColumns(path: small.run().logPath)
      #expect(columns.lastStep == 4)
      for (key, values) in [
        ("step", entries.map { Double($0.step) }), ("wall_seconds", entries.map(\.wallSeconds)),
        ("wasserstein", entries.map { Double($0.wasserstein) }),
        ("gradient_penalty", entries.compactMap { $0.gradientPenalty.map(Double.init) }),
        ("seconds_per_step", entries.map(\.secondsPerStep)),
      ] {
        #expect(columns[key].steps == [1, 2, 3, 4])
        for (found, expected) in zip(columns[key].values, values) {
          // The floats' own decimals are shorter than their doubles'.
          #expect(abs(found - expected) <= 1e-7 * abs(expected), "\(key)")
        }
      }
    }
  }

  @Test(
    arguments: [
      ("0", 0), ("-1.5", -1.5), ("1e-7", 1e-7),
      ("123456789012345678901", 123_456_789_012_345_683_968),
      ("-2.5E+3", -2500), ("0.30000001192092896", 0.30000001192092896), ("1e400", .infinity),
    ] as [(String, Double)]) func numbersAreRead(_ text: String, _ number: Double)
  {
    for line in ["{\"step\":1,\"x\":\(text)}\n", "{ \"x\": \(text), \"step\": 1 }\n"] {
      let found = LogColumns(text: Array(line.utf8))["x"].values.first ?? .infinity
      #expect(number.isInfinite || abs(found - number) <= 4 * number.ulp.magnitude, "\(line)")
    }
  }

  @Test func whatIsNoLineIsPassedOver() {
    let text = """
      {"step":1,"a":1}
      nonsense
      {"step":2,"a":null,"b":[1,2],"c":true,"d":"text"}
      {"event":"resumed"}

      {"step":3,"a":3,"late":9}
      {"step":3,"a":4}
      {"step":2,"a":5}
      {"step":4,"a":
      {"step":5,"a":6}
      {"step":6,"a":7
      """
    let columns = LogColumns(text: Array(text.utf8))
    #expect(columns["a"].steps == [1, 3, 5] && columns["a"].values == [1, 3, 6])
    #expect(columns["late"].steps == [3] && columns["late"].values == [9])
    #expect(columns["none"].steps.isEmpty && columns.lastStep == 5)
    for key in ["b", "c", "d"] { #expect(columns[key].steps.isEmpty, "\(key)") }
    #expect(LogColumns(text: []).lastStep == 0)
  }

  // MARK: - Previews

  @Test(arguments: [
    ([], []), ([7], [7]), ([1, 2, 5], [1, 2, 5]),
    (
      [1, 2, 5, 10, 20, 50, 100, 200, 500] + (1...200).map { 1_000 * $0 },
      [1, 5, 20, 50, 200, 1_000, 3_000, 13_000, 52_000, 200_000]
    ),
  ]) func fewStepsAreChosenByTheirLogarithms(_ steps: [Int], _ expected: [Int]) {
    let chosen = PreviewTable.chosen(10, of: steps)
    #expect(chosen == expected)
  }

  /// Neither the best nor the newest is ever left out.
  @Test(arguments: 2...12) func theBestAndTheNewestAreChosen(_ count: Int) {
    let steps = (1...40).map { 50 * $0 }
    for best in steps {
      let chosen = PreviewTable.chosen(count, of: steps, and: best)
      #expect(chosen.count <= count && chosen.contains(best) && chosen.last == 2_000)
      #expect(chosen == chosen.sorted() && (count < 3 || chosen.first == 50))
    }
  }

  /// 200,000 steps with clips of noise, which PNG does not compress.
  @Test func aLongRunsPageIsSmall() throws {
    try withTemporaryFolder { folder in
      let run = RunFolder(path: folder.path("run"))
      try writeLongRun(run)
      try RunReport(reading: run).write(to: folder.path("page.html"))
      let page = try folder.bytes(of: "page.html")
      #expect(page.count < 15_000_000, "\(page.count)")
      let text = String(decoding: page, as: UTF8.self)
      #expect(text.contains("step 200000</th>") && text.split(separator: "<audio ").count == 89)
    }
  }

  private func writeLongRun(_ run: RunFolder) throws {
    let steps = [1, 5, 20, 50, 200, 1_000, 3_000, 13_000, 52_000, 200_000]
    for (index, folder) in ([run.realExamplesFolder] + steps.map(run.previewFolder)).enumerated() {
      var writer = try SoundWriter(folder: folder, mastering: .init(), withPictures: false)
      for sound in 0..<8 {
        let noise = randomNumbers(16_384, seed: UInt64(100 * index + sound))
        let waveform = Waveform(samples: noise, channels: 1, sampleRate: 16_000)
        try writer.write(waveform, SpectrogramConfiguration(), stem: "0\(sound)")
      }
    }
    try Data(Configuration().yaml.utf8).write(to: URL(filePath: run.configurationPath))
    let noise = randomNumbers(8 * 200_000, seed: 1)
    var log = ""
    for step in 1...200_000 {
      func value(_ index: Int) -> Float { noise[8 * step - 8 + index] }
      log += """
        {"critic_gradient_norm":\(abs(value(0))),"critic_loss":\(value(1)),\
        "generator_gradient_norm":\(abs(value(2))),"generator_loss":\(value(3)),\
        "gradient_penalty":\(abs(value(4))),"seconds_per_step":\(1 + Double(value(5)) / 3),\
        "step":\(step),"wall_seconds":\(Double(step) * 1.013),"wasserstein":\(value(6))}\n
        """
    }
    try Data(log.utf8).write(to: URL(filePath: run.logPath))
  }
}
