import Foundation
import SpecGANDatasets
import SpecGANTestSupport
import Spectra
import Testing
import Waveforms

@Suite struct PreprocessorTests {
  @Test func drumsBecomeACacheWithARowAFile() throws {
    try withTemporaryFolder { folder in
      let summary = try preprocess([drums], to: folder.path("cache"))
      let cache = try Cache(path: folder.path("cache"))
      try cache.verify()
      #expect(summary.fileCount == 75 && summary.usedCount == 75 && summary.skippedFiles == [])
      #expect(summary.sliceCount == cache.count && summary.fingerprint == cache.fingerprint)
      #expect(
        cache.labels == [
          "clap", "cymbal", "hat_closed", "hat_open", "kick", "perc", "snare", "tom",
        ]
      )
      let sources = try cache.sources()
      let paths = sources.map(\.path)
      #expect(paths == paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
      #expect(sources.reduce(0) { $0 + $1.slices } == cache.count)
      let kick = try #require(sources.first { $0.path == "kick/bd_808.wav" })
      let stored = try AudioFile.read("\(drums)/kick/bd_808.wav")
      #expect(
        try kick
          == Source.used(
            kick.path, frames: stored.frameCount, rate: stored.sampleRate, label: "kick",
            slices: try stored.slices(.init()).count,
            content: [UInt8](Data(contentsOf: URL(filePath: "\(drums)/kick/bd_808.wav")))))
    }
  }

  @Test func slicesAndTheirLabelsFollowTheRows() throws {
    try withTemporaryFolder { folder in
      try preprocess([digits], to: folder.path("cache"))
      let cache = try Cache(path: folder.path("cache"))
      let slices = try cache.slices()
      let numbers = try cache.labelNumbers()
      #expect(slices.shape == [1, 16_384, 1] && slices.count == cache.count)
      var index = 0
      for source in try cache.sources() {
        let sound = try Waveform.decoded(path: "\(digits)/\(source.path)", as: .init())
        for slice in try sound.waveform.slices(.init()) {
          #expect(slices.values(index) == slice)
          #expect(cache.labels[Int(numbers[index])] == source.label)
          index += 1
        }
      }
      #expect(index == cache.count)
    }
  }

  @Test func spectrogramsAndMomentsAreThoseOfTheDefinition() throws {
    try withTemporaryFolder { folder in
      try preprocess([digits], to: folder.path("cache"))
      let cache = try Cache(path: folder.path("cache"))
      let (slices, spectrograms) = (try cache.slices(), try cache.spectrograms())
      #expect(spectrograms.shape == [128, 128, 1] && spectrograms.count == cache.count)
      let oracle = SpectrogramOracle((0..<cache.count).map(slices.values))
      for bin in 0..<129 {
        let error = oracle.momentErrors[bin]
        #expect(abs(Double(cache.moments[0].mean[bin]) - oracle.mean[bin]) < error)
        #expect(abs(Double(cache.moments[0].deviation[bin]) - oracle.deviation[bin]) < error)
      }
      for index in 0..<cache.count {
        let ratio = oracle.worstRatio(of: spectrograms.values(index), slice: index)
        #expect(ratio < 1)
      }
    }
  }

  /// Two channels have spectrograms of their own; see `StereoCacheTests`.
  @Test func aSoundOfFourChannelsHasTheSpectrogramOfTheirMean() throws {
    try withTemporaryFolder { folder in
      let quad = try folder.noise("in/quad.wav", frames: 16_384, channels: 4)
      let means = stride(from: 0, to: quad.count, by: 4).map { first in
        Float(quad[first..<first + 4].reduce(0.0) { $0 + Double($1) } / 4)
      }
      try folder.sound("mono/mono.wav", means)
      var audio = AudioConfiguration()
      audio.channels = 4
      try preprocess([folder.path("in")], to: folder.path("four"), audio: audio)
      try preprocess([folder.path("mono")], to: folder.path("one"))
      let (four, one) = try (Cache(path: folder.path("four")), Cache(path: folder.path("one")))
      #expect(try four.slices().shape == [1, 16_384, 4])
      #expect(try four.slices().values(0) == quad)
      #expect(try four.spectrograms().values(0) == one.spectrograms().values(0))
      #expect(four.moments == one.moments)
      #expect(four.fingerprint != one.fingerprint)
    }
  }

  @Test func silenceIsFinite() throws {
    try withTemporaryFolder { folder in
      for name in ["a", "b"] {
        try folder.sound("in/\(name).wav", [Float](repeating: 0, count: 20_000))
      }
      try preprocess([folder.path("in")], to: folder.path("cache"))
      let cache = try Cache(path: folder.path("cache"))
      try cache.verify()
      #expect(cache.labels == [] && cache.count == 4)
      #expect(try cache.labelNumbers() == [-1, -1, -1, -1])
      #expect(try cache.spectrograms().values(3).allSatisfy { $0 == 0 })
    }
  }
}

extension Source {
  /// Returns the row of a used mono file with the bytes `content`.
  static func used(
    _ path: String, frames: Int, rate: Int, label: String, slices: Int, content: [UInt8]
  ) -> Source {
    let checksum = [bitwiseCRC32(content), plainAdler32(content)]
      .map { String(UInt64($0) | 1 << 32, radix: 16).dropFirst() }.joined()
    let row = """
      {"path": "\(path)", "frames": \(frames), "rate": \(rate), "channels": 1, "label": "\(label)",
       "slices": \(slices), "bytes": \(content.count), "checksum": "\(checksum)", "rights": {}}
      """
    guard let source = try? JSONDecoder().decode(Source.self, from: Data(row.utf8)) else {
      preconditionFailure("the row cannot be decoded: \(row)")
    }
    return source
  }
}
