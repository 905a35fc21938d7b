import Datasets
import Files
import Foundation
import TestSupport
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
          #expect(throws: DatasetError.self, "\(name), byte \(place)") {
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
        throws: DatasetError.damaged(
          path: folder.path(shard),
          reason: "its bytes do not have the checksum they were written with")
      ) { try cache.verify() }
      try folder.write(Array(whole.dropLast(4)), as: shard)
      #expect(throws: DatasetError.self) { try Cache(path: folder.path("cache")) }
      try FileManager.default.removeItem(atPath: folder.path(shard))
      #expect(throws: DatasetError.file(.notFound(path: folder.path(shard)))) {
        try Cache(path: folder.path("cache"))
      }
    }
  }

  @Test func theRecordIsReadStrictly() throws {
    try withCache { folder in
      let text = String(decoding: try folder.bytes(of: "cache/cache.json"), as: UTF8.self)
      let path = folder.path("cache")
      func opening(_ old: String, _ new: String) throws -> DatasetError? {
        #expect(text.contains(old))
        let changed = text.replacingOccurrences(of: old, with: new)
        try folder.write(Array(changed.utf8), as: "cache/cache.json")
        return #expect(throws: DatasetError.self) { try Cache(path: path) }
      }
      #expect(
        try opening("\"schema_version\" : 1", "\"schema_version\" : 2")
          == .schemaVersion(path: path, found: 2, supported: 1))
      #expect(try opening("\"schema_version\" : 1", "\"version\" : 1") == .notCache(path: path))
      let file = "\(path)/cache.json"
      #expect(
        try opening("\"labels\"", "\"extra\" : 1, \"labels\"")
          == .damaged(path: file, reason: "it holds a key that this program does not know"))
      #expect(
        try opening("\"overlap\"", "\"overlop\"")
          == .damaged(path: file, reason: "a key is missing or has a value of the wrong kind"))
      #expect(
        try opening("\"overlap\" : 0", "\"overlap\" : 0.5")
          == .damaged(path: file, reason: "its fingerprint does not fit what it says"))
      for hostile in ["-1", "0", "99999999999", "9223372036854775807"] {
        for key in ["slice_length", "frame_length", "frame_step", "channels", "sample_rate"] {
          let error = try opening("\"\(key)\" : ", "\"\(key)\" : \(hostile), \"was\" : ")
          #expect(error != nil)
        }
      }
    }
  }

  @Test func hostileCountsAreRefused() throws {
    try withCache { folder in
      let data = Data(try folder.bytes(of: "cache/cache.json"))
      let record = try #require(
        JSONSerialization.jsonObject(with: data) as? [String: Any])
      for (key, value) in [("slices", Int.max), ("slices", 3), ("shards", -1), ("used", -4)] {
        var changed = record
        var counts = try #require(record["counts"] as? [String: Any])
        counts[key] = value
        changed["counts"] = counts
        let bytes = try JSONSerialization.data(withJSONObject: changed)
        try folder.write(Array(bytes), as: "cache/cache.json")
        #expect(throws: DatasetError.self, "\(key) \(value)") {
          try Cache(path: folder.path("cache"))
        }
      }
    }
  }

  @Test func whatIsNoCacheSaysSo() throws {
    try withTemporaryFolder { folder in
      #expect(throws: DatasetError.notCache(path: folder.path)) { try Cache(path: folder.path) }
      #expect(throws: DatasetError.notCache(path: folder.path("none"))) {
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
}
