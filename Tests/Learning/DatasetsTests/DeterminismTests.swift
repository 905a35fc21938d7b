import Foundation
import SpecGANDatasets
import SpecGANTestSupport
import Spectra
import Testing
import Waveforms

@Suite struct DeterminismTests {
  /// Law 1, also for another time, folder and process.
  @Test func theSameFilesAreTheSameBytesForAnyNumberOfWorkers() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.copyItem(atPath: drums, toPath: folder.path("elsewhere"))
      try preprocess([drums], to: folder.path("1"), workers: 1)
      let expected = try folder.contents(of: "1")
      #expect(expected.count == 5)
      for workers in [2, 3, 7] {
        try preprocess([folder.path("elsewhere")], to: folder.path("n"), workers: workers)
        #expect(try folder.contents(of: "n") == expected)
      }
    }
  }

  /// 16 slices per shard, each written alone; and 128 per shard, written in pairs.
  @Test(.slow, arguments: [(1 << 19, 37), (1 << 16, 300)]) func shardsDoNotShow(
    _ sliceLength: Int, _ count: Int
  ) throws {
    try withTemporaryFolder { folder in
      var audio = AudioConfiguration()
      audio.sliceLength = sliceLength
      for index in 0..<count {
        let label = index % 3 == 0 ? "b" : "c"
        try folder.noise("in/\(label)/\(index).wav", seed: UInt64(index), frames: 300 + index)
      }
      try folder.makeParent(of: "in/a/x")
      // A label without slices: the others get their final numbers at the end.
      try folder.write([], as: "in/a/bad.wav")
      for workers in [1, 3] {
        try preprocess(
          [folder.path("in")], to: folder.path("\(workers)"), audio: audio, workers: workers)
      }
      let contents = try folder.contents(of: "1")
      #expect(try folder.contents(of: "3") == contents)
      #expect(contents.keys.contains("slices-00002.safetensors"))
      #expect(!contents.keys.contains("slices-00003.safetensors"))

      let cache = try Cache(path: folder.path("1"))
      try cache.verify()
      #expect(cache.labels == ["b", "c"] && cache.count == count)
      let (slices, numbers) = (try cache.slices(), try cache.labelNumbers())
      for (index, source) in try cache.sources().dropFirst().enumerated() {
        let sound = try AudioFile.read(folder.path("in/\(source.path)")).samples
        #expect(Array(slices.values(index).prefix(sound.count)) == sound)
        #expect(cache.labels[Int(numbers[index])] == source.label)
      }
    }
  }

  @Test func theFingerprintIsOfSettingsAndContent() throws {
    try withTemporaryFolder { folder in
      try folder.noise("in/a/x.wav", seed: 1)
      func fingerprint(_ change: (inout AudioConfiguration) -> Void = { _ in }) throws -> String {
        var audio = AudioConfiguration()
        change(&audio)
        return try preprocess([folder.path("in")], to: folder.path("out"), audio: audio).fingerprint
      }
      var seen = [try fingerprint()]
      #expect(try fingerprint() == seen[0])
      seen.append(try fingerprint { $0.overlap = 0.25 })
      try FileManager.default.moveItem(atPath: folder.path("in/a"), toPath: folder.path("in/b"))
      seen.append(try fingerprint())
      try folder.noise("in/b/x.wav", seed: 2)
      seen.append(try fingerprint())
      try folder.noise("in/b/y.wav", seed: 2)
      seen.append(try fingerprint())
      #expect(Set(seen).count == 5)
      #expect(seen.allSatisfy { $0.count == 16 })
    }
  }

  /// Moments agree with two passes in double precision over the same float32 log-magnitudes to a
  /// relative error of 10⁻⁶, of which the last rounding is 6·10⁻⁸. So do the moments of the same
  /// files in another order.
  @Test func momentsAreThoseOfTwoPassesInAnyOrder() throws {
    try withTemporaryFolder { folder in
      for index in 0..<20 {
        for (name, place) in [("there", index), ("back", 99 - index)] {
          try folder.noise("\(name)/\(place).wav", seed: UInt64(index), frames: 900 * (index + 1))
        }
      }
      try preprocess([folder.path("there")], to: folder.path("1"))
      try preprocess([folder.path("back")], to: folder.path("2"))
      let (cache, other) = (try Cache(path: folder.path("1")), try Cache(path: folder.path("2")))
      let slices = try cache.slices()
      #expect(try other.slices().values(0) != slices.values(0))
      var stft = try STFT()
      let rows = (0..<cache.count).flatMap { stft.logMagnitudes(of: slices.values($0).span) }
      for bin in 0..<129 {
        let values = stride(from: bin, to: rows.count, by: 129).map { Double(rows[$0]) }
        let mean = values.reduce(0, +) / Double(values.count)
        let scatter = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (scatter / Double(values.count)).squareRoot()
        for moments in [cache.moments[0], other.moments[0]] {
          #expect(abs(Double(moments.mean[bin]) - mean) < 1e-6 * max(1, abs(mean)))
          #expect(abs(Double(moments.deviation[bin]) - deviation) < 1e-6 * max(1, deviation))
        }
      }
    }
  }
}
