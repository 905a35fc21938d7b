import Foundation
import Safetensors
import SpecGANDatasets
import SpecGANErrors
import SpecGANTestSupport
import Spectra
import Testing

@Suite struct CacheTests {
  private func withCache(_ body: (TemporaryFolder) throws -> Void) throws {
    try withTemporaryFolder { folder in
      for (index, label) in ["a", "b", "b", "c"].enumerated() {
        try folder.noise("in/\(label)/\(index).wav", seed: UInt64(index))
      }
      try preprocess([folder.path("in")], to: folder.path("cache"))
      try body(folder)
    }
  }

  @Test func aBitChangedAnywhereIsFound() throws {
    try withCache { folder in
      for (name, data) in try folder.contents(of: "cache") {
        for place in [0, data.count / 3, data.count - 2] {
          var bytes = Array(data)
          bytes[place] ^= 0x10
          try folder.write(bytes, as: "cache/\(name)")
          #expect(throws: SpecGANError.self, "\(name), byte \(place)") {
            try Cache(path: folder.path("cache")).verify()
          }
        }
        try folder.write(Array(data), as: "cache/\(name)")
      }
      try Cache(path: folder.path("cache")).verify()
    }
  }

  @Test func damagedFilesAreNamed() throws {
    try withCache { folder in
      let shard = "cache/spectrograms-00000.safetensors"
      let whole = try folder.bytes(of: shard)
      var bytes = whole
      bytes[bytes.count - 1] ^= 1
      try folder.write(bytes, as: shard)
      let cache = try Cache(path: folder.path("cache"))
      #expect(
        throws: SpecGANError.damaged(
          path: folder.path(shard),
          reason: "it does not match its checksum")
      ) { try cache.verify() }
      try folder.write(Array(whole.dropLast(4)), as: shard)
      #expect(throws: SpecGANError.self) { try Cache(path: folder.path("cache")) }
      try FileManager.default.removeItem(atPath: folder.path(shard))
    }
  }

  @Test func theRecordIsReadStrictly() throws {
    try withCache { folder in
      let text = String(decoding: try folder.bytes(of: "cache/cache.json"), as: UTF8.self)
      let path = folder.path("cache")
      func opening(_ old: String, _ new: String) throws -> SpecGANError? {
        #expect(text.contains(old))
        let changed = text.replacingOccurrences(of: old, with: new)
        try folder.write(Array(changed.utf8), as: "cache/cache.json")
        return #expect(throws: SpecGANError.self) { try Cache(path: path) }
      }
      #expect(
        try opening("\"schema_version\" : 3", "\"schema_version\" : 4")
          == .schemaVersion(path: path, found: 4, supported: 3))
      #expect(try opening("\"schema_version\" : 3", "\"version\" : 3") == .notCache(path: path))
      let file = "\(path)/cache.json"
      #expect(
        try opening("\"labels\"", "\"extra\" : 1, \"labels\"")
          == .damaged(path: file, reason: "it has an unknown key"))
      #expect(
        try opening("\"overlap\"", "\"overlop\"")
          == .damaged(path: file, reason: "a key is missing or has a value of the wrong type"))
      #expect(
        try opening("\"overlap\" : 0", "\"overlap\" : 0.5")
          == .damaged(path: file, reason: "its fingerprint does not match its contents"))
      // Keys that training does not depend on are not in the fingerprint.
      for (old, new) in [
        ("\"hidden\" : 0", "\"hidden\" : 1"),
        ("\"seconds_of_audio\" : 0", "\"seconds_of_audio\" : 1"),
        ("libsndfile-1", "libsndfile-2"), ("\"transform\" : \"", "\"transform\" : \"0"),
      ] {
        #expect(
          try opening(old, new)
            == .damaged(path: file, reason: "its checksum does not match its contents"))
      }
    }
  }

  @Test func partsThatAreMissingAreNamed() throws {
    try withCache { folder in
      for name in try folder.contents(of: "cache").keys where name != "cache.json" {
        let path = folder.path("cache/\(name)")
        let bytes = try folder.bytes(of: "cache/\(name)")
        try FileManager.default.removeItem(atPath: path)
        #expect(throws: SpecGANError.damaged(path: path, reason: "it is missing")) {
          try Cache(path: folder.path("cache")).verify()
        }
        try folder.write(bytes, as: "cache/\(name)")
      }
    }
  }

  @Test(arguments: [
    "audio.slice_length", "audio.channels", "audio.sample_rate", "audio.overlap",
    "spectrogram.frame_length", "spectrogram.frame_step", "spectrogram.log_floor",
    "spectrogram.clip_deviations",
  ])
  func hostileSettingsAreRefusedByName(key: String) throws {
    let isFraction = ["overlap", "log_floor", "clip_deviations"].contains { key.hasSuffix($0) }
    let names = key.split(separator: ".").map(String.init)
    try withCache { folder in
      for value in isFraction ? [-1, 101] : [-1, 0, 99_999_999_999, Int.max] {
        var record = try JSONRecord(of: folder)
        record.sections[names[0]]?[names[1]] = value
        try record.write(to: folder)
        let error = #expect(throws: SpecGANError.self) { try Cache(path: folder.path("cache")) }
        #expect(error?.code == "datasets.damaged")
        #expect(error?.path == folder.path("cache/cache.json"))
        #expect(error?.found?.hasPrefix("\(key) is \(value)") == true)
      }
    }
  }

  @Test func hostileCountsAreRefused() throws {
    try withCache { folder in
      let record = try JSONRecord(of: folder)
      for (key, value) in [("slices", Int.max), ("slices", 3), ("shards", -1), ("used", -4)] {
        var changed = record
        changed.sections["counts"]?[key] = value
        try changed.write(to: folder)
        let error = #expect(throws: SpecGANError.self, "\(key) \(value)") {
          try Cache(path: folder.path("cache"))
        }
        let reason = error?.description ?? ""
        #expect(reason.contains("counts contradict") || reason.contains("it lists"), "\(reason)")
      }
    }
  }

  @Test func whatIsNoCacheSaysSo() throws {
    try withTemporaryFolder { folder in
      #expect(throws: SpecGANError.notCache(path: folder.path)) { try Cache(path: folder.path) }
      #expect(throws: SpecGANError.notCache(path: folder.path("none"))) {
        try Cache(path: folder.path("none"))
      }
    }
  }

  @Test func namesOfSettingsAreTheConfigurations() throws {
    try withCache { folder in
      let data = Data(try folder.bytes(of: "cache/cache.json"))
      let record = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
      let audio = try #require(record["audio"] as? [String: Any])
      #expect(
        audio.keys.sorted() == [
          "channels", "first_slice_only", "normalize", "overlap", "pad_end", "sample_rate",
          "slice_length",
        ])
      let spectrogram = try #require(record["spectrogram"] as? [String: Any])
      #expect(
        spectrogram.keys.sorted() == [
          "clip_deviations", "frame_length", "frame_step", "log_floor", "window",
        ])
    }
  }

  /// By range, silence is −1; the settings of decoding do not change the cache's identity.
  @Test func rangesAndLargestMagnitudesAreKept() throws {
    try withTemporaryFolder { folder in
      var spectrogram = SpectrogramConfiguration(logFloor: 1e-2)
      spectrogram.normalization = .range
      try preprocess([drums + "/kick"], to: folder.path("a"), spectrogram: spectrogram)
      (spectrogram.subtractsFloor, spectrogram.headroom) = (true, 3)
      try preprocess([drums + "/kick"], to: folder.path("b"), spectrogram: spectrogram)
      let (plain, other) = try (Cache(path: folder.path("a")), Cache(path: folder.path("b")))
      #expect(plain.fingerprint == other.fingerprint && other.spectrogram == spectrogram)
      #expect(plain.moments == other.moments && plain.moments[0].peaks != nil)
      let spectrograms = try plain.spectrograms()
      let values = (0..<spectrograms.count).flatMap { spectrograms.values($0) }
      #expect(values.allSatisfy { abs($0) <= 1 })
      // The floor is ln 10⁻² in floats, over half a range of at least 0.5.
      #expect(values.contains { abs($0 + 1) < 2e-6 })
      #expect(values.max() ?? 0 < 1)
    }
  }

  /// Caches of version 0.2 have none.
  @Test func momentsWithoutLargestMagnitudesAreRead() throws {
    try withTemporaryFolder { folder in
      let moments = try Moments(mean: [0, 1], deviation: [1, 2])
      var contents = SafetensorsContents()
      contents.append([moments])
      try contents.write(to: folder.path("old.safetensors"))
      #expect(
        try SafetensorsFile(path: folder.path("old.safetensors")).moments(binCount: 2) == [moments])
      contents.append("peak", shape: [2], [3, 4] as [Float])
      try contents.write(to: folder.path("half.safetensors"))
      #expect(throws: SpecGANError.self) {
        try SafetensorsFile(path: folder.path("half.safetensors")).moments(binCount: 2)
      }
    }
  }
}
