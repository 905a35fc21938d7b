import Foundation
import Glibc
import SpecGANDatasets
import SpecGANErrors
import SpecGANTestSupport
import Testing

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
      let latin = folder.path("in/caf").utf8CString.dropLast() + [CChar(bitPattern: 0xE9), 0]
      close(unsafe open(Array(latin), O_WRONLY | O_CREAT, 0o644))
      let (summary, cache) = try cache(folder)
      let found = try cache.sources().map(\.path)
      #expect(found == [names[0], names[1], "caf\\xE9", names[2], names[3]])
      #expect(summary.skippedFiles.map(\.reason) == ["has a name that is not UTF-8; rename it."])
      let text = try folder.bytes(of: "cache/sources.jsonl")
      #expect(text.count { $0 == UInt8(ascii: "\n") } == 5)
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
