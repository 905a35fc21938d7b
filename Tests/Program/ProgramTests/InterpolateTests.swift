import Foundation
import Safetensors
import SpecGANModels
import SpecGANTestSupport
import Testing

/// Interpolation through the program.
@Suite(.serialized, .training) struct InterpolateTests {
  /// The ends equal the clips of `generate`, and the stored latents generate everything again, with
  /// every inversion method, also from random phases.
  @Test(arguments: ModelKind.allCases) func theSoundsCanBeMadeAgain(_ kind: ModelKind) throws {
    try withWorkshop { shop in
      try train(shop, kind)
      for options in [[], ["--method", "griffin-lim", "--iterations", "2"]] {
        for path in ["linear", "spherical"] {
          try expectAWay(shop, kind, path, options)
          for name in ["all", "way", "again"] { try shop.remove(name) }
        }
      }
    }
  }

  private func expectAWay(
    _ shop: Workshop, _ kind: ModelKind, _ path: String, _ options: [String]
  ) throws {
    func made(_ arguments: String...) throws {
      let result = try shop.run(arguments + options)
      #expect(result.status == 0, "\(result.messages)")
    }
    try made("generate", "run", "--output", "all", "--count", "5", "--seed", "7")
    try made(
      "interpolate", "run", "--output", "way", "--from", "4", "--to", "1", "--count", "6",
      "--seed", "7", "--interpolation", path, "--threads", "1")
    try made("generate", "run", "--output", "again", "--latents", "way/latents.safetensors")
    let (all, way) = (try shop.contents(of: "all"), try shop.contents(of: "way"))
    let names = (0..<6).map { "0000\($0).wav" }
    #expect(
      way.keys.sorted() == names + ["interpolation.wav", "latents.safetensors", "manifest.jsonl"])
    #expect(way["00000.wav"] == all["00004.wav"] && way["00005.wav"] == all["00001.wav"])
    // An untrained SpecGAN is nearly silent, and 16 bits represent it coarsely.
    #expect(Set(names.map { way[$0] }).count >= (kind == .specgan ? 3 : 6))
    let again = try shop.contents(of: "again").filter { $0.key != "manifest.jsonl" }
    #expect(again == way.filter { !["interpolation.wav", "manifest.jsonl"].contains($0.key) })
    try expectJoined(shop, names, kind)
    let latents = try SafetensorsFile(path: shop.folder.path("way/latents.safetensors"))
    #expect(latents.metadata["seed"] == "7")
    #expect(try latents.integers("numbers", shape: [6]) == [4, 4, 4, 1, 1, 1])
    let z = try latents.floats("z", shape: [6, 100])
    if path == "linear" {
      for index in 0..<100 {
        let expected = (0..<6).map { z[index] + Float($0) / 5 * (z[500 + index] - z[index]) }
        // One rounding in the file, and three in this sum.
        expectWithin(4 * 0x1p-24, (0..<6).map { z[100 * $0 + index] }, expected)
      }
    } else {
      #expect(norm(z[200..<300]) > 0.95 * min(norm(z[0..<100]), norm(z[500..<600])))
    }
  }

  /// All clips with silence between them, and none after the last: 8192 samples for SpecGAN, half a
  /// second for WaveGAN.
  private func expectJoined(_ shop: Workshop, _ names: [String], _ kind: ModelKind) throws {
    let clips = try names.map { try WAVFile(shop.folder.bytes(of: "way/\($0)")).samples }
    let silence = [Float](repeating: 0, count: kind == .specgan ? 8_192 : 8_000)
    let joined = try WAVFile(shop.folder.bytes(of: "way/interpolation.wav"))
    #expect(joined.samples == Array(clips.joined(separator: silence)))
    #expect(joined.rate == 16_000 && joined.channels == 1 && joined.bits == 16)
  }

  private func norm(_ values: ArraySlice<Float>) -> Double {
    inner(Array(values), Array(values)).squareRoot()
  }

  /// Rows of a file keep their numbers and the file's seed.
  @Test func latentsOfAFileAreTaken() throws {
    try withWorkshop { shop in
      try train(shop, .specgan)
      let random = ["--method", "fast-griffin-lim", "--iterations", "1"]
      func made(_ arguments: String...) throws {
        let result = try shop.run(arguments + random)
        #expect(result.status == 0, "\(result.messages)")
      }
      try made(
        "generate", "run", "--output", "best", "--count", "9", "--seed", "3", "--keep", "4",
        "--keep-by", "critic")
      try made(
        "interpolate", "run", "--output", "way", "--latents", "best/latents.safetensors", "--from",
        "3", "--to", "0", "--count", "3", "--pictures", "--format", "float")
      try made(
        "generate", "run", "--output", "again", "--latents", "best/latents.safetensors",
        "--format", "float")
      let (again, way) = (try shop.contents(of: "again"), try shop.contents(of: "way"))
      #expect(way["00000.wav"] == again["00003.wav"] && way["00002.wav"] == again["00000.wav"])
      #expect(way.keys.filter { $0.hasSuffix(".png") }.count == 4, "and one of all")
      let numbers = try SafetensorsFile(path: shop.folder.path("best/latents.safetensors"))
        .integers("numbers")
      #expect(
        try SafetensorsFile(path: shop.folder.path("way/latents.safetensors")).integers("numbers")
          == [numbers[3], numbers[3], numbers[0]])
    }
  }

  @Test func progressAndThreads() throws {
    try withWorkshop { shop in
      try train(shop, .wavegan)
      let result = try shop.made(
        "interpolate", "run", "--output", "one", "--count", "20", "--progress", "json",
        "--threads", "1")
      #expect(result.messages.contains("\"done\":20,\"task\":\"generating\",\"total\":20"))
      let quiet = try shop.made(
        "interpolate", "run", "--output", "three", "--count", "20", "--quiet", "--threads", "3")
      #expect(quiet.messages.isEmpty && quiet.output.isEmpty)
      #expect(try shop.contents(of: "one") == shop.contents(of: "three"))
    }
  }

  // MARK: - Bad input

  @Test func whatCannotBeIsNamed() throws {
    try withWorkshop { shop in
      try train(shop, .specgan)
      func refused(_ arguments: String...) throws -> ProgramResult {
        try shop.run(["interpolate", "run", "--output", "way"] + arguments)
      }
      for count in ["1", "0", "-3", "1001"] {
        try refused("--count=\(count)").expectError(64, "--count is \(count)")
      }
      for (option, value) in [("--from", "-1"), ("--to", "1000000")] {
        try refused("\(option)=\(value)").expectError(64, "\(option) is \(value)")
      }
      try refused("--interpolation", "cubic").expectError(64, "'linear'", "'spherical'")
      try refused("--latents", "no.safetensors").expectError(66, "no.safetensors does not exist")
      try refused("--latents", "tiny.yaml").expectError(65, "tiny.yaml")
      for (count, row, words) in [(1, "1", "only clip 0"), (3, "3", "clips 0 to 2")] {
        try write([count, 100], shop)
        try refused("--latents", "t.safetensors", "--to", row)
          .expectError(64, "--to is \(row), but t.safetensors has \(words)")
      }
      for shape in [[2, 99], [200]] {
        try write(shape, shop)
        try refused("--latents", "t.safetensors").expectError(65, "t.safetensors", "\(shape)")
      }
      try write([2, 100], shop, .nan)
      try refused("--latents", "t.safetensors").expectError(65, "t.safetensors: tensor 'z' has")
      try refused("--method", "pghi", "--iterations", "3").expectError(64, "--iterations is 3")
      #expect(try !shop.names(in: "").contains("way"))
    }
  }

  @Test func latentsAreNotWrittenOver() throws {
    try withWorkshop { shop in
      try train(shop, .wavegan)
      try shop.made("generate", "run", "--output", "new", "--count", "3")
      let before = try shop.contents(of: "new")
      try shop.run(
        ["interpolate", "run", "--output", "new", "--latents", "cache/../new/latents.safetensors"]
          + ["--replace"]
      ).expectError(64, "new/latents.safetensors would be overwritten")
      #expect(try shop.contents(of: "new") == before)
    }
  }

  private func write(_ shape: [Int], _ shop: Workshop, _ value: Float = 0.5) throws {
    var contents = SafetensorsContents()
    contents.append("z", shape: shape, [Float](repeating: value, count: shape.reduce(1, *)))
    try contents.write(to: shop.folder.path("t.safetensors"))
  }

  private func train(_ shop: Workshop, _ kind: ModelKind) throws {
    try shop.made("train", "tiny.yaml", "--model", kind.rawValue, "--steps", "2")
  }
}
