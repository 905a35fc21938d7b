import Foundation
import Safetensors
import SpecGANTestSupport
import Spectra
import Testing

/// Law 6 for tensors from a user: latents, samples, magnitudes and spectrograms.
@Suite(.serialized) struct BadTensorsTests {
  @Test func latentsOfAnotherShapeAreRefused() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "1")
      for shape in [[2, 99], [100], [1, 1, 100], [0, 100]] {
        try write("z", shape, shop)
        try shop.run(["generate", "run", "--output", "new", "--latents", "t.safetensors"])
          .expectError(65, "t.safetensors", "\(shape)", "100]")
      }
      try write("latents", [1, 100], shop)
      try shop.run(["generate", "run", "--output", "new", "--latents", "t.safetensors"])
        .expectError(65, "t.safetensors", "\"z\"")
      for number in [Float.nan, .infinity] {
        try write("z", [1, 100], shop, number)
        try shop.run(["generate", "run", "--output", "new", "--latents", "t.safetensors"])
          .expectError(65, "t.safetensors: tensor 'z' has a value that is not finite")
      }
      try shop.run(["generate", "run", "--output", "new", "--latents", "no.safetensors"])
        .expectError(66, "no.safetensors")
      try shop.run(["generate", "run", "--output", "new", "--count", "2", "--keep", "3"])
        .expectError(64, "--keep is 3, but --count is 2")
      try shop.run(
        ["generate", "run", "--output", "new", "--latents", "t.safetensors", "--truncation", "0.5"]
      ).expectError(64, "--truncation cannot be combined with --latents")
      let wrong = [
        ("--count", "0"), ("--keep", "0"), ("--iterations", "-1"), ("--truncation", "0.0"),
        ("--truncation", "1.5"), ("--truncation", "nan"),
      ]
      for (option, value) in wrong {
        try shop.run(["generate", "run", "--output", "new", "\(option)=\(value)"])
          .expectError(64, "\(option) is \(value)")
      }
      #expect(try !shop.names(in: "").contains("new"))
    }
  }

  @Test func latentsOfAnotherGeneratorAreRefused() throws {
    try withWorkshop { shop in
      let styles = ["--set", "network.generator=style-based", "--run", "styles"]
      try shop.made("train", "tiny.yaml", "--steps", "1")
      _ = try shop.run(["train", "tiny.yaml", "--steps", "1"] + styles)
      try shop.made("generate", "styles", "--output", "half", "--truncation", "0.5")
      try shop.run(["generate", "run", "--output", "new", "--latents", "half/latents.safetensors"])
        .expectError(65, "half/latents.safetensors has truncated styles")
      for shape in [[2, 4, 100], [2, 100, 5], [2, 500], [0, 5, 100]] {
        try write("z", shape, shop)
        try shop.run(["generate", "styles", "--output", "new", "--latents", "t.safetensors"])
          .expectError(65, "t.safetensors", "[n, 100] or [n, 5, 100]")
      }
      for value in [Float.nan, -0.5, 1.5] {
        var contents = SafetensorsContents()
        contents.append("z", shape: [1, 100], [Float](repeating: 0.5, count: 100))
        contents.append("truncations", shape: [1], [value])
        try contents.write(to: shop.folder.path("t.safetensors"))
        try shop.run(["generate", "styles", "--output", "new", "--latents", "t.safetensors"])
          .expectError(65, "the tensor truncations has a value outside 0 to 1")
      }
      // A file that is read is not overwritten.
      try shop.made("generate", "styles", "--output", "one", "--count", "1")
      let bytes = try shop.folder.bytes(of: "one/latents.safetensors")
      for option in ["--latents", "--mix-latents"] {
        let result = try shop.run(
          ["generate", "styles", "--output", "one", "--replace", option, "one/latents.safetensors"]
            + ["--layers", "1"] + (option == "--latents" ? ["--mix-seed", "2"] : ["--count", "1"]))
        #expect(result.status == 64 && result.messages.contains("one/latents.safetensors"))
        #expect(try shop.folder.bytes(of: "one/latents.safetensors") == bytes)
      }
    }
  }

  /// A checkpoint with the name of the latents to be written.
  @Test func aCheckpointIsNotWrittenOver() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "1")
      let bytes = try shop.folder.bytes(of: "run/checkpoints/step-00000001.safetensors")
      try FileManager.default.createDirectory(
        atPath: shop.folder.path("new"), withIntermediateDirectories: true)
      try shop.folder.write(bytes, as: "new/latents.safetensors")
      try shop.write("", as: "new/manifest.jsonl")
      let result = try shop.run([
        "generate", "new/latents.safetensors", "--output", "new", "--replace",
      ])
      #expect(result.status == 64 && result.messages.contains("new/latents.safetensors"))
      #expect(try shop.folder.bytes(of: "new/latents.safetensors") == bytes)
    }
  }

  @Test func latentsOfAnySizeAreTaken() throws {
    try withWorkshop { shop in
      for model in ["specgan", "wavegan"] {
        try shop.made("train", "tiny.yaml", "--model", model, "--run", model, "--steps", "1")
        for number in [1e30, -Float.greatestFiniteMagnitude, 0] {
          try write("z", [2, 100], shop, number)
          let result = try shop.run(
            ["generate", model, "--output", "new", "--latents", "t.safetensors"]
              + ["--iterations", "2", "--replace"])
          // Sums of the largest numbers may overflow; then the sample is reported.
          #expect(result.status == 0 || (number < 0 && result.status == 65), "\(result.messages)")
          #expect(!result.isKilled)
        }
      }
    }
  }

  @Test func samplesThatAreNoneAreRefused() throws {
    try withWorkshop { shop in
      try shop.made("train", "tiny.yaml", "--steps", "1")
      func score() throws -> ProgramResult {
        try shop.run(
          ["score", "run", "t.safetensors", "--output", "s.safetensors", "--json", "--replace"])
      }
      try write("samples", [2, 1, 16_384, 1], shop)
      try score().expectError(65, "t.safetensors", "[2, 1, 16384, 1]", "[128, 128, 1]")
      try write("samples", [2, 128, 128, 1], shop, .nan)
      try score().expectError(65, "t.safetensors: tensor 'samples' has")
      try write("other", [2, 128, 128, 1], shop)
      try score().expectError(65, "t.safetensors", "samples")
      #expect(try !shop.names(in: "").contains("s.safetensors"))
      // The largest finite values: the critic's value is not finite, which is null in JSON.
      try write("samples", [1, 128, 128, 1], shop, .greatestFiniteMagnitude)
      #expect(
        try shop.json("score", "run", "t.safetensors", "--output", "s.safetensors").count == 5)
    }
  }

  @Test func magnitudesThatAreNoneAreRefused() throws {
    try withWorkshop { shop in
      for (shape, value, words) in [
        ([4, 129], Float.nan, "frame 0, bin 0 is nan"), ([4, 129], -1, "frame 0, bin 0 is -1"),
        ([4, 129], .infinity, "is inf"), ([4, 128], 1, "[4, 128]"), ([516], 1, "[516]"),
        ([1, 4, 129], 1, "[1, 4, 129]"), ([0, 129], 1, "[0, 129]"),
      ] {
        try write("magnitude", shape, shop, value)
        try shop.run(["invert", "t.safetensors", "--output", "back"])
          .expectError(65, "t.safetensors", words)
      }
      try write("other", [1], shop)
      try shop.run(["invert", "t.safetensors", "--output", "back"])
        .expectError(65, "t.safetensors", "'magnitude', 'spectrograms' or 'samples'")
    }
  }

  @Test func spectrogramsWithoutMomentsAreRefused() throws {
    try withWorkshop { shop in
      try write("spectrograms", [2, 128, 128], shop)
      try shop.run(["invert", "t.safetensors", "--output", "back"])
        .expectError(65, "t.safetensors", "'mean' and 'deviation'", "--moments")
      try shop.run(
        ["invert", "t.safetensors", "--output", "back", "--moments", "no.safetensors"]
      ).expectError(66, "no.safetensors")
      try shop.run(
        ["invert", "t.safetensors", "--output", "back", "--moments", "t.safetensors"]
      ).expectError(65, "t.safetensors")
      for (mean, deviation, bins) in [(Float.nan, Float(1), 129), (0, -1, 129), (0, 1, 128)] {
        var contents = SafetensorsContents()
        contents.append("mean", shape: [bins], [Float](repeating: mean, count: bins))
        contents.append("deviation", shape: [129], [Float](repeating: deviation, count: 129))
        try contents.write(to: shop.folder.path("m.safetensors"))
        try shop.run(
          ["invert", "t.safetensors", "--output", "back", "--moments", "m.safetensors"]
        ).expectError(65, "m.safetensors")
      }
      for shape in [[128, 128], [2, 128, 129]] {
        try write("spectrograms", shape, shop)
        try shop.run(["invert", "t.safetensors", "--output", "back"])
          .expectError(65, "t.safetensors", "\(shape)")
      }
    }
  }

  @Test func anUnknownMethodIsAnsweredWithThoseThereAre() throws {
    try withWorkshop { shop in
      let clip = "sounds/one/flite_slt.wav"
      let refused = try shop.run(["invert", clip, "--output", "back", "--method", "worst"])
      #expect(refused.status == 64 && refused.messages.contains("'worst' is invalid"))
      for method in InversionMethod.allCases {  // the parser writes a long list line by line
        #expect(refused.messages.contains("\n  - \(method.rawValue)\n"))
      }
      try shop.run(["invert", clip, "--output", "back", "--method", "pghi", "--iterations", "3"])
        .expectError(64, "--iterations is 3", "--method fast")
      try shop.write("inversion: {method: pghi, iterations: 3}", as: "pghi.yaml")
      try shop.run(["invert", clip, "--output", "back", "--config", "pghi.yaml"])
        .expectError(65, "pghi.yaml, line 1: inversion.iterations is '3'", "pghi")
      // The method is from the configuration, the count from the command line.
      try shop.write("inversion: {method: pghi}", as: "own.yaml")
      try shop.run([
        "invert", clip, "--output", "back", "--config", "own.yaml", "--iterations", "3",
      ])
      .expectError(64, "--iterations is 3", "--method fast")
      #expect(try !shop.folder.names().contains("back"))
      try shop.made("invert", clip, "--output", "back", "--config", "own.yaml", "--iterations", "0")
      try shop.run(["invert", clip, "--output", "back", "--format", "mp3"])
        .expectError(64, "'mp3'", "'pcm16'", "'float'")
      try shop.run(["invert", "no.wav", "--output", "other"]).expectError(
        66, "no.wav does not exist")
      try shop.run(["invert", "tiny.yaml", "--output", "other"]).expectError(65, "tiny.yaml")
      try shop.run(["invert", "--output", "back"]).expectError(64)
      try shop.run(["benchmark", "--dimension", "0"]).expectError(64, "--dimension is 0")
      try shop.run(["benchmark", "--simulate-threads", "16", "0"])
        .expectError(64, "--simulate-threads is 0")
      try shop.run(["benchmark", "--simulate-threads", "1025"])
        .expectError(64, "--simulate-threads is 1025")
      try shop.run(["benchmark", "--sounds", "tiny.yaml"]).expectError(65, "tiny.yaml")
      try shop.run(["nonsense"]).expectError(64, "nonsense")
    }
  }

  /// Writes a file `t.safetensors` with one tensor, every element the same.
  private func write(
    _ name: String, _ shape: [Int], _ shop: Workshop, _ value: Float = 0.5
  ) throws {
    var contents = SafetensorsContents()
    contents.append(
      name, shape: shape, [Float](repeating: value, count: shape.reduce(1, *)))
    try contents.write(to: shop.folder.path("t.safetensors"))
  }
}
