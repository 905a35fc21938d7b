import Foundation
import SpecGANDatasets
import SpecGANErrors
import SpecGANTestSupport
import Testing

/// Law 6: a bad input is reported with the reason, and never affects other inputs.
@Suite struct BadInputTests {
  private static let goodNames = ["kick/a.wav", "kick/m.wav", "snare/b.wav", "top.wav"]

  private func makeGood(_ folder: TemporaryFolder, in input: String) throws {
    for (index, name) in Self.goodNames.enumerated() {
      try folder.noise("\(input)/\(name)", seed: UInt64(index), frames: 20_000)
    }
  }

  /// Writes bad files; returns their names, each with a word of the reason.
  private func makeBad(_ folder: TemporaryFolder, in input: String) throws -> [String: String] {
    var reasons: [String: String] = [:]
    func add(_ name: String, _ bytes: [UInt8], _ reason: String) throws {
      try folder.makeParent(of: "\(input)/\(name)")
      try folder.write(bytes, as: "\(input)/\(name)")
      reasons[name] = reason
    }
    let good = try folder.bytes(of: "\(input)/top.wav")
    try add("aaa/only_bad.wav", [], "is empty")
    let flac = ConstantFLAC.bytes(blockCount: 2, value: 9)
    try add("kick/cut.flac", Array(flac.prefix(60)), "truncated")
    try add("kick/header.wav", Array(good.prefix(20)), "truncated")
    try add("README.txt", Array("sounds".utf8), "text")
    try add("noise.flac", (0..<999).map { UInt8(truncatingIfNeeded: $0 * 37 ^ $0 >> 3) }, "audio")
    let nan: [UInt8] = [0, 0, 0xC0, 0x7F]
    try add(
      "kick/nan.wav", Array(good.dropLast(400)) + nan + Array(good.suffix(396)), "not a finite")
    return reasons
  }

  /// Creates bad entries that are not regular audio files; returns them as above.
  private func makeOdd(_ folder: TemporaryFolder, in input: String) throws -> [String: String] {
    try folder.sound("\(input)/loud.wav", [0, 3e38, -3e38, 0])
    try folder.noise("\(input)/five.wav", channels: 5)
    try folder.makeParent(of: "\(input)/folder.wav/x")
    #expect(unsafe mkfifo(folder.path("\(input)/pipe.wav"), 0o644) == 0)
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("\(input)/zero.wav"), withDestinationPath: "/dev/zero")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("\(input)/lost.wav"), withDestinationPath: "nothing")
    var reasons = [
      "loud.wav": "2⁶⁴", "folder.wav": "empty folder", "pipe.wav": "named pipe",
      "zero.wav": "device", "lost.wav": "link to nothing",
    ]
    if geteuid() != 0 {  // root can read every file
      try folder.noise("\(input)/locked.wav")
      #expect(unsafe chmod(folder.path("\(input)/locked.wav"), 0) == 0)
      reasons["locked.wav"] = "cannot be read"
    }
    return reasons
  }

  @Test func badFilesAreNamedAndLeaveTheOthersAlone() throws {
    try withTemporaryFolder { folder in
      try makeGood(folder, in: "clean")
      try makeGood(folder, in: "mixed")
      var reasons = try makeBad(folder, in: "mixed")
      reasons.merge(try makeOdd(folder, in: "mixed")) { first, _ in first }
      // Five channels become one by their mean; for two there is no rule, so both caches ask for
      // one.
      let clean = try preprocess([folder.path("clean")], to: folder.path("one"))
      let mixed = try preprocess([folder.path("mixed")], to: folder.path("two"))
      try FileManager.default.removeItem(atPath: folder.path("mixed/five.wav"))
      let rest = try preprocess([folder.path("mixed")], to: folder.path("three"))
      #expect(mixed.sliceCount == clean.sliceCount + 1 && mixed.labels == clean.labels)
      #expect(rest.skippedFiles == mixed.skippedFiles)

      let rows = try Cache(path: folder.path("three")).sources().filter { $0.skipReason != nil }
      #expect(Set(rows.map(\.path)) == Set(reasons.keys))
      for row in rows {
        let (found, wanted) = (row.skipReason ?? "", reasons[row.path] ?? "?")
        #expect(found.contains(wanted), "\(row.path): \(found)")
        #expect(!found.contains(folder.path) && found.hasSuffix("."), "\(found)")
        #expect(found.contains("; "), "“\(found)” does not say what to do")
      }
      var (one, three) = (try folder.contents(of: "one"), try folder.contents(of: "three"))
      for name in ["cache.json", "sources.jsonl"] {
        one[name] = nil
        three[name] = nil
      }
      #expect(one == three)
      #expect(clean.fingerprint == rest.fingerprint && rest.fingerprint != mixed.fingerprint)
    }
  }

  @Test func nothingUsableIsAnErrorWithReasons() throws {
    try withTemporaryFolder { folder in
      try folder.makeParent(of: "in/x")
      for name in ["a", "b", "c", "d"] { try folder.write([], as: "in/\(name)") }
      let error = #expect(throws: SpecGANError.self) {
        try preprocess([folder.path("in")], to: folder.path("cache"))
      }
      let first = ["a", "b", "c"].map {
        SkippedSource(
          path: folder.path("in/\($0)"), reason: "is empty: it has 0 bytes; copy it again.")
      }
      #expect(error == .nothingUsable(count: 4, first: first))
      #expect(try folder.names() == ["in"])
    }
  }
}
