import Foundation
import SpecGANTestSupport
import Testing

/// The law of the floors: imports point to the same floor or to a lower one, without a cycle.
@Suite(.slow) struct GraphTests {
  /// Runs the check in a copy of the package after `change`.
  private func check(
    _ change: (TemporaryFolder) throws -> Void = { _ in }
  ) throws -> ProgramResult {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(
        atPath: folder.path("tools"), withIntermediateDirectories: false)
      for name in ["Package.swift", "Sources", "tools/check-graph"] {
        try FileManager.default.copyItem(
          atPath: "\(Fixtures.repository)/\(name)", toPath: folder.path(name))
      }
      try change(folder)
      return try RunningProgram(folder.path("tools/check-graph"), [], in: folder).wait()
    }
  }

  /// Replaces `text` by `replacement` in `file`.
  private func replace(
    _ text: String, by replacement: String, in file: String, _ folder: TemporaryFolder
  ) throws {
    let content = try String(contentsOfFile: folder.path(file), encoding: .utf8)
    #expect(content.contains(text))
    try content.replacingOccurrences(of: text, with: replacement)
      .write(toFile: folder.path(file), atomically: false, encoding: .utf8)
  }

  @Test func thePackageKeepsIt() throws {
    let result = try check()
    #expect(result.status == 0, "\(result.messages)")
  }

  @Test func anImportOfAHigherFloorIsNamed() throws {
    let result = try check { folder in
      try replace(
        "import SpecGANWorkers", by: "import SpecGANSessions\ninternal import SpecGANWorkers",
        in: "Sources/Learning/Tensors/Engine.swift", folder)
    }
    #expect(result.status == 1)
    #expect(result.messages.contains("Sources/Learning/Tensors/Engine.swift:2"))
    #expect(result.messages.contains("SpecGANTensors (Learning) imports SpecGANSessions (Program)"))
  }

  @Test func aDependencyOnAHigherFloorIsNamed() throws {
    let result = try check { folder in
      try replace(
        #"room("Pages", on: .sound, uses: ["#, by: #"room("Pages", on: .sound, uses: ["Tensors", "#,
        in: "Package.swift", folder)
    }
    #expect(result.status == 1)
    #expect(
      result.messages.contains("Package.swift: SpecGANPages (Sound) depends on SpecGANTensors"))
  }

  @Test func aCircleIsNamed() throws {
    let result = try check { folder in
      try replace(
        #"room("WireFormat", on: .base)"#,
        by: #"room("WireFormat", on: .base, uses: ["Randomness"])"#, in: "Package.swift", folder)
      try replace(
        #"room("Randomness", on: .base, uses: ["#,
        by: #"room("Randomness", on: .base, uses: ["WireFormat", "#, in: "Package.swift", folder)
    }
    #expect(result.status == 1)
    #expect(result.messages.contains("Package.swift: a circle: "))
  }
}
