import Foundation
import Safetensors
import SpecGANDatasets
import SpecGANErrors
import SpecGANTestSupport
import Testing
import Waveforms

/// The reuse of an existing cache, and the cases without reuse.
@Suite struct ExistingCacheTests {
  /// Five files of noise, each with its own label, and their cache.
  private func withCache(_ body: (TemporaryFolder) throws -> Void) throws {
    try withTemporaryFolder { folder in
      for index in 0..<5 { try folder.noise("in/\(index % 2)/\(index).wav", seed: UInt64(index)) }
      try run(folder)
      try body(folder)
    }
  }

  @discardableResult
  private func run(
    _ folder: TemporaryFolder, _ inputs: [String] = ["in"], to output: String = "cache"
  ) throws -> PreprocessingSummary {
    try preprocess(inputs.map(folder.path), to: folder.path(output))
  }

  /// Runs once more, and expects the bytes of a fresh cache.
  private func expectFresh(
    _ folder: TemporaryFolder, _ inputs: [String] = ["in"], decoded: Int, reused: Int,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let summary = try run(folder, inputs)
    #expect(summary.decodedCount == decoded, sourceLocation: sourceLocation)
    #expect(summary.reusedCount == reused, sourceLocation: sourceLocation)
    try run(folder, inputs, to: "fresh")
    #expect(
      try folder.contents(of: "cache") == folder.contents(of: "fresh"),
      sourceLocation: sourceLocation)
  }

  @Test func whatAnotherDecoderMadeIsDecodedAgain() throws {
    try withCache { folder in
      var record = try JSONRecord(of: folder)
      record.values["decoder"] = "1, libsndfile-0.0.1"
      try record.write(to: folder)
      try expectFresh(folder, decoded: 5, reused: 0)
    }
  }

  /// The slices are reused for a new cache.
  @Test func whatAnotherTransformMadeIsTransformedAgain() throws {
    try withCache { folder in
      var record = try JSONRecord(of: folder)
      record.values["transform"] = "0, fftw-0.0.1"
      try record.write(to: folder)
      try expectFresh(folder, decoded: 0, reused: 5)
    }
  }

  @Test func anotherNumberOfHiddenNamesIsWritten() throws {
    try withCache { folder in
      try folder.write([1], as: "in/.hidden")
      try expectFresh(folder, decoded: 0, reused: 5)
      #expect(try run(folder).hiddenCount == 1)
    }
  }

  /// Two shards, of three and two slices; this version would write one.
  @Test func shardsOfAnotherSizeAreRead() throws {
    try withCache { folder in
      var record = try JSONRecord(of: folder)
      record.sections["counts"]?["shards"] = 2
      for kind in ["slices", "spectrograms"] {
        let file = try SafetensorsFile(path: folder.path("cache/\(kind)-00000.safetensors"))
        let shape = try #require(file.entry(kind)).shape
        let values = try file.floats(kind)
        let labels = kind == "slices" ? try file.integers("labels") : nil
        let size = values.count / 5
        for (index, range) in [0..<3, 3..<5].enumerated() {
          let name = "\(kind)-0000\(index).safetensors"
          var contents = SafetensorsContents()
          contents.append(
            kind, shape: [range.count] + shape.dropFirst(),
            Array(values[range.lowerBound * size..<range.upperBound * size]))
          if let labels { contents.append("labels", shape: [range.count], Array(labels[range])) }
          try contents.write(to: folder.path("cache/\(name)"))
          record.sections["checksums"]?[name] = JSONRecord.digits(
            try folder.bytes(of: "cache/\(name)"))
        }
      }
      try record.write(to: folder)
      try Cache(path: folder.path("cache")).verify()
      try folder.noise("in/new.wav", seed: 9)
      try expectFresh(folder, decoded: 1, reused: 5)
    }
  }

  /// Two files with the same size and CRC-32 are distinguished.
  @Test func aFileOfTheSameCRC32IsDecoded() throws {
    try withCache { folder in
      let name = "in/0/0.wav"
      let target = bitwiseCRC32(try folder.bytes(of: name))
      try folder.noise(name, seed: 77)
      var bytes = try folder.bytes(of: name)
      bytes.replaceSubrange(3000..<3004, with: forged(bytes, at: 3000, target))
      #expect(bitwiseCRC32(bytes) == target)
      try folder.write(bytes, as: name)
      #expect(try AudioFile.read(folder.path(name)).frameCount == 1000)
      try expectFresh(folder, decoded: 1, reused: 4)
    }
  }

  /// Returns the four bytes at `place` for which `bytes` have the CRC-32 `target`. CRC-32 is linear
  /// in every bit.
  private func forged(_ bytes: [UInt8], at place: Int, _ target: UInt32) -> [UInt8] {
    func checksum(_ word: UInt32) -> UInt32 {
      var changed = bytes
      for index in 0..<4 { changed[place + index] = UInt8(word >> (8 * index) & 0xFF) }
      return bitwiseCRC32(changed)
    }
    let origin = checksum(0)
    var basis: [(effect: UInt32, word: UInt32)] = []
    func reduced(_ effect: UInt32, _ word: UInt32) -> (effect: UInt32, word: UInt32) {
      basis.reduce((effect, word)) { rest, row in
        let top = UInt32(1) << (31 - row.effect.leadingZeroBitCount)
        return rest.0 & top == 0 ? rest : (rest.0 ^ row.effect, rest.1 ^ row.word)
      }
    }
    for bit in 0..<32 {
      let row = reduced(checksum(1 << bit) ^ origin, 1 << bit)
      if row.effect != 0 { basis.append(row) }
    }
    let word = reduced(target ^ origin, 0).word
    return (0..<4).map { UInt8(word >> (8 * $0) & 0xFF) }
  }

  /// Names that are equal as text, but not as bytes.
  @Test func aNameInOtherCodePointsIsWritten() throws {
    try withTemporaryFolder { folder in
      try folder.noise("in/\u{E9}/caf\u{E9}.wav")
      try run(folder)
      try FileManager.default.createDirectory(
        atPath: folder.path("in/e\u{301}"), withIntermediateDirectories: false)
      let new = folder.path("in/e\u{301}/cafe\u{301}.wav")
      #expect(unsafe rename(folder.path("in/\u{E9}/caf\u{E9}.wav"), new) == 0)
      #expect(unsafe rmdir(folder.path("in/\u{E9}")) == 0)
      try expectFresh(folder, decoded: 0, reused: 1)
      let row = try #require(Cache(path: folder.path("cache")).sources().first)
      #expect(Array(row.path.utf8) == Array("e\u{301}/cafe\u{301}.wav".utf8))
    }
  }

  @Test func aRenamedFileIsNotDecoded() throws {
    try withCache { folder in
      #expect(unsafe rename(folder.path("in/0/0.wav"), folder.path("in/0/zero.wav")) == 0)
      try expectFresh(folder, decoded: 0, reused: 5)
    }
  }

  /// Two inputs, one of them a file; copies, and links to files and to a folder elsewhere.
  @Test func inputsCopiesAndLinksAreReused() throws {
    try withTemporaryFolder { folder in
      for index in 0..<3 { try folder.noise("one/a/\(index).wav", seed: UInt64(index)) }
      for name in ["two/a/copy.wav", "two/b/0.wav", "elsewhere/0.wav"] {
        try folder.noise(name, seed: 0)
      }
      try folder.noise("alone.wav", seed: 5)
      for (name, target) in [("two/b/link.wav", "one/a/1.wav"), ("two/c", "elsewhere")] {
        try FileManager.default.createSymbolicLink(
          atPath: folder.path(name), withDestinationPath: folder.path(target))
      }
      let inputs = ["one", "alone.wav", "two"]
      #expect(try run(folder, inputs).decodedCount == 8)
      let before = try folder.contents(of: "cache")
      #expect(try run(folder, inputs).reusedCount == 8)
      #expect(try folder.contents(of: "cache") == before)
      try folder.noise("two/b/new.wav", seed: 6)
      try expectFresh(folder, inputs, decoded: 1, reused: 8)
      try expectFresh(folder, ["two", "one"], decoded: 0, reused: 8)
    }
  }

  @Test func anOutputInsideTheInputIsReused() throws {
    try withTemporaryFolder { folder in
      for index in 0..<3 { try folder.noise("in/\(index).wav", seed: UInt64(index)) }
      try run(folder, to: "in/cache")
      try folder.noise("in/new.wav", seed: 9)
      let summary = try run(folder, to: "in/cache")
      #expect(summary.decodedCount == 1 && summary.reusedCount == 3 && summary.fileCount == 4)
    }
  }

  // MARK: - Interruption

  @Test func verifyingCanBeInterrupted() throws {
    try withCache { folder in
      let before = try folder.contents(of: "cache")
      var phases: [PreprocessingProgress.Phase] = []
      _ = try preprocessor(in: folder.path).run(progress: { phases.append($0.phase) })
      #expect(phases == [.comparing] + Array(repeating: .verifying, count: 4))
      var isVerifying = false
      #expect(throws: SpecGANError.interrupted) {
        try preprocessor(in: folder.path).run(
          progress: { isVerifying = isVerifying || $0.phase == .verifying },
          isInterrupted: { isVerifying })
      }
      #expect(try folder.contents(of: "cache") == before)
    }
  }

  @Test func comparingAsksEveryFewFiles() throws {
    try withTemporaryFolder { folder in
      for index in 0..<200 { try folder.noise("in/\(index).wav", frames: 10) }
      try run(folder)
      var done: [Int] = []
      _ = try preprocessor(in: folder.path).run(progress: {
        if $0.phase == .comparing { done.append($0.done) }
      })
      #expect(done == [64, 128, 192, 200])
    }
  }
}
