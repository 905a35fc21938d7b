import Foundation
import Glibc
import SpecGANTestSupport
import Testing

/// Law 5 for `preprocess` that is killed at random moments: a reader sees the complete old cache or
/// the complete new one, and the next run finishes and removes all temporary files.
@Suite(.serialized, .slow) struct KillTests {
  private static let overAnOldCache = KillMoments(of: "KillTests", seed: 5, 0..<25)
  private static let withoutACache = KillMoments(of: "KillTests", seed: 5, 100..<125)

  @Test func whateverTheMomentThereIsTheOldCacheOrTheNewOne() throws {
    try withWorkshop { shop in
      try makeMore(shop)
      let old = try shop.contents(of: "cache")
      let (new, duration) = try madeFresh(shop)
      var (oldCount, newCount) = (0, 0)
      for index in Self.overAnOldCache.indices {
        let replay = try kill(shop, Self.overAnOldCache, index, within: duration)
        let found = try shop.contents(of: "cache")
        #expect(found == old || found == new, "\(replay)")
        if found == old { oldCount += 1 } else { newCount += 1 }
        try shop.made("info", "cache")
        try expectFinished(shop, new, replay)
        try shop.remove("cache")
        try restore(old, in: shop)
      }
      #expect(
        oldCount > 0 || Self.overAnOldCache.isReplay,
        "no kill came before the end; \(newCount) after it")
    }
  }

  @Test func withoutAnOldCacheThereIsNoneOrTheNewOne() throws {
    try withWorkshop { shop in
      try makeMore(shop)
      try shop.remove("cache")
      let (new, duration) = try madeFresh(shop)
      var noneCount = 0
      for index in Self.withoutACache.indices {
        let replay = try kill(shop, Self.withoutACache, index, within: duration)
        if try shop.names(in: "").contains("cache") {
          #expect(try shop.contents(of: "cache") == new, "\(replay)")
        } else {
          noneCount += 1
          #expect(try shop.run(["info", "cache"]).status == 66, "\(replay)")
        }
        try expectFinished(shop, new, replay)
        try shop.remove("cache")
      }
      #expect(noneCount > 0 || Self.withoutACache.isReplay, "no kill came before the end")
    }
  }

  /// More audio files, each with a label of its own.
  private func makeMore(_ shop: Workshop) throws {
    for index in 0..<60 {
      let clip = ["one/flite_slt", "two/flite_kal16"][index % 2]
      try shop.copy("audio/digits/\(clip).wav", as: "sounds/more\(index)/\(clip).wav")
    }
  }

  private static let command = ["preprocess", "sounds", "--output", "cache"]

  /// Returns the cache of an undisturbed run in another folder, and its duration in s.
  private func madeFresh(_ shop: Workshop) throws -> ([String: [UInt8]], Double) {
    let start = ContinuousClock.now
    try shop.made("preprocess", "sounds", "--output", "fresh")
    let duration = (ContinuousClock.now - start) / .seconds(1)
    let contents = try shop.contents(of: "fresh")
    try shop.remove("fresh")
    return (contents, duration)
  }

  /// Kills a run at moment `index` and returns the setting that replays it.
  private func kill(
    _ shop: Workshop, _ moments: KillMoments, _ index: Int, within duration: Double
  ) throws -> String {
    let program = try Program.start(Self.command, in: shop.folder)
    let replay = moments.wait(for: index, within: duration)
    program.kill(SIGKILL)
    let result = program.wait()
    #expect(result.isKilled || result.status == 0, "\(replay): \(result.messages)")
    return replay
  }

  /// Runs to the end and expects `new` and no temporary files.
  private func expectFinished(
    _ shop: Workshop, _ new: [String: [UInt8]], _ replay: String
  ) throws {
    let result = try shop.run(Self.command)
    #expect(result.status == 0, "\(replay): \(result.messages)")
    #expect(try shop.contents(of: "cache") == new, "\(replay)")
    #expect(try shop.names(in: "") == ["cache", "sounds", "tiny.yaml"], "\(replay)")
  }

  private func restore(_ contents: [String: [UInt8]], in shop: Workshop) throws {
    try FileManager.default.createDirectory(
      atPath: shop.folder.path("cache"), withIntermediateDirectories: false)
    for (name, bytes) in contents { try shop.folder.write(bytes, as: "cache/\(name)") }
  }
}
