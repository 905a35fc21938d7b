import SpecGANTestSupport
import Testing

/// Styles of single layers, through the program.
@Suite(.serialized, .training) struct StyleOptionsTests {
  @Test func layersHaveOtherStyles() throws {
    try withWorkshop { shop in
      try train(shop, styleBased: true)
      func clips(_ name: String, _ arguments: String...) throws -> [String: [UInt8]] {
        let command = [arguments[0], "run", "--output", name] + arguments.dropFirst()
        let result = try shop.run(command + ["--format", "float"])
        #expect(result.status == 0, "\(command): \(result.messages)")
        return try shop.contents(of: name)
      }
      let first = try clips("first", "generate", "--count", "2", "--seed", "1")
      let mixed = try clips(
        "mixed", "generate", "--count", "2", "--seed", "1", "--mix-seed", "2", "--layers", "3-4")
      #expect(Set(first.keys) == Set(mixed.keys))
      for name in ["00000-one.wav", "00001-three.wav"] { #expect(first[name] != mixed[name]) }
      let again = try clips("again", "generate", "--latents", "mixed/latents.safetensors")
      #expect(again == mixed)
      // The same styles from a file, whose other layers are not used.
      let other = try clips("other", "generate", "--count", "2", "--seed", "2")
      let fromFile = try clips(
        "file", "generate", "--count", "2", "--seed", "1", "--mix-latents",
        "other/latents.safetensors", "--layers", "3-4")
      #expect(fromFile == mixed && other != mixed)
      let path = try clips(
        "path", "interpolate", "--from", "0", "--to", "1", "--count", "3", "--seed", "1",
        "--layers", "0-2")
      #expect(path["00000-one.wav"] != nil && path["00002-one.wav"] != nil)
      #expect(path["00000-one.wav"] != path["00002-one.wav"])
      let truncated = try clips(
        "truncated", "generate", "--count", "2", "--seed", "1", "--truncation", "0.5")
      #expect(truncated["00000-one.wav"] != first["00000-one.wav"])
      #expect(
        try clips("repeated", "generate", "--latents", "truncated/latents.safetensors")
          == truncated)
    }
  }

  @Test func wrongLayersAreRefused() throws {
    try withWorkshop { shop in
      try train(shop, styleBased: true)
      _ = try shop.made("generate", "run", "--output", "three", "--count", "3")
      for (arguments, status, words) in [
        (["--mix-seed", "1"], 64, "need --layers"),
        (["--layers", "1"], 64, "needs --mix-seed or --mix-latents"),
        (["--mix-seed", "1", "--layers", "2-1"], 64, "'2-1' is invalid"),
        (["--mix-seed", "1", "--layers", "3-5"], 64, "outside the layers 0 to 4"),
        (
          ["--mix-latents", "three/latents.safetensors", "--layers", "1", "--count", "2"], 64,
          "has 3 clips, but the command generates 2 clips"
        ),
        (["--mix-latents", "missing", "--layers", "1"], 66, "missing"),
      ] {
        let result = try shop.run(["generate", "run", "--output", "refused"] + arguments)
        #expect(result.status == status && result.messages.contains(words), "\(result.messages)")
      }
      #expect(try shop.names(in: ".").contains("refused") == false)
    }
  }

  @Test func otherGeneratorsHaveNoStyles() throws {
    try withWorkshop { shop in
      try train(shop, styleBased: false)
      for command in [["generate", "--mix-seed", "1"], ["interpolate"]] {
        let result = try shop.run(
          [command[0], "run", "--output", "refused", "--layers", "0"] + command.dropFirst())
        #expect(result.status == 64 && result.messages.contains("needs a style-based generator"))
      }
    }
  }

  private func train(_ shop: Workshop, styleBased: Bool) throws {
    try shop.write(
      """
      network: {dimension: 1, latent: 7, generator: \(styleBased ? "style-based" : "dcgan"),
        conditional: \(styleBased)}
      training: {batch_size: 2, critic_updates: 1}
      inversion: {method: fast}
      monitoring: {preview_count: 0, tensorboard: false, report: false}

      """, as: "styles.yaml")
    _ = try shop.made("train", "styles.yaml", "--steps", "1")
  }
}
