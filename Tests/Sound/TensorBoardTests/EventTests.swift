import Foundation
import SpecGANErrors
import SpecGANFiles
import SpecGANTensorBoard
import SpecGANTestSupport
import Testing

/// Events against the same ones written by TensorBoard's own messages, and files of them.
@Suite struct EventTests {
  @Test func everyByteIsTensorBoardsOwn() throws {
    let golden = try Data(contentsOf: URL(filePath: Fixtures.path("golden/events.tfevents")))
    var summary = Summary()
    summary.append("critic/loss", scalar: -0.1, description: "rises, then falls")
    summary.append("zero", scalar: 0)
    summary.append("picture/0", png: try picture(in: golden))
    summary.append(
      "sound/0", wav: Array("RIFF".utf8), sampleRate: 16_000, channels: 2, frames: 70_000)
    let values = (0...480).map { Float($0 * $0 / 480) / 16 }
    let histogram = Histogram(of: values.span)
    summary.append("weights", try #require(histogram))
    summary.append("configuration", text: "model: specgan\n")
    summary.append(
      hyperparameters: [
        ("training.loss", .text("rpgan")), ("training.batch_size", .number(16)),
        ("network.conditional", .flag(false)), ("training.drift_weight", .number(0)),
      ], startedAt: 1.5)
    let events = [
      Event(time: 1.5, step: 0, content: .fileVersion),
      Event(time: 2.5, step: 300, content: .sessionStart),
      Event(time: 1.7e9, step: 1 << 40, content: .summary(summary)),
    ]
    #expect(events.flatMap { EventFile.record(of: $0.bytes) } == Array(golden))
  }

  /// The PNG among `bytes`, which nothing here could compress to the same ones.
  private func picture(in bytes: Data) throws -> [UInt8] {
    let start = try #require(bytes.firstRange(of: Data([0x89, 0x50, 0x4E, 0x47]))).lowerBound
    let end = try #require(bytes.firstRange(of: Data("IEND".utf8))).upperBound + 4
    return Array(bytes[start..<end])
  }

  /// TensorBoard reads a folder's files in the order of their names.
  @Test func laterSessionsHaveLaterNames() throws {
    try withTemporaryFolder { folder in
      let before = Int(Date().timeIntervalSince1970)
      for _ in 0..<3 { _ = try EventFile(folder: folder.path, firstStep: 1) }
      try folder.write([], as: "events.out.tfevents.3000000000.elsewhere")
      try folder.write([], as: "events.out.tfevents.99999999999999999999.far")
      try folder.write([], as: "log.jsonl")
      let last = try EventFile(folder: folder.path, firstStep: 1)
      let names = try EventFile.names(in: folder.path)
      let seconds = names.map { $0.split(separator: ".")[3] }.compactMap { Int($0) }
      #expect(names.count == 6 && seconds.count == 5)
      #expect((before...before + 2).contains(seconds[0]))
      #expect(seconds[1] == seconds[0] + 1 && seconds[2] == seconds[0] + 2)
      #expect(Array(seconds[3...]) == [3_000_000_000, 3_000_000_001])
      #expect(last.path.hasPrefix(folder.path("events.out.tfevents.3000000001.")))
    }
  }

  @Test func whatCannotBeWrittenIsAnError() throws {
    #expect(throws: SpecGANError.self) { try EventFile(folder: "/nowhere", firstStep: 1) }
    #expect(throws: SpecGANError.self) { try AppendOnlyFile(path: "/dev/full").append(line: "x") }
  }
}
