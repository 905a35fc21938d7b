import Foundation
import Glibc
import SpecGANRandomness
import SpecGANTestSupport
import Testing

/// Law 5 for `preprocess` that is killed at moments drawn from a seed: a reader sees the old cache or the
/// new one, whole, and the next run finishes and leaves nothing else.
@Suite(.serialized) struct KillTests {
  private static let killCount = 25

  @Test func whateverTheMomentThereIsTheOldCacheOrTheNewOne() throws {
    try withWorkshop { shop in
      try makeMore(shop)
      let old = try shop.contents(of: "cache")
      let (new, duration) = try madeFresh(shop)
      var (oldCount, newCount) = (0, 0)
      for index in 0..<Self.killCount {
        try kill(shop, index, within: duration)
        let found = try shop.contents(of: "cache")
        #expect(found == old || found == new, "after kill \(index)")
        if found == old { oldCount += 1 } else { newCount += 1 }
        try shop.made("info", "cache")
        try expectFinished(shop, new)
        try shop.remove("cache")
        try restore(old, in: shop)
      }
      #expect(oldCount > 0, "no kill came before the end; \(newCount) after it")
    }
  }

  @Test func withoutAnOldCacheThereIsNoneOrTheNewOne() throws {
    try withWorkshop { shop in
      try makeMore(shop)
      try shop.remove("cache")
      let (new, duration) = try madeFresh(shop)
      var noneCount = 0
      for index in 0..<Self.killCount {
        try kill(shop, 100 + index, within: duration)
        if try shop.names(in: "").contains("cache") {
          #expect(try shop.contents(of: "cache") == new, "after kill \(index)")
        } else {
          noneCount += 1
          #expect(try shop.run(["info", "cache"]).status == 66)
        }
        try expectFinished(shop, new)
        try shop.remove("cache")
      }
      #expect(noneCount > 0, "no kill came before the end")
    }
  }

  /// Sounds beside the workshop's, each in a label of its own.
  private func makeMore(_ shop: Workshop) throws {
    for index in 0..<60 {
      let clip = ["one/flite_slt", "two/flite_kal16"][index % 2]
      try shop.copy("audio/digits/\(clip).wav", as: "sounds/more\(index)/\(clip).wav")
    }
  }

  private static let command = ["preprocess", "sounds", "--output", "cache"]

  /// What a run that nobody disturbs makes, elsewhere, and how long it takes in seconds.
  private func madeFresh(_ shop: Workshop) throws -> ([String: [UInt8]], Double) {
    let start = ContinuousClock.now
    try shop.made("preprocess", "sounds", "--output", "fresh")
    let duration = (ContinuousClock.now - start) / .seconds(1)
    let contents = try shop.contents(of: "fresh")
    try shop.remove("fresh")
    return (contents, duration)
  }

  private func kill(_ shop: Workshop, _ index: Int, within duration: Double) throws {
    let stream = RandomStream(seed: 5, purpose: .order)
    let program = try Program.start(Self.command, in: shop.folder)
    usleep(UInt32(1e6 * duration * Double(stream.uniform(at: UInt64(index)))))
    program.kill(SIGKILL)
    let result = program.wait()
    #expect(result.isKilled || result.status == 0, "\(result.messages)")
  }

  /// Runs to the end and expects `new` and no rests.
  private func expectFinished(_ shop: Workshop, _ new: [String: [UInt8]]) throws {
    let result = try shop.run(Self.command)
    #expect(result.status == 0, "\(result.messages)")
    #expect(try shop.contents(of: "cache") == new)
    #expect(try shop.names(in: "") == ["cache", "sounds", "tiny.yaml"])
  }

  private func restore(_ contents: [String: [UInt8]], in shop: Workshop) throws {
    try FileManager.default.createDirectory(
      atPath: shop.folder.path("cache"), withIntermediateDirectories: false)
    for (name, bytes) in contents { try shop.folder.write(bytes, as: "cache/\(name)") }
  }
}
