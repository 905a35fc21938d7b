import Foundation
import Safetensors
import SpecGANTestSupport
import Testing

/// `directions`, `--turn`, `vary` and `like` through the program.
@Suite(.serialized, .training) struct ExplorationTests {
  private func train(_ shop: Workshop) throws {
    try shop.made(
      "train", "tiny.yaml", "--cache", "cache", "--run", "run", "--steps", "3", "--model",
      "wavegan")
  }

  @Test func aTurnMovesAllLatentsAndIsStored() throws {
    try withWorkshop { shop in
      try train(shop)
      let found = try shop.json("directions", "run", "--count", "512")
      let directions = try #require(found["directions"] as? [[String: Any]])
      let name = try #require(directions.first?["name"] as? String)
      try shop.made("generate", "run", "--output", "plain", "--count", "3")
      try shop.made(
        "generate", "run", "--output", "turned", "--count", "3", "--turn", "\(name)=+2")
      let stored = try SafetensorsFile(
        path: shop.folder.path("run/directions-step-00000003.safetensors"))
      let names = try #require(stored.metadata["names"]).split(separator: ",").map(String.init)
      #expect(names == directions.compactMap { $0["name"] as? String })
      let vector = try stored.floats("directions").prefix(100)
      let plain = try SafetensorsFile(path: shop.folder.path("plain/latents.safetensors"))
      let turned = try SafetensorsFile(path: shop.folder.path("turned/latents.safetensors"))
      let (before, after) = (try plain.floats("z"), try turned.floats("z"))
      let length = Float(2 * (1.0 / 3).squareRoot())
      for index in before.indices {
        #expect(abs(after[index] - before[index] - length * vector[index % 100]) < 1e-6)
      }
      // The stored latents need no turn.
      try shop.made(
        "generate", "run", "--output", "again", "--latents", "turned/latents.safetensors")
      let (first, second) = (try shop.contents(of: "turned"), try shop.contents(of: "again"))
      for name in ["00000.wav", "00001.wav", "00002.wav"] { #expect(first[name] == second[name]) }
      let wrong = try shop.run([
        "generate", "run", "--output", "wrong", "--turn", "warmth=1",
      ])
      #expect(wrong.status == 64 && wrong.messages.contains("has no direction warmth"))
      for bad in ["boom", "=2", "boom=1, boom=2", "boom=11"] {
        let result = try shop.run(["generate", "run", "--output", "wrong", "--turn", bad])
        #expect(result.status == 64 && result.messages.contains("--turn is \(bad);"))
      }
      let alone = try shop.run(["generate", "run", "--output", "wrong", "--keep-by", "critic"])
      #expect(alone.status == 64 && alone.messages.contains("--keep-by needs --keep"))
      #expect(!FileManager.default.fileExists(atPath: shop.folder.path("wrong")))
    }
  }

  @Test func relativesFollowTheirOriginal() throws {
    try withWorkshop { shop in
      try train(shop)
      try shop.made("generate", "run", "--output", "all", "--count", "5", "--seed", "7")
      let report = try shop.json(
        "vary", "run", "4", "1", "--output", "near", "--seed", "7", "--distances", "0,0.2",
        "--count", "1")
      #expect(report["numbers"] as? [Int] == [4, 4, 4, 1, 1, 1])
      #expect(report["distances"] as? [Double] == [0, 0, 0.2, 0, 0, 0.2])
      let (all, near) = (try shop.contents(of: "all"), try shop.contents(of: "near"))
      #expect(near["00000.wav"] == all["00004.wav"] && near["00001.wav"] == all["00004.wav"])
      #expect(near["00003.wav"] == all["00001.wav"])
      // Of a file of latents, rows are varied.
      try shop.made(
        "vary", "run", "2", "--latents", "near/latents.safetensors", "--output", "nearer",
        "--distances", "0.1", "--count", "1")
      #expect(try shop.contents(of: "nearer")["00000.wav"] == near["00002.wav"])
      let missing = try shop.run([
        "vary", "run", "6", "--latents", "near/latents.safetensors", "--output", "other",
      ])
      #expect(missing.status == 64 && missing.messages.contains("which has clips 0 to 5"))
      let far = try shop.run(["vary", "run", "0", "--output", "other", "--distances", "0.1,2"])
      #expect(far.status == 64 && far.messages.contains("--distances is 0.1,2"))
    }
  }

  @Test func aClipIsSearchedByItsFile() throws {
    try withWorkshop { shop in
      try train(shop)
      let report = try shop.json(
        "like", "run", "sounds/one/flite_slt.wav", "--output", "found", "--count", "2",
        "--steps", "6", "--candidates", "32")
      #expect(report["count"] as? Int == 2)
      let distances = try #require(report["log_spectral_distances_db"] as? [Double])
      #expect(distances.count == 2 && distances.allSatisfy { $0 > 0 && $0 < 100 })
      try shop.made(
        "generate", "run", "--output", "again", "--latents", "found/latents.safetensors")
      let (found, again) = (try shop.contents(of: "found"), try shop.contents(of: "again"))
      #expect(found["00000.wav"] == again["00000.wav"])
      let missing = try shop.run(["like", "run", "none.wav", "--output", "other"])
      #expect(missing.status == 66)
      let over = try shop.run(["like", "run", "sounds/one/flite_slt.wav", "--output", "found"])
      #expect(over.status == 73)
    }
  }
}
