import SpecGANTestSupport
import Testing

/// `train --from`: a run that begins with the weights of another one.
@Suite(.training) struct OtherWeightsTests {
  @Test func theirOriginIsRecorded() throws {
    try withWorkshop { shop in
      try shop.made("preprocess", "sounds/one", "--output", "other")
      try shop.made("train", "tiny.yaml", "--steps", "2")
      try shop.made(
        "train", "tiny.yaml", "--run", "next", "--cache", "other", "--from", "run", "--steps", "1")
      let info = try shop.json("info", "next")
      #expect(info["checkpoints"] as? [Int] == [0, 1])
      let last = try #require(info["last"] as? [String: Any])
      let origin = try #require(last["from"] as? String)
      let fingerprint = try #require(shop.json("info", "cache")["fingerprint"] as? String)
      let place = "run/checkpoints/step-00000002.safetensors, step 2"
      #expect(origin == "\(place), trained on the cache \(fingerprint)")
      #expect(try shop.made("info", "next").output.contains("initial weights: \(place)"))
    }
  }

  @Test func whatDoesNotFitIsRefused() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "1")
      let before = try shop.contents(of: "run")
      for (options, status, words) in [
        (["--set", "network.dimension=3"], CInt(65), "network.dimension was 4 and is now 3"),
        (["--model", "wavegan"], 65, "model was specgan and is now wavegan"),
        (["--run", "run"], 73, "run already contains a run"),
        (["--run", "run", "--resume"], 64, "run has begun already"),
        (["--from", "no"], 66, "no does not exist"),
      ] {
        try shop.run(
          ["train", "tiny.yaml", "--run", "next", "--from", "run", "--steps", "1"] + options
        ).expectError(status, words)
      }
      #expect(try !shop.names(in: "").contains("next"))
      #expect(try shop.contents(of: "run") == before)
    }
  }
}
