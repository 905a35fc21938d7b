import SpecGANModels
import SpecGANTestSupport
import Testing

/// Law 1 for the program: the same bits on any number of threads.
@Suite(.serialized, .training) struct ThreadsTests {
  @Test(arguments: ModelKind.allCases) func threadsChangeNoBit(_ kind: ModelKind) throws {
    var results: [[String: [UInt8]]] = []
    for threads in ["1", "2", "3"] {
      results.append(
        try withWorkshop { shop in
          try shop.remove("cache")
          let many = ["--threads", threads]
          let commands = [
            ["preprocess", "sounds", "--output", "cache"],
            ["train", "tiny.yaml", "--model", kind.rawValue, "--steps", "2"],
            ["generate", "run", "--output", "new", "--count", "18", "--raw", "raw.safetensors"]
              + ["--iterations", "3", "--keep", "17", "--keep-by", "critic"],
            ["invert", "cache", "new/00000.wav", "--output", "back", "--iterations", "3"],
            ["score", "run", "new/00000.wav", "raw.safetensors", "--output", "scores.safetensors"],
          ]
          for command in commands {
            let result = try shop.run(command + many)
            #expect(result.status == 0, "\(result.messages)")
          }
          try shop.remove("run/log.jsonl")
          return try shop.contents(of: "")
        })
    }
    for result in results.dropFirst() {
      #expect(Set(result.keys) == Set(results[0].keys))
      for (name, bytes) in result { #expect(bytes == results[0][name], "\(name)") }
    }
    #expect(results[0].keys.count { $0.hasPrefix("new/") } == 19)
    #expect(results[0].keys.contains("back/cache-00000.wav"))
  }
}
