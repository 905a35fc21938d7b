import Foundation
import SpecGANTestSupport
import Testing

/// The laws of `tools/faults`, on a part of its faults: if a call of the system fails, the program
/// says why, with the exit status of the reason; every file is the old one or the new one, and the
/// next run completes the work with the same bytes.
@Suite(.serialized, .slow, .enabled(if: OutsideTools.isWanted("python3"), "it needs python3"))
struct FaultTests {
  /// A part of all combinations of command, call and error.
  @Test func whateverFailsIsSaidAndSpoilsNothing() throws {
    let outcomes = try trials(["--count", "120", "--seed", "1"])
    #expect(outcomes.total == 120)
    for refused in ["71", "73", "74"] { #expect(outcomes[refused] >= 6, "\(outcomes)") }
    #expect(outcomes["0, equal"] >= 6, "short transfers and signals are not noticed")
    #expect(outcomes["not reached"] <= 12, "\(outcomes)")
  }

  /// Beside `KillTests` and `ExactResumeTests`, which stop longer runs: any command, and some a
  /// second time while the work is completed.
  @Test func killedAtAnyMomentTheNextRunCompletesTheWork() throws {
    let outcomes = try trials(["--kills", "30", "--seed", "2"])
    #expect(outcomes["killed"] >= 6, "hardly any kill came before the end")
  }

  /// A fault arrives as what it is, so that the laws are about something.
  @Test(arguments: [
    ("generate write ENOSPC 3 once", "cannot be written: No space left on device", "73"),
    ("generate read EIO 1 onward", "cannot be read: Input/output error", "74"),
    ("generate open EMFILE 1 onward", "Too many open files; raise the limit", "71"),
    ("generate memory ENOMEM 1 onward", "The system refuses", "71"),
    ("generate write tear 3 once", "\n", "-9"),
    ("generate read one 1 onward", "out: 2 clips.", "0, equal"),
  ]) func theCallFails(_ fault: String, _ words: String, _ outcome: String) throws {
    let result = try run(["--case", fault])
    #expect(result.status == 0, "\(result.output) \(result.messages)")
    #expect(result.output.contains(words), "\(result.output)")
    #expect(result.output.contains("\n\(outcome)\n"), "\(result.output)")
  }

  /// The number of trials by their outcomes.
  private struct Outcomes {
    let counts: [String: Int]

    var total: Int { counts.values.reduce(0, +) }

    subscript(outcome: String) -> Int { counts[outcome] ?? 0 }
  }

  /// Runs the tool, which must find no violation.
  private func trials(_ arguments: [String]) throws -> Outcomes {
    try withTemporaryFolder { folder in
      let report = folder.path("report.json")
      let result = try run(arguments + ["--json", report])
      #expect(result.status == 0, "\(result.output) \(result.messages)")
      let object = try JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(filePath: report)))
      let counts = (object as? [String: Any])?["outcomes"] as? [String: Int]
      return Outcomes(counts: try #require(counts))
    }
  }

  private func run(_ arguments: [String]) throws -> ProgramResult {
    try withTemporaryFolder { folder in
      try RunningProgram(
        "\(Fixtures.repository)/tools/faults/run", ["--program", Program.path] + arguments,
        in: folder, patience: .seconds(600)
      ).wait()
    }
  }
}
