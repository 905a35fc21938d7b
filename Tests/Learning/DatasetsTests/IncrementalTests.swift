import Foundation
import SpecGANDatasets
import SpecGANTestSupport
import Spectra
import Testing
import Waveforms

/// A second run decodes only new files, and the cache has the bytes of one without an existing
/// cache.
@Suite struct IncrementalTests {
  /// Short slices, so that a shard has 64 of them and the files fill several shards.
  private static var audio: AudioConfiguration {
    var audio = AudioConfiguration()
    audio.sliceLength = 1 << 17
    return audio
  }

  /// Three labels with files of noise, some longer than a slice and one in stereo, and two bad
  /// files.
  private func makeSounds(_ folder: TemporaryFolder) throws {
    for index in 0..<90 {
      let label = ["a", "b", "c"][index % 3]
      try folder.noise(
        "in/\(label)/\(index).wav", seed: UInt64(index),
        frames: index % 10 == 0 ? 140_000 : 500 + index, channels: index == 7 ? 2 : 1)
    }
    try folder.write([], as: "in/b/empty.wav")
    try folder.write(Array("text".utf8), as: "in/c/text.wav")
  }

  /// Writes a cache, calls `change`, writes it again, and expects the result of a fresh run.
  private func expectSame(
    decoded: Int, reused: Int, audio: AudioConfiguration = audio,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ change: (TemporaryFolder) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      try makeSounds(folder)
      let first = try preprocess([folder.path("in")], to: folder.path("cache"), audio: Self.audio)
      #expect(first.decodedCount == 92 && first.reusedCount == 0, sourceLocation: sourceLocation)
      try change(folder)
      var second = try preprocess([folder.path("in")], to: folder.path("cache"), audio: audio)
      #expect(second.decodedCount == decoded, sourceLocation: sourceLocation)
      #expect(second.reusedCount == reused, sourceLocation: sourceLocation)
      let fresh = try preprocess(
        [folder.path("in")], to: folder.path("fresh"), audio: audio, workers: 3)
      #expect(fresh.reusedCount == 0, sourceLocation: sourceLocation)
      #expect(
        try folder.contents(of: "cache") == folder.contents(of: "fresh"),
        sourceLocation: sourceLocation)
      (second.output, second.decodedCount, second.reusedCount) =
        (fresh.output, fresh.decodedCount, fresh.reusedCount)
      #expect(second == fresh, sourceLocation: sourceLocation)
      #expect(try folder.names() == ["cache", "fresh", "in"], sourceLocation: sourceLocation)
    }
  }

  @Test func nothingChangedLeavesTheCacheWhereItIs() throws {
    try expectSame(decoded: 0, reused: 92) { folder in
      // The same inode means the same folder.
      let before = try inode(folder.path("cache"))
      let again = try preprocess([folder.path("in")], to: folder.path("cache"), audio: Self.audio)
      #expect(again.decodedCount == 0 && again.reusedCount == 92 && again.skippedFiles.count == 2)
      #expect(try inode(folder.path("cache")) == before)
    }
  }

  private func inode(_ path: String) throws -> Int {
    try #require(
      FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int)
  }

  @Test func newFilesAloneAreDecoded() throws {
    try expectSame(decoded: 3, reused: 92) { folder in
      for name in ["a/0a", "b/zz", "new/x"] {
        try folder.noise("in/\(name).wav", seed: 1000, frames: 140_000)
      }
    }
  }

  @Test func filesThatAreGoneLeaveNothing() throws {
    try expectSame(decoded: 0, reused: 60) { folder in
      try remove(folder.path("in/a"))
      try remove(folder.path("in/b/1.wav"))
      try remove(folder.path("in/c/2.wav"))
    }
  }

  /// The size stays the same, and the old times are restored.
  @Test func aChangedFileIsSeenWhateverItsTimesSay() throws {
    try expectSame(decoded: 1, reused: 91) { folder in
      let path = folder.path("in/a/3.wav")
      let date = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
      let size = try folder.bytes(of: "in/a/3.wav").count
      try folder.noise("in/a/3.wav", seed: 4000, frames: 503)
      #expect(try folder.bytes(of: "in/a/3.wav").count == size)
      try FileManager.default.setAttributes(
        [.modificationDate: try #require(date)], ofItemAtPath: path)
    }
  }

  @Test func aTouchedFileIsNotDecoded() throws {
    try expectSame(decoded: 0, reused: 92) { folder in
      for label in ["a", "b", "c"] {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path("in/\(label)"))
        {
          try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1)],
            ofItemAtPath: folder.path("in/\(label)/\(name)"))
        }
      }
    }
  }

  @Test(.slow) func aRenamedLabelIsNotDecoded() throws {
    try expectSame(decoded: 0, reused: 92) { folder in
      try FileManager.default.moveItem(atPath: folder.path("in/a"), toPath: folder.path("in/d"))
    }
  }

  /// The name and the size are the same; the bytes are not.
  @Test(.slow) func filesThatChangePlacesAreToldApart() throws {
    try expectSame(decoded: 0, reused: 94) { folder in
      for (label, seed) in [("a", 5), ("b", 6)] {
        try folder.noise("in/\(label)/same.wav", seed: UInt64(seed))
      }
      try preprocess([folder.path("in")], to: folder.path("cache"), audio: Self.audio)
      for (from, to) in [("a", "x"), ("b", "a"), ("x", "b")] {
        try FileManager.default.createDirectory(
          atPath: folder.path("in/\(to)"), withIntermediateDirectories: true)
        try FileManager.default.moveItem(
          atPath: folder.path("in/\(from)/same.wav"), toPath: folder.path("in/\(to)/same.wav"))
      }
      try remove(folder.path("in/x"))
    }
  }

  @Test func aBadFileThatWasReplacedIsTried() throws {
    try expectSame(decoded: 1, reused: 91) { folder in
      try folder.noise("in/b/empty.wav", seed: 9)
    }
  }

  @Test(.slow, arguments: ["rate", "length", "normalize"])
  func otherAudioSettingsDecodeEverything(setting: String) throws {
    var audio = Self.audio
    switch setting {
    case "rate": audio.sampleRate = 8000
    case "length": audio.sliceLength = 1 << 16
    default: audio.normalize = true
    }
    try expectSame(decoded: 92, reused: 0, audio: audio) { _ in }
  }

  /// Slices do not depend on these settings; moments, spectrograms and here the size of a shard do.
  @Test(.slow) func otherSpectrogramSettingsDecodeNothing() throws {
    try withTemporaryFolder { folder in
      try makeSounds(folder)
      var spectrogram = SpectrogramConfiguration()
      (spectrogram.frameLength, spectrogram.frameStep) = (512, 64)
      try preprocess([folder.path("in")], to: folder.path("cache"), audio: Self.audio)
      let second = try preprocess(
        [folder.path("in")], to: folder.path("cache"), audio: Self.audio, spectrogram: spectrogram)
      #expect(second.decodedCount == 0 && second.reusedCount == 92)
      try preprocess(
        [folder.path("in")], to: folder.path("fresh"), audio: Self.audio, spectrogram: spectrogram)
      #expect(try folder.contents(of: "cache") == folder.contents(of: "fresh"))
    }
  }

  /// After a bit error in a shard its files are decoded again; after one in the records, all files.
  @Test(.slow) func aDamagedCacheIsNotBelieved() throws {
    for name in [
      "slices-00000.safetensors", "slices-00001.safetensors", "sources.jsonl", "cache.json",
      "spectrograms-00000.safetensors", "moments.safetensors",
    ] {
      try withTemporaryFolder { folder in
        try makeSounds(folder)
        try preprocess([folder.path("in")], to: folder.path("cache"), audio: Self.audio)
        let good = try folder.contents(of: "cache")
        var bytes = try folder.bytes(of: "cache/\(name)")
        bytes[bytes.count / 2] ^= 1
        try folder.write(bytes, as: "cache/\(name)")
        let second = try preprocess(
          [folder.path("in")], to: folder.path("cache"), audio: Self.audio)
        #expect(try folder.contents(of: "cache") == good, "\(name)")
        #expect(second.decodedCount + second.reusedCount == 92)
        switch name {
        case "sources.jsonl", "cache.json": #expect(second.decodedCount == 92, "\(name)")
        case _ where name.hasPrefix("slices"):
          #expect((1..<92).contains(second.decodedCount), "\(name): \(second.decodedCount)")
        default: #expect(second.decodedCount == 0, "\(name)")
        }
      }
    }
  }

  private func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }
}
