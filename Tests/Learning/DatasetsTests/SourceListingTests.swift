import Foundation
import Glibc
import SpecGANDatasets
import SpecGANErrors
import SpecGANFiles
import SpecGANTestSupport
import SpecGANWorkers
import Spectra
import Testing
import Waveforms

@Suite struct SourceListingTests {
  private func cache(
    _ folder: TemporaryFolder, _ inputs: [String] = ["in"]
  ) throws -> (PreprocessingSummary, Cache) {
    let summary = try preprocess(inputs.map(folder.path), to: folder.path("cache"))
    return (summary, try Cache(path: folder.path("cache")))
  }

  @Test func filesAreInTheOrderOfTheirPathsBytes() throws {
    try withTemporaryFolder { folder in
      let names = ["B.wav", "a-b/x.wav", "a.wav", "a/b/c.wav", "a/x.wav", "b.wav", "é.wav"]
      for name in names.reversed() { try folder.noise("in/\(name)") }
      let (_, cache) = try cache(folder)
      #expect(try cache.sources().map(\.path) == names)
      #expect(try cache.sources().map(\.label) == ["", "a-b", "", "a", "a", "", ""])
      #expect(cache.labels == ["a", "a-b"])
      #expect(try cache.labelNumbers() == [-1, 1, -1, 0, 0, -1, -1])
    }
  }

  @Test func aLabelOfTwoInputsIsOne() throws {
    try withTemporaryFolder { folder in
      for name in ["one/kick/a.wav", "two/kick/a.wav", "two/hat/b.wav", "alone.wav"] {
        try folder.noise(name)
      }
      let (_, cache) = try cache(folder, ["one", "alone.wav", "two"])
      #expect(cache.labels == ["hat", "kick"])
      #expect(try cache.labelNumbers() == [1, -1, 0, 1])
      let sources = try cache.sources()
      #expect(sources.map(\.path) == ["kick/a.wav", "alone.wav", "hat/b.wav", "kick/a.wav"])
      #expect(
        sources.map(\.input)
          == ["one", "alone.wav", "two", "two"].map { folder.path($0) })
    }
  }

  @Test func loopsOfLinksAndHiddenNamesAreNotWalked() throws {
    try withTemporaryFolder { folder in
      try folder.noise("in/kick/a.wav", seed: 1)
      try folder.noise("in/.hidden/b.wav")
      try folder.noise("in/kick/.c.wav")
      try folder.noise("elsewhere/d.wav", seed: 2)
      let links = [
        ("in/kick/loop", "in"), ("in/again", "in/kick"), ("in/snare", "elsewhere"),
        ("elsewhere/round", "elsewhere"), ("in/kick/z.wav", "elsewhere/d.wav"),
        ("in/lost.wav", "nothing"),
      ]
      for (name, target) in links {
        try FileManager.default.createSymbolicLink(
          atPath: folder.path(name), withDestinationPath: folder.path(target))
      }
      let (summary, cache) = try cache(folder)
      let used = try cache.sources().filter { $0.skipReason == nil }
      #expect(used.map(\.path) == ["kick/a.wav", "kick/z.wav", "snare/d.wav"])
      #expect(
        summary.skippedFiles.map(\.path)
          == ["in/again", "in/kick/loop", "in/lost.wav"].map(folder.path))
      #expect(summary.hiddenCount == 2)
      #expect(cache.labels == ["kick", "snare"])
    }
  }

  @Test func aFolderGivenTwiceIsReadOnce() throws {
    try withTemporaryFolder { folder in
      try folder.noise("in/kick/a.wav")
      let (summary, _) = try cache(folder, ["in", "in/", "in/kick"])
      #expect(summary.fileCount == 1)
    }
  }

  @Test(arguments: [
    ["in", "in/kick/a.wav"], ["in/kick/a.wav", "in"], ["in/kick/a.wav", "in/./kick/a.wav"],
  ])
  func aFileGivenTwiceIsUsedOnce(inputs: [String]) throws {
    try withTemporaryFolder { folder in
      try folder.noise("in/kick/a.wav")
      let (summary, cache) = try cache(folder, inputs)
      #expect(summary.fileCount == 2 && summary.usedCount == 1)
      let rows = try cache.sources()
      #expect(rows.map(\.skipReason) == [nil, "was given twice; leave one of the two out."])
      #expect(rows.map(\.input) == inputs.map { folder.path($0) })
    }
  }

  @Test func anOutputInsideTheInputIsNoSound() throws {
    try withTemporaryFolder { folder in
      try folder.noise("in/kick/a.wav")
      let first = try preprocess([folder.path("in")], to: folder.path("in/cache"))
      let second = try preprocess([folder.path("in")], to: folder.path("in/cache/"))
      #expect(first.fileCount == 1 && second.fileCount == 1)
      #expect(first.fingerprint == second.fingerprint)
    }
  }

  /// Neither an unfinished nor a complete output counts as a hidden name.
  @Test func aHiddenOutputInsideTheInputIsNotCounted() throws {
    try withTemporaryFolder { folder in
      try folder.noise("in/a.wav")
      try folder.makeParent(of: "in/.git/x")
      try FileManager.default.createSymbolicLink(
        atPath: folder.path("in/.link"), withDestinationPath: ".cache")
      let first = try preprocess([folder.path("in")], to: folder.path("in/.cache"))
      let text = try folder.bytes(of: "in/.cache/cache.json")
      let second = try preprocess([folder.path("in")], to: folder.path("in/.cache"))
      #expect(first.hiddenCount == 2 && second.hiddenCount == 2)
      #expect(second.decodedCount == 0)
      #expect(try folder.bytes(of: "in/.cache/cache.json") == text)
    }
  }

  @Test func rowsHoldAnyName() throws {
    try withTemporaryFolder { folder in
      let names = ["\u{1}\t.wav", "a\nb.wav", "q\"\\.wav", "é\u{2028}🥁.wav"]
      for name in names { try folder.noise("in/\(name)") }
      let latin = String(systemBytes: Array("caf".utf8) + [0xE9])
      try AtomicFile.replace(folder.path("in/\(latin)"), with: "")
      let (summary, cache) = try cache(folder)
      let found = try cache.sources().map(\.path)
      #expect(found == [names[0], names[1], "caf\\xE9", names[2], names[3]])
      #expect(summary.skippedFiles.map(\.path) == [folder.path("in/\(latin)")])
      #expect(summary.skippedFiles.map(\.shownPath) == [folder.path("in/caf\\xE9")])
      #expect(summary.skippedFiles.map(\.reason) == ["is empty: it has 0 bytes; copy it again."])
      let text = try folder.bytes(of: "cache/sources.jsonl")
      #expect(text.count { $0 == UInt8(ascii: "\n") } == 5)
    }
  }

  /// Shift-JIS, in which the second byte of a letter may be that of a backslash, and Latin-1: the
  /// sounds are those of the same files under other names, and the rows tell which bytes they have.
  @Test func filesWithNamesInOtherEncodingsAreUsed() throws {
    try withTemporaryFolder { folder in
      for (index, name) in ["drum/a.wav", "drum/b.wav", "snare/c.wav"].enumerated() {
        try folder.noise("in/\(name)", seed: UInt64(index))
      }
      let (plain, cache) = try cache(folder)
      let slices = try folder.bytes(of: "cache/slices-00000.safetensors")
      let drum: [UInt8] = [0x83, 0x68, 0x83, 0x5C]
      let moves = [
        ("drum/b.wav", Array("drum/".utf8) + [0xE9] + Array(".wav".utf8)), ("drum", drum),
      ]
      for (name, bytes) in moves {
        let target = folder.path("in/" + String(systemBytes: bytes)).inSystem
        #expect(unsafe rename(folder.path("in/\(name)"), target) == 0)
      }
      let (summary, other) = try self.cache(folder)
      #expect(summary.usedCount == 3 && summary.reusedCount == 3 && plain.usedCount == 3)
      let rows = try other.sources()
      #expect(
        rows.map(\.path) == ["snare/c.wav", "\\x83h\\x83\\\\/a.wav", "\\x83h\\x83\\\\/\\xE9.wav"])
      #expect(rows.map(\.isEscaped) == [nil, true, true])
      #expect(other.labels == ["\\x83h\\x83\\\\", "snare"])
      #expect(summary.warnings.contains { $0.contains("not UTF-8") && $0.contains("convmv") })
      #expect(!plain.warnings.contains { $0.contains("not UTF-8") })
      #expect(cache.count == other.count)
      // Nothing has changed since.
      let text = try folder.bytes(of: "cache/sources.jsonl")
      let again = try self.cache(folder).0
      #expect(again.reusedCount == 3)
      #expect(try folder.bytes(of: "cache/sources.jsonl") == text)
      #expect(try folder.bytes(of: "cache/slices-00000.safetensors") != slices)  // another order
    }
  }

  /// A folder of hidden files is not called empty, and what macOS puts into archives is not read.
  @Test func hiddenFilesAreTheReasonWhereTheyAre() throws {
    try withTemporaryFolder { folder in
      try folder.noise("in/kick/a.wav")
      try folder.noise("in/snare/.b.wav")
      try folder.noise("in/__MACOSX/kick/a.wav")
      try folder.makeParent(of: "in/hat/x")
      let (summary, cache) = try cache(folder)
      #expect(summary.hiddenCount == 2 && summary.usedCount == 1 && cache.labels == ["kick"])
      #expect(summary.skippedFiles.map(\.path) == ["in/hat", "in/snare"].map(folder.path))
      #expect(summary.skippedFiles[0].reason.hasPrefix("is an empty folder"))
      #expect(summary.skippedFiles[1].reason.contains("hidden"))
      #expect(summary.skippedFiles.map(\.kind) == [.emptyFolder, .emptyFolder])

      try folder.noise("all/.audio/a.wav")
      let error = #expect(throws: SpecGANError.self) {
        try preprocess([folder.path("all")], to: folder.path("none"))
      }
      #expect(error?.code == "datasets.noFiles")
      #expect(error?.sentence.contains("1 that is hidden") == true)
    }
  }

  /// Each pattern, and the files that are left.
  @Test(arguments: [
    (["*.asd"], ["a.wav", "loops/b.wav", "loops/deep/c.wav"], 2),
    (["loops"], ["a.wav", "a.wav.asd"], 1), (["loops/"], ["a.wav", "a.wav.asd"], 1),
    (["loops/*.wav"], ["a.wav", "a.wav.asd", "loops/b.wav.asd"], 2),
    (["*/deep", "*.asd"], ["a.wav", "loops/b.wav"], 3),
    (["[ab].wav"], ["a.wav.asd", "loops/b.wav.asd", "loops/deep/c.wav"], 2),
    (
      ["A.WAV", "b"], ["a.wav", "a.wav.asd", "loops/b.wav", "loops/b.wav.asd", "loops/deep/c.wav"],
      0
    ),
  ])
  func patternsLeaveFilesOut(_ patterns: [String], _ left: [String], _ count: Int) throws {
    try withTemporaryFolder { folder in
      for name in ["a.wav", "loops/b.wav", "loops/deep/c.wav"] { try folder.noise("in/\(name)") }
      for name in ["a.wav.asd", "loops/b.wav.asd"] { try folder.write([1, 2], as: "in/\(name)") }
      let summary = try Preprocessor(
        inputs: [folder.path("in")], output: folder.path("cache"), audio: .init(),
        spectrogram: .init(), excluding: patterns, workers: Workers(count: 1)
      ).run()
      #expect(try Cache(path: folder.path("cache")).sources().map(\.path) == left)
      #expect(summary.excludedCount == count)
      #expect(summary.idlePatterns == (count == 0 ? patterns : []))
    }
  }

  @Test func namesThatOnlyLookEqualAreTwoLabels() throws {
    try withTemporaryFolder { folder in
      try folder.noise("in/e\u{301}/a.wav")
      try folder.noise("in/\u{E9}/a.wav")
      let (_, cache) = try cache(folder)
      #expect(cache.labels.map { Array($0.utf8) } == ["e\u{301}", "\u{E9}"].map { Array($0.utf8) })
      #expect(try cache.labelNumbers() == [0, 1])
    }
  }

  @Test func whatIsNotThereIsAnError() throws {
    try withTemporaryFolder { folder in
      let output = folder.path("cache")
      #expect(throws: SpecGANError.noInputs) { try preprocess([], to: output) }
      #expect(throws: SpecGANError.missingInput(path: folder.path("in"))) {
        try preprocess([folder.path("in")], to: output)
      }
      try folder.makeParent(of: "in/x")
      #expect(throws: SpecGANError.noFiles(inputs: [folder.path("in")])) {
        try preprocess([folder.path("in")], to: output)
      }
      #expect(try folder.names() == ["in"])
    }
  }
}
